/** The line above a channel or the app's tabs; on a phone it also opens the sidebar. */
export function ChannelHeader({ title, openMenu, children }) {
  return (
    <header className="channel-header">
      <button type="button" className="menu-opener" aria-label="Open the sidebar" onClick={openMenu}>
        ☰
      </button>
      <h2>{title}</h2>
      {children}
    </header>
  );
}
