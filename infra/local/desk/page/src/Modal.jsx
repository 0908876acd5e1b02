import { useEffect, useRef, useState } from "react";
import { Blocks } from "./Blocks.jsx";
import { whatHappened } from "./deeds.js";
import { plain } from "./emoji.js";
import { useEntered } from "./entered.js";
import { complaints, values } from "./form.js";
import { Surface } from "./surface.js";

/** The app's modal: opened, updated and closed by the app; submitted or closed by the person. */
export function Modal({ view, act }) {
  const dialog = useRef(null);
  const { stateOf, change } = useEntered();
  const [errors, setErrors] = useState({});
  const [refusals, setRefusals] = useState(0);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    dialog.current.showModal();
    const first = "[autofocus], .modal-body :is(input, textarea, select), .modal-body button";
    (dialog.current.querySelector(first) ?? dialog.current).focus();
  }, []);

  useEffect(() => {
    dialog.current.querySelector(".has-error :is(input, select, textarea)")?.focus();
  }, [refusals]);

  const known = view.state.values;
  const held = (block, element) =>
    stateOf(block, element) ?? known[block.block_id]?.[element.action_id];
  const surface = {
    stateOf: held,
    errorOf: (block) => errors[block.block_id],
    change: (block, element, state) => {
      change(block, element, state);
      setErrors(({ [block.block_id]: _, ...others }) => others);
    },
    act: (block, element, state) =>
      act({
        kind: "click_view",
        ...whatHappened(block, element, state),
        values: values(view.blocks, (other, its) =>
          its.action_id === element.action_id && other.block_id === block.block_id
            ? state
            : held(other, its),
        ),
      }),
  };

  const refuse = (sentences) => {
    setErrors(sentences);
    setRefusals((before) => before + 1);
  };
  const submit = async (event) => {
    event.preventDefault();
    const wrong = complaints(view.blocks, held);
    if (Object.keys(wrong).length > 0) return refuse(wrong);
    setBusy(true);
    const answer = await act({ kind: "submit", values: values(view.blocks, held) });
    setBusy(false);
    refuse(answer.errors ?? {});
  };
  const close = () => act({ kind: "close_view" });

  return (
    <dialog
      ref={dialog}
      className="modal"
      aria-label={plain(view.title.text)}
      onCancel={(event) => {
        if (event.target !== dialog.current) return;
        event.preventDefault(); // it goes when the app's Slack says so
        close();
      }}
    >
      <form onSubmit={submit} noValidate>
        <header>
          <h2>{plain(view.title.text)}</h2>
          <button type="button" className="modal-close" aria-label="Close" onClick={close}>
            ×
          </button>
        </header>
        <div className="modal-body">
          <Surface.Provider value={surface}>
            <Blocks blocks={view.blocks} />
          </Surface.Provider>
        </div>
        <footer>
          <button type="button" className="control-button" onClick={close}>
            {plain(view.close?.text ?? "Close")}
          </button>
          {view.submit && (
            <button type="submit" className="control-button is-filled is-primary" disabled={isBusy}>
              {plain(view.submit.text)}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
