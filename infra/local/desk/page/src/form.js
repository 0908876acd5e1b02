// What a modal holds, and what Slack itself would refuse before it asks the app.
import { choiceOf } from "./deeds.js";
import { initialState, isEmpty } from "./surface.js";

/** The elements of a view that hold a value, with their blocks. */
function* holders(blocks) {
  for (const block of blocks) {
    if (block.type === "input") yield [block, block.element];
    else if (block.type === "actions") for (const element of block.elements) yield [block, element];
    else if (block.accessory) yield [block, block.accessory];
  }
}

const WITHOUT_VALUE = new Set(["button", "overflow", "image"]);

/** What was entered, by block_id and action_id; `held` gives an element's state, undefined for none. */
export function values(blocks, held) {
  const all = {};
  for (const [block, element] of holders(blocks)) {
    if (WITHOUT_VALUE.has(element.type)) continue;
    const choice = choiceOf(held(block, element) ?? initialState(element));
    all[block.block_id] = { ...all[block.block_id], [element.action_id]: choice };
  }
  return all;
}

/** Sentences by block id, for what is missing or is no number. */
export function complaints(blocks, held) {
  const found = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const state = held(block, block.element) ?? initialState(block.element);
    const complaint = complaintAbout(block, state);
    if (complaint) found[block.block_id] = complaint;
  }
  return found;
}

function complaintAbout({ element, optional }, state) {
  if (isEmpty(state)) return optional ? null : "Please complete this required field.";
  if (element.type === "number_input") return complaintAboutNumber(element, state.value);
  if (element.min_length && state.value.length < element.min_length) {
    return `Please write at least ${element.min_length} characters.`;
  }
  return null;
}

function complaintAboutNumber(element, value) {
  const isNumber = element.is_decimal_allowed
    ? /^-?\d+([.]\d+)?$/.test(value)
    : /^-?\d+$/.test(value);
  if (!isNumber) {
    return element.is_decimal_allowed ? "Please enter a number." : "Please enter a whole number.";
  }
  if (element.min_value != null && Number(value) < Number(element.min_value)) {
    return `Please enter ${element.min_value} or more.`;
  }
  if (element.max_value != null && Number(value) > Number(element.max_value)) {
    return `Please enter ${element.max_value} or less.`;
  }
  return null;
}
