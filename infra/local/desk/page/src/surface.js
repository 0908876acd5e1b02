// Where a block stands (a message, a modal, the Home tab) and what its controls may do there.
import { createContext, useContext } from "react";

/**
 * act(block, element, state): tell the app; may be missing where nothing can be done.
 * change(block, element, state): keep what was entered, in a modal.
 * stateOf(block, element): what was entered, or what the app put there first.
 * errorOf(block): the sentence under an input, or undefined.
 */
export const Surface = createContext({});

/** The block that is being drawn. */
export const Block = createContext({});

/** Who and what the workspace knows: users, channels, groups, the clock. */
export const Workspace = createContext({ users: [], channels: [], groups: [], now: null });

/** The state of one control, and the function that changes it. */
export function useControl(element) {
  const surface = useContext(Surface);
  const block = useContext(Block);
  const waits = block.type === "input" && !block.dispatch_action;
  return {
    state: surface.stateOf?.(block, element) ?? initialState(element),
    keep: (state) => surface.change?.(block, element, state),
    send: (state) => {
      surface.change?.(block, element, state);
      if (!waits) surface.act?.(block, element, state);
    },
  };
}

/** What a control holds before anybody touched it, in the form that Slack uses in view.state.values. */
export function initialState(element) {
  switch (element.type) {
    case "static_select":
    case "radio_buttons":
      return { type: element.type, selected_option: element.initial_option ?? null };
    case "checkboxes":
      return { type: element.type, selected_options: element.initial_options ?? [] };
    case "datepicker":
      return { type: element.type, selected_date: element.initial_date ?? null };
    case "timepicker":
      return { type: element.type, selected_time: element.initial_time ?? null };
    case "users_select":
      return { type: element.type, selected_user: element.initial_user ?? null };
    case "channels_select":
      return { type: element.type, selected_channel: element.initial_channel ?? null };
    case "conversations_select":
      return { type: element.type, selected_conversation: element.initial_conversation ?? null };
    default:
      return { type: element.type, value: element.initial_value ?? null };
  }
}

/** True when a required input is still empty. */
export function isEmpty(state) {
  const { type: _, ...held } = state;
  return Object.values(held).every((value) => value === null || value === "" || value?.length === 0);
}
