import { emojify } from "node-emoji";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** A plain text of Slack as a person reads it: emoji by name, three entities. */
export const plain = (text) =>
  emojify(text).replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
