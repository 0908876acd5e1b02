import { useContext, useId } from "react";
import { PlainText, RichText } from "../Text.jsx";
import { Block, Surface } from "../surface.js";
import { controlFor } from "./index.js";

/** An input of a modal: label, control, hint and, after a refused submission, what is wrong with it. */
export function Input({ data }) {
  const id = useId();
  const error = useContext(Surface).errorOf?.(useContext(Block));
  const Control = controlFor(data.element.type);
  const notes = [error && `${id}-error`, data.hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className={`control-input ${error ? "has-error" : ""}`}>
      <label className="control-label" htmlFor={`${id}-control`} id={`${id}-label`}>
        <PlainText text={data.label.text} />
        {data.optional && <span className="control-optional"> (optional)</span>}
      </label>
      {Control ? (
        <Control
          data={data.element}
          id={`${id}-control`}
          aria-label={undefined}
          aria-labelledby={`${id}-label`}
          aria-describedby={notes || undefined}
          aria-invalid={error ? true : undefined}
        />
      ) : (
        <p className="unknown">The desk cannot draw the input “{data.element.type}”.</p>
      )}
      {error && (
        <p className="control-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {data.hint && (
        <p className="control-hint" id={`${id}-hint`}>
          <RichText text={data.hint} />
        </p>
      )}
    </div>
  );
}
