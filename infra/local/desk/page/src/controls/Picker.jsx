import { useControl } from "../surface.js";
import { useConfirm } from "./Confirm.jsx";

const KINDS = {
  datepicker: { type: "date", field: "selected_date", label: "Date" },
  timepicker: { type: "time", field: "selected_time", label: "Time" },
};

/** A date or a time, with the browser's own picker. */
export function Picker({ data, ...input }) {
  const { state, send } = useControl(data);
  const [ask, dialog] = useConfirm(data.confirm);
  const { type, field, label } = KINDS[data.type];
  const change = (value) => ask(() => send({ type: data.type, [field]: value || null }));
  return (
    <>
      <input
        type={type}
        className="control-text control-picker"
        aria-label={data.placeholder?.text ?? label}
        autoFocus={data.focus_on_load}
        {...input}
        value={state[field] ?? ""}
        onChange={(event) => change(event.target.value)}
      />
      {dialog}
    </>
  );
}
