import { Avatar } from "./Avatar.jsx";

/** Workspace, channels, the app's Home, and whose eyes the desk looks with. */
export function Sidebar({ snapshot, address, go, showHome }) {
  const { workspace, people, me, channel, app } = snapshot;
  const isApp = address.page === "home" || channel === app.channel;
  return (
    <nav className="sidebar" aria-label={workspace.name}>
      <header>
        <h1>{workspace.name}</h1>
        <button
          type="button"
          className="sidebar-close"
          aria-label="Close the sidebar"
          onClick={() => go({ menu: null })}
        >
          ×
        </button>
      </header>
      <h2>Channels</h2>
      <ul>
        {workspace.channels.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              aria-current={!isApp && id === channel ? "page" : undefined}
              onClick={() => go({ channel: id, page: null, thread: null, menu: null })}
            >
              <span aria-hidden="true">#</span> {name}
            </button>
          </li>
        ))}
      </ul>
      <h2>Apps</h2>
      <ul>
        <li>
          <button type="button" aria-current={isApp ? "page" : undefined} onClick={showHome}>
            <Avatar name={app.name} isApp size={20} /> {app.name}
          </button>
        </li>
      </ul>
      <fieldset className="people">
        <legend>You are</legend>
        {people.map((person) => (
          <button
            key={person.id}
            type="button"
            aria-pressed={person.id === me}
            onClick={() => go({ user: person.id, thread: null, menu: null })}
          >
            <Avatar name={person.name} size={28} />
            <span>
              {person.name}
              <small>{person.role}</small>
            </span>
          </button>
        ))}
      </fieldset>
    </nav>
  );
}
