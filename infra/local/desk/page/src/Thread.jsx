import { useState } from "react";
import { Message } from "./Message.jsx";
import { MessageList } from "./MessageList.jsx";
import { Composer } from "./Composer.jsx";

/** The pane beside the channel with one message and its replies. */
export function Thread({ snapshot, ts, act, go }) {
  const { messages, threads } = snapshot;
  const root = messages.find((message) => message.ts === ts && !message.is_whisper);
  const [said, setSaid] = useState(0);
  const close = () => go({ thread: null });
  return (
    <aside className="thread" aria-label="Thread" onKeyDown={(event) => event.key === "Escape" && close()}>
      <header>
        <h2>Thread</h2>
        <button type="button" aria-label="Close thread" onClick={close}>
          ×
        </button>
      </header>
      {root ? (
        <>
          <MessageList messages={threads[ts] ?? []} snapshot={snapshot} act={act} said={said}>
            <div className="thread-root">
              <Message message={root} snapshot={snapshot} act={act} />
            </div>
          </MessageList>
          <Composer
            snapshot={snapshot}
            act={act}
            placeholder="Reply…"
            thread={ts}
            onSaid={() => setSaid(said + 1)}
          />
        </>
      ) : (
        <p className="empty">This message is gone.</p>
      )}
    </aside>
  );
}
