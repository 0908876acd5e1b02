const COLOURS = ["#2b6cb0", "#b7791f", "#2f855a", "#9b2c2c", "#6b46c1", "#0e7490"];

/** A coloured square with a letter, or the app's eye. */
export function Avatar({ name, isApp, size = 36 }) {
  const look = { width: size, height: size };
  if (isApp) return <img className="avatar" src="/favicon.svg" alt="" style={look} />;
  const sum = [...name].reduce((total, letter) => total + letter.codePointAt(0), 0);
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{ ...look, background: COLOURS[sum % COLOURS.length], fontSize: size / 2 }}
    >
      {name.slice(0, 1).toUpperCase()}
    </span>
  );
}
