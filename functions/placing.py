"""What predictions mean, and how they read when the config has changed since they were made."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.domain.target import Target, Task
from functions.arrays import Floats


@dataclass(frozen=True)
class MadeFor:
    """What a version was trained to predict."""

    task: Task = "binary"
    classes: tuple[str, ...] = ()
    """Of `multiclass`: its probabilities stand in this order."""

    @classmethod
    def target(cls, target: Target) -> "MadeFor":
        """Take what predictions depend on from a config."""
        return cls(target.task, target.classes)


BINARY: Final = MadeFor()


def placed(predictions: Floats, made_for: MadeFor, target: Target) -> Floats | None:
    """Put predictions in the order of the classes of a config; `None` if its task is another.

    A class that the version does not know has probability 0. What it says of a class that is none
    any more is left out.

    Args:
        predictions: shape (rows,), or (rows, classes) in the order of `made_for`.
        made_for: what the version was trained to predict.
        target: of the config in force.
    """
    if made_for.task != target.task:
        return None
    if made_for.classes == target.classes:
        return predictions
    known = {name: predictions[:, place] for place, name in enumerate(made_for.classes)}
    nothing = np.zeros(len(predictions))
    return np.column_stack([known.get(name, nothing) for name in target.classes])
