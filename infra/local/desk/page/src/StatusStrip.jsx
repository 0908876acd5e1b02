/** What the desk itself has to say, and its own buttons: nothing of this is in Slack. */
export function StatusStrip({ snapshot, isConnected, act }) {
  const { banner, controls } = snapshot;
  if (isConnected && !banner && controls.length === 0) return null;
  return (
    <div className="status-strip" role="status" aria-label="Desk">
      <span>{isConnected ? banner : "Connection lost, trying again…"}</span>
      {controls.map(({ label, is_wanted: isWanted }, index) => (
        <button
          key={label}
          type="button"
          disabled={!isWanted}
          onClick={() => act({ kind: "control", index })}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
