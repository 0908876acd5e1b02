import { PlainText } from "../Text.jsx";
import { useControl } from "../surface.js";
import { useConfirm } from "./Confirm.jsx";

const STYLES = { primary: "is-filled is-primary", danger: "is-filled is-danger" };

/** A button of a card; one with an address opens it and tells the app as well. */
export function Button({ data }) {
  const { send } = useControl(data);
  const [ask, dialog] = useConfirm(data.confirm);
  const act = () => send({ type: "button", value: data.value ?? null });
  const look = {
    className: `control-button ${STYLES[data.style] ?? ""}`,
    "aria-label": data.accessibility_label,
  };
  if (data.url) {
    return (
      <a {...look} href={data.url} target="_blank" rel="noreferrer noopener" onClick={act}>
        <PlainText text={data.text.text} />
      </a>
    );
  }
  return (
    <>
      <button type="button" {...look} onClick={() => ask(act)}>
        <PlainText text={data.text.text} />
      </button>
      {dialog}
    </>
  );
}
