"""The plug-in that is judged: what a detector has to offer, and how it is found.

Workers of other environments import this module: nothing but pandas is needed here.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Protocol, TypeAlias

import pandas as pd

Finding: TypeAlias = tuple[bool, float, Sequence[str]]
"""Whether to alert; the higher the worse; the columns in order of blame."""


class Detector(Protocol):
    """Something that learns from clean partitions and says whether the next one is one, too.

    A class that reports under several names lists them in `names`, so that a check that fails
    counts for each of them.
    """

    def update(self, history: list[pd.DataFrame], keys: list[str]) -> None:
        """Learn from all earlier clean partitions, oldest first; called before each check's place.

        Args:
            history: grows from call to call; what was there before is the same.
            keys: the ISO dates of the partitions.
        """
        ...

    def check(self, partition: pd.DataFrame, key: str) -> Finding | Mapping[str, Finding]:
        """Judge the partition that comes next, under one name or several."""
        ...


class NoSuchDetector(Exception):
    """The name of a detector leads nowhere."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"There is no detector `{path}`: {reason}. Name it as module:Class.")


def load(path: str) -> Callable[[], Detector]:
    """Return the class that `module:Class` names.

    Raises:
        NoSuchDetector: there is no such module, or no such class in it.
    """
    module, _, name = path.partition(":")
    try:
        detector: Callable[[], Detector] = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise NoSuchDetector(path, str(error)) from error
    return detector
