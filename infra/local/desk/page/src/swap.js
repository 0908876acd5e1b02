// Stands in for react/jsx-runtime inside the block library alone (see build.mjs).
import { Fragment, jsx as draw, jsxs as drawMany } from "react/jsx-runtime";
import { controlFor } from "./controls/index.js";

/** Draw our control for data that a person can act on; drop the library's ids, which repeat on a page. */
const swapped = (original) => (type, props, key) => {
  if (typeof type === "function") {
    return original(controlFor(props.data?.type) ?? type, props, key);
  }
  if (typeof type === "string" && props.id) {
    const { id: _, ...rest } = props;
    return original(type, rest, key);
  }
  return original(type, props, key);
};

export { Fragment };
export const jsx = swapped(draw);
export const jsxs = swapped(drawMany);
