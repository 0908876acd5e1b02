import { useEffect } from "react";

const SHOWN_MS = 8000;

/** One sentence about something that did not work. */
export function Toast({ toast, dismiss }) {
  useEffect(() => {
    if (!toast) return undefined;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  // A popover stands above an open modal; a plain element would lie behind it.
  return toast ? (
    <div className="toast" role="alert" popover="manual" ref={(element) => element?.showPopover()}>
      <span>{toast.text}</span>
      <button type="button" aria-label="Dismiss" onClick={dismiss}>
        ×
      </button>
    </div>
  ) : null;
}
