import { Avatar } from "./Avatar.jsx";
import { Blocks } from "./Blocks.jsx";
import { Files } from "./Files.jsx";
import { Menu } from "./Menu.jsx";
import { clockTime, fullTime } from "./dates.js";
import { whatHappened } from "./deeds.js";
import { useEntered } from "./entered.js";
import { Surface } from "./surface.js";

/** One message: who, when, what, what a person can do with it. */
export function Message({ message, snapshot, act, openThread, isOpened }) {
  const { channel, shortcuts } = snapshot;
  const { ts, author, text, blocks, is_whisper: isWhisper } = message;
  const where = { channel, ts };
  const { stateOf, change } = useEntered();
  const surface = {
    stateOf,
    change,
    act: (block, element, state) =>
      act({ kind: "click_message", ...where, ...whatHappened(block, element, state) }),
  };
  const items = [
    ...(openThread ? [{ label: "Reply in thread", onChoose: () => openThread(ts) }] : []),
    ...shortcuts.map(({ name, callback_id }) => ({
      label: name,
      onChoose: () => act({ kind: "shortcut", callback_id, ...where }),
    })),
  ];
  return (
    <article
      className={`message ${isWhisper ? "is-whisper" : ""} ${isOpened ? "is-opened" : ""}`}
      aria-label={`${author.name}, ${clockTime(ts)}`}
    >
      {isWhisper && <p className="whisper-note">Only visible to you</p>}
      <Avatar name={author.name} isApp={author.is_app} />
      <div className="message-body">
        <p className="byline">
          <strong>{author.name}</strong>
          {author.is_app && <span className="app-badge">APP</span>}
          <time title={fullTime(ts)}>{clockTime(ts)}</time>
        </p>
        <Surface.Provider value={surface}>
          <Blocks blocks={blocks.length ? blocks : [textBlock(text)]} />
        </Surface.Provider>
        <Files files={message.files} />
        {message.is_edited && <span className="edited">(edited)</span>}
        {openThread && message.reply_count > 0 && (
          <button type="button" className="replies" onClick={() => openThread(ts)}>
            {message.reply_count} {message.reply_count === 1 ? "reply" : "replies"}
            <small>View thread</small>
          </button>
        )}
      </div>
      {!isWhisper && items.length > 0 && (
        <div className="message-actions">
          <Menu label="More message actions" className="message-menu" items={items} />
        </div>
      )}
    </article>
  );
}

const textBlock = (text) => ({ type: "section", text: { type: "mrkdwn", text: text || " " } });

