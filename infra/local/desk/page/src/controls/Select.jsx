import { useContext } from "react";
import { Workspace, useControl } from "../surface.js";
import { plain } from "../emoji.js";
import { useConfirm } from "./Confirm.jsx";

const FIELDS = {
  static_select: "selected_option",
  users_select: "selected_user",
  channels_select: "selected_channel",
  conversations_select: "selected_conversation",
};

/** A menu of which one entry is chosen: options of the app, people or channels. */
export function Select({ data, ...input }) {
  const { state, send } = useControl(data);
  const [ask, dialog] = useConfirm(data.confirm);
  const groups = useGroups(data);
  const field = FIELDS[data.type];
  const chosen = state[field]?.value ?? state[field] ?? "";
  const choose = (event) => {
    const all = groups.flatMap((group) => group.entries);
    const entry = all.find((candidate) => candidate.value === event.target.value);
    ask(() => send({ type: data.type, [field]: entry?.state ?? null }));
  };
  return (
    <>
      <select
        className={`control-select ${chosen ? "" : "is-empty"}`}
        aria-label={data.placeholder?.text ?? "Choose"}
        autoFocus={data.focus_on_load}
        {...input}
        value={chosen}
        onChange={choose}
      >
        <option value="">{plain(data.placeholder?.text ?? "Choose an option")}</option>
        {groups.map((group) =>
          group.label ? (
            <optgroup key={group.label} label={plain(group.label)}>
              {group.entries.map(drawEntry)}
            </optgroup>
          ) : (
            group.entries.map(drawEntry)
          ),
        )}
      </select>
      {dialog}
    </>
  );
}

const drawEntry = (entry) => (
  <option key={entry.value} value={entry.value}>
    {plain(entry.label)}
  </option>
);

/** The entries of a menu, grouped; `state` is what Slack reports when one is chosen. */
function useGroups(data) {
  const { users, channels } = useContext(Workspace);
  const named = (things, prefix) => [
    { entries: things.map(({ id, name }) => ({ value: id, label: prefix + name, state: id })) },
  ];
  if (data.type === "users_select") return named(users.filter((user) => !user.is_bot), "");
  if (data.type !== "static_select") return named(channels, "#");
  const entriesOf = (options) =>
    options.map((option) => ({ value: option.value, label: option.text.text, state: option }));
  if (!data.option_groups) return [{ entries: entriesOf(data.options ?? []) }];
  return data.option_groups.map((group) => ({
    label: group.label.text,
    entries: entriesOf(group.options),
  }));
}
