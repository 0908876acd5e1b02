// What a person did, in the form that deeds.py reads.

/** The part of a click that says where and what. */
export const whatHappened = (block, element, state) => ({
  block_id: block.block_id,
  action_id: element.action_id,
  choice: element.type === "button" ? null : choiceOf(state),
});

/** What a control holds, without Slack's wrapping: a text, an option's value, an id, or a list. */
export function choiceOf(state) {
  const { type: _, ...held } = state;
  const [value] = Object.values(held);
  if (Array.isArray(value)) return value.map((option) => option.value);
  return value?.value ?? value ?? null;
}
