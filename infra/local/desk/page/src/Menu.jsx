import { useId, useRef } from "react";
import { PlainText } from "./Text.jsx";

/** A button with three dots that opens a list above everything else; keys and light dismiss included. */
export function Menu({ label, className, items }) {
  const id = useId();
  const popup = useRef(null);
  const button = useRef(null);
  const place = (event) => {
    if (event.newState !== "open") return;
    const { bottom, top, right } = button.current.getBoundingClientRect();
    const { offsetHeight: height, offsetWidth: width } = popup.current;
    const below = bottom + 4 + height < window.innerHeight;
    popup.current.style.top = `${below ? bottom + 4 : Math.max(8, top - 4 - height)}px`;
    popup.current.style.left = `${Math.max(8, Math.min(right - 28, window.innerWidth - width - 8))}px`;
    popup.current.querySelector("button")?.focus();
  };
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const entries = [...popup.current.querySelectorAll("button")];
    const next = entries.indexOf(document.activeElement) + step;
    entries[(next + entries.length) % entries.length].focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="menu"
        popoverTarget={id}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <circle cx="8" cy="3" r="1.4" />
          <circle cx="8" cy="8" r="1.4" />
          <circle cx="8" cy="13" r="1.4" />
        </svg>
      </button>
      <div
        ref={popup}
        id={id}
        popover="auto"
        className="menu"
        role="menu"
        aria-label={label}
        onToggle={place}
        onKeyDown={move}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            onClick={() => {
              popup.current.hidePopover();
              item.onChoose();
            }}
          >
            <PlainText text={item.label} />
            {item.note && <small>{item.note}</small>}
          </button>
        ))}
      </div>
    </>
  );
}
