import { useState } from "react";

/** What a person entered here and the app did not ask for yet, by block and action. */
export function useEntered() {
  const [entered, setEntered] = useState({});
  return {
    stateOf: (block, element) => entered[keyOf(block, element)],
    change: (block, element, state) =>
      setEntered((before) => ({ ...before, [keyOf(block, element)]: state })),
  };
}

const keyOf = (block, element) => `${block.block_id}/${element.action_id}`;
