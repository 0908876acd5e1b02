import { useEffect, useRef, useState } from "react";
import { PlainText } from "../Text.jsx";

/** Ask before acting, when the element wants that. Gives [ask, the dialog to draw]. */
export function useConfirm(confirm) {
  const [pending, setPending] = useState(null);
  const ask = (proceed, abandon = () => {}) =>
    confirm ? setPending({ proceed, abandon }) : proceed();
  const close = (chosen) => {
    setPending(null);
    chosen();
  };
  const dialog = pending && (
    <ConfirmDialog
      confirm={confirm}
      onConfirm={() => close(pending.proceed)}
      onDeny={() => close(pending.abandon)}
    />
  );
  return [ask, dialog];
}

function ConfirmDialog({ confirm, onConfirm, onDeny }) {
  const dialog = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  const isDanger = confirm.style === "danger";
  return (
    <dialog
      ref={dialog}
      className="confirm"
      aria-label={confirm.title.text}
      onCancel={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onDeny();
      }}
    >
      <h2>
        <PlainText text={confirm.title.text} />
      </h2>
      <p>
        <PlainText text={confirm.text.text} />
      </p>
      <footer>
        <button type="button" className="control-button" onClick={onDeny}>
          <PlainText text={confirm.deny?.text ?? "Cancel"} />
        </button>
        <button
          type="button"
          className={`control-button is-filled ${isDanger ? "is-danger" : "is-primary"}`}
          onClick={onConfirm}
        >
          <PlainText text={confirm.confirm?.text ?? "Yes"} />
        </button>
      </footer>
    </dialog>
  );
}
