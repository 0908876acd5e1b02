/** Home and, once there is one, the conversation with the app. */
export function AppTabs({ app, current, go, showHome }) {
  const showMessages = () => go({ channel: app.channel, page: null, thread: null });
  return (
    <div className="app-tabs">
      <button type="button" aria-current={current === "home" ? "page" : undefined} onClick={showHome}>
        Home
      </button>
      {app.channel && (
        <button
          type="button"
          aria-current={current === "messages" ? "page" : undefined}
          onClick={showMessages}
        >
          Messages
        </button>
      )}
    </div>
  );
}
