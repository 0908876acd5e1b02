import { useControl } from "../surface.js";

const KINDS = { email_text_input: "email", url_text_input: "url" };

/** One line, several lines, a number, an address. */
export function TextInput({ data, ...input }) {
  const { state, keep, send } = useControl(data);
  const entered = (value) => ({ type: data.type, value: value === "" ? null : value });
  const shared = {
    ...input,
    className: "control-text",
    placeholder: data.placeholder?.text,
    autoFocus: data.focus_on_load,
    maxLength: data.max_length,
    value: state.value ?? "",
    onChange: (event) => keep(entered(event.target.value)),
  };
  if (data.multiline) {
    return <textarea rows={4} {...shared} />;
  }
  return (
    <input
      {...shared}
      type={KINDS[data.type] ?? "text"}
      inputMode={data.type === "number_input" ? "decimal" : undefined}
      onKeyDown={(event) => event.key === "Enter" && send(entered(event.target.value))}
    />
  );
}
