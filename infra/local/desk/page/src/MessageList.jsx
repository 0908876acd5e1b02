import { Fragment, useContext, useLayoutEffect, useRef } from "react";
import { Message } from "./Message.jsx";
import { dayOf } from "./dates.js";
import { Workspace } from "./surface.js";

const NEAR_END_PX = 160;

/**
 * Messages from old to new, a line between days; stays at the end unless the reader scrolled up, and
 * goes back there when the reader says something (`said` counts it) or is whispered to. What is given
 * as children stands above them and scrolls away with them.
 */
export function MessageList({ messages, snapshot, act, openThread, openedThread, said, children }) {
  const { now } = useContext(Workspace);
  const list = useRef(null);
  const follows = useRef(true);
  const whisper = messages.findLast((message) => message.is_whisper)?.ts;
  useLayoutEffect(() => {
    follows.current = true;
  }, [said, whisper]);
  useLayoutEffect(() => {
    if (follows.current) list.current.scrollTop = list.current.scrollHeight;
  }, [messages, said]);
  const watch = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
    follows.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  };
  return (
    <div className="message-list" ref={list} onScroll={watch}>
      {children}
      <div role="log" aria-label="Messages">
        {messages.length === 0 && !children && <p className="empty">No messages yet.</p>}
        {messages.map((message, index) => {
          const day = dayOf(message.ts, now);
          const isNewDay = index === 0 || dayOf(messages[index - 1].ts, now) !== day;
          return (
            <Fragment key={`${message.ts}${message.is_whisper}`}>
              {isNewDay && (
                <div className="day">
                  <span>{day}</span>
                </div>
              )}
              <Message
                message={message}
                snapshot={snapshot}
                act={act}
                openThread={openThread}
                isOpened={message.ts === openedThread}
              />
            </Fragment>
          );
        })}
      </div>
    </div>
  );
}
