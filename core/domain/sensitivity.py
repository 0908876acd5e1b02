"""The smallest errors that the checks of a model would see."""

from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from core.domain.base import Record, Value
from core.domain.wording import number, percent, with_unit

_NONE = "\N{EN DASH}"


class Injected(StrEnum):
    """An error that was put into partitions to see from which size on it is caught."""

    NULLS = "nulls"
    ZEROS = "zeros"
    MINUS_ONES = "minus ones"
    MOVED = "moved"
    COMMON = "another category"
    UNKNOWN = "an unknown category"


class SmallestError(Value):
    """The smallest error of one kind that is caught."""

    kind: Injected
    size: float | None
    """The share of rows that have a value, 0..1; of `MOVED` how many standard deviations. `None`
    when even the largest that was tried is missed."""
    moved_by: float | None = None
    """The same in the column's own unit; `None` but for `MOVED`, and where values are sensitive."""
    unit: str | None = None

    @property
    def words(self) -> str:
        """Say how large it is; a dash when none is caught."""
        if self.size is None:
            return _NONE
        if self.kind is not Injected.MOVED:
            return percent(self.size)
        if self.moved_by is None:
            return f"{number(self.size)} sd"
        return f"{number(self.size)} sd ({with_unit(number(self.moved_by), self.unit)})"


class ColumnSensitivity(Value):
    """What is seen of one column."""

    column: str
    errors: tuple[SmallestError, ...]

    @property
    def kinds(self) -> frozenset[Injected]:
        """The errors that were tried."""
        return frozenset(error.kind for error in self.errors)

    @property
    def sentence(self) -> str:
        """Say it in one line."""
        caught = [
            _CLAUSES[error.kind].format(error.words)
            for error in self.errors
            if error.size is not None
        ]
        return f"`{self.column}`: {', '.join(caught) or 'none of the errors that were tried'}"


_CLAUSES = {
    Injected.NULLS: "{} nulls",
    Injected.ZEROS: "{} zeros",
    Injected.MINUS_ONES: f"{{}} turned into {number(-1)}",
    Injected.MOVED: "all values moved by {}",
    Injected.COMMON: "{} turned into the most frequent category",
    Injected.UNKNOWN: "{} in an unknown category",
}


class Sensitivity(Record):
    """How small an error the checks of one model see; its id is the model's name."""

    kind: ClassVar[str] = "sensitivity"

    reference_key: str
    """The reference it was measured with: another reference, other errors."""
    config_hash: str
    """Of the config it was measured with."""
    history: int
    """Trusted partitions of the reference."""
    held_out: int
    """The newest of them, into which errors were put; 0 while there are too few."""
    columns: tuple[ColumnSensitivity, ...]
    """In the order of the config; of a very wide table the first ones."""
    measured_at: AwareDatetime

    @property
    def explanation(self) -> str:
        """Say what the numbers mean."""
        if not self.held_out:
            return "Too few partitions are trusted to say how small an error is seen."
        return (
            f"From this size on an error is caught in each of {self.held_out} trusted partitions, "
            "beside all others: shares of the rows that have a value; sd, standard deviations. "
            f"{_NONE}: not even when all rows have it, or move by ten."
        )

    def tells_of(self, reference_key: str, config_hash: str) -> bool:
        """Whether it was measured with these."""
        return (self.reference_key, self.config_hash) == (reference_key, config_hash)
