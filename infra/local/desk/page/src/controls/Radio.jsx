import { useId } from "react";
import { RichText } from "../Text.jsx";
import { useControl } from "../surface.js";
import { useConfirm } from "./Confirm.jsx";

/** One of several, all in view. */
export function Radio({ data, ...input }) {
  const { state, send } = useControl(data);
  const [ask, dialog] = useConfirm(data.confirm);
  const name = useId();
  return (
    <div className="control-choices" role="radiogroup" {...input}>
      {data.options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={state.selected_option?.value === option.value}
            onChange={() => ask(() => send({ type: data.type, selected_option: option }))}
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
