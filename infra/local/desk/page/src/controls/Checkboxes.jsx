import { RichText } from "../Text.jsx";
import { useControl } from "../surface.js";
import { useConfirm } from "./Confirm.jsx";

/** Any number of several. */
export function Checkboxes({ data, ...input }) {
  const { state, send } = useControl(data);
  const [ask, dialog] = useConfirm(data.confirm);
  const isTicked = (option) =>
    state.selected_options.some((selected) => selected.value === option.value);
  const toggle = (option) =>
    send({
      type: data.type,
      selected_options: data.options.filter(
        (candidate) => isTicked(candidate) !== (candidate.value === option.value),
      ),
    });
  return (
    <div className="control-choices" role="group" {...input}>
      {data.options.map((option) => (
        <label key={option.value}>
          <input
            type="checkbox"
            checked={isTicked(option)}
            onChange={() => ask(() => toggle(option))}
          />
          <span>
            <RichText text={option.text} />
            {option.description && (
              <small>
                <RichText text={option.description} />
              </small>
            )}
          </span>
        </label>
      ))}
      {dialog}
    </div>
  );
}
