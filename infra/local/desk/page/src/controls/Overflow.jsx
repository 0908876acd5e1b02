import { Menu } from "../Menu.jsx";
import { useControl } from "../surface.js";
import { useConfirm } from "./Confirm.jsx";

/** The menu behind three dots. */
export function Overflow({ data }) {
  const { send } = useControl(data);
  const [ask, dialog] = useConfirm(data.confirm);
  const items = data.options.map((option) => ({
    label: option.text.text,
    note: option.description?.text,
    onChoose: () => ask(() => send({ type: "overflow", selected_option: option })),
  }));
  return (
    <>
      <Menu label="More actions" className="control-button control-overflow" items={items} />
      {dialog}
    </>
  );
}
