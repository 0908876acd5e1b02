"""A filed failure: a row that a version got wrong, kept to judge later ones by."""

import re
from math import isfinite
from typing import ClassVar, Self

from pydantic import AwareDatetime, ValidationError

from core.domain.base import Record, Value
from core.domain.errors import Refusal
from core.domain.ids import fact_id
from core.domain.partition import PartitionName
from core.domain.target import Target

MOST_FAILURES = 1000
"""As many as one model keeps: each is named in every version that must not learn from it."""


_LONGEST_KEY = 300
_LONGEST_DAY = 20
_NOT_IN_A_DAY = re.compile(r"[^\w-]+")


class WrongKey(Refusal):
    """Nothing can be named so."""

    def __init__(self) -> None:
        super().__init__(f"The key of a row has 1 to {_LONGEST_KEY} characters.")


class WrongLabel(Refusal):
    """The target of the model has no such label."""

    def __init__(self, label: str, target: Target) -> None:
        offered = {
            "binary": "0 or 1",
            "multiclass": f"one of {', '.join(target.classes)}",
            "regression": "a number",
        }[target.task]
        super().__init__(f"`{label[:60]}` is no label of `{target.column}`: it is {offered}.")


class TooManyFailures(Refusal):
    """No more rows can be filed."""

    def __init__(self, model: str) -> None:
        super().__init__(f"`{model}` has {MOST_FAILURES:,} filed failures, as many as are kept.")


class WrongDay(Refusal):
    """No partition is named so."""

    def __init__(self, given: str) -> None:
        shown = _NOT_IN_A_DAY.sub("…", given[:_LONGEST_DAY])  # somebody may have typed it
        super().__init__(f"`{shown}` is no day: write it like 2026-11-17.")


class Opinion(Value):
    """What one person says is right of a row."""

    by: str
    label: str


class Filing(Value):
    """What a person says when filing a failure."""

    partition: PartitionName
    key: str
    """Names the row."""
    label: str | None = None
    """What is right; `None`: what its label says once that is there."""

    @classmethod
    def of(cls, day: str, key: str, label: str | None) -> Self:
        """Read what somebody typed.

        Raises:
            WrongDay: that is no day.
        """
        try:
            return cls(partition=day, key=key, label=label)
        except ValidationError:
            raise WrongDay(day) from None


class Failure(Record):
    """One row; from now on it is in the validation set, and never learned from."""

    kind: ClassVar[str] = "failure"

    model: str
    partition: PartitionName
    key: str
    label: str | None
    filed_by: str
    filed_at: AwareDatetime
    opinions: tuple[Opinion, ...] = ()
    """What people said is right of it, each person's last word; the newest one counts."""

    @classmethod
    def id_of(cls, model: str, partition: str, key: str) -> str:
        """Name the one failure of a row."""
        return fact_id("fail", model, partition, key)

    @property
    def is_disputed(self) -> bool:
        """Whether people differ about what is right."""
        return len({opinion.label for opinion in self.opinions}) > 1

    @property
    def opinions_in_words(self) -> str:
        """Say who says what, people as mentions."""
        return ", ".join(f"<@{of.by}> says {of.label}" for of in self.opinions)

    def opinions_with(self, by: str, label: str | None) -> tuple[Opinion, ...]:
        """Add what somebody says, in the place of what that person said before."""
        known = self.opinions
        if not known and self.label is not None:  # filed before opinions were kept
            known = (Opinion(by=self.filed_by, label=self.label),)
        others = tuple(of for of in known if of.by != by)
        return others if label is None else (*others, Opinion(by=by, label=label))

    @property
    def listing(self) -> str:
        """All filed failures of a model."""
        return f"failures:{self.model}"

    @property
    def place(self) -> str:
        """By partition, then by row."""
        return f"{self.partition} {self.key}"


def refuse_key(key: str) -> None:
    """Let only a name pass that a row can have.

    Raises:
        WrongKey: it is empty, or too long to be kept.
    """
    if not 0 < len(key) <= _LONGEST_KEY:
        raise WrongKey


def truth_of(label: str, target: Target) -> float:
    """Read a label as evaluators do: 0 or 1, the place of the class, or the number.

    Raises:
        WrongLabel: the target has no such label.
    """
    if target.task == "multiclass":
        if label in target.classes:
            return float(target.classes.index(label))
        raise WrongLabel(label, target)
    try:
        number = float(label)
    except ValueError:
        raise WrongLabel(label, target) from None
    if not isfinite(number) or (target.task == "binary" and number not in (0, 1)):
        raise WrongLabel(label, target)
    return number
