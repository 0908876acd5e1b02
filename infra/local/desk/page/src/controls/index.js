import { Button } from "./Button.jsx";
import { Checkboxes } from "./Checkboxes.jsx";
import { Input } from "./Input.jsx";
import { Overflow } from "./Overflow.jsx";
import { Picker } from "./Picker.jsx";
import { Radio } from "./Radio.jsx";
import { Select } from "./Select.jsx";
import { TextInput } from "./TextInput.jsx";

const CONTROLS = new Map(
  Object.entries({
    button: Button,
    checkboxes: Checkboxes,
    channels_select: Select,
    conversations_select: Select,
    datepicker: Picker,
    email_text_input: TextInput,
    input: Input,
    number_input: TextInput,
    overflow: Overflow,
    plain_text_input: TextInput,
    radio_buttons: Radio,
    static_select: Select,
    timepicker: Picker,
    url_text_input: TextInput,
    users_select: Select,
  }),
);

/** Our control for a block or an element of this type, or undefined: the library draws it. */
export const controlFor = (type) => CONTROLS.get(type);
