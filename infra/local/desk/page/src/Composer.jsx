import { useId, useState } from "react";

/** Where messages and slash commands are typed; known commands are proposed. */
export function Composer({ snapshot, act, placeholder, onSaid, thread = null }) {
  const { commands, channel } = snapshot;
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const proposals =
    !thread && text.startsWith("/") && !text.includes(" ")
      ? commands.filter(({ command }) => command.startsWith(text) && command !== text)
      : [];

  const send = async () => {
    const entered = text.trim();
    if (!entered) return;
    setText("");
    onSaid();
    const answer = await act({ kind: "say", channel, thread_ts: thread, text: entered });
    if (answer.error) setText((typed) => typed || entered);
  };
  const take = ({ command }) => {
    setText(`${command} `);
    setChosen(0);
  };
  const onKeyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && proposals.length) {
      event.preventDefault();
      setChosen((chosen + step + proposals.length) % proposals.length);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (proposals.length) take(proposals[chosen] ?? proposals[0]);
      else send();
    }
  };

  return (
    <div className="composer">
      {proposals.length > 0 && (
        <ul className="proposals" id={id} role="listbox" aria-label="Commands">
          {proposals.map((proposal, index) => (
            <li
              key={proposal.command}
              role="option"
              aria-selected={index === chosen}
              onMouseDown={(event) => {
                event.preventDefault(); // the text keeps the focus
                take(proposal);
              }}
            >
              <strong>{proposal.command}</strong> {proposal.usage_hint}
              <small>{proposal.description}</small>
            </li>
          ))}
        </ul>
      )}
      <div className="composer-box">
        <textarea
          rows={1}
          value={text}
          aria-label={placeholder}
          aria-controls={proposals.length ? id : undefined}
          placeholder={placeholder}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <button type="button" aria-label="Send" disabled={!text.trim()} onClick={send}>
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <path d="M2 2.5 18.500 10 2 17.5 4 11l8-1-8-1z" />
          </svg>
        </button>
      </div>
    </div>
  );
}
