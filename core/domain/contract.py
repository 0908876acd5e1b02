"""What a model's columns promise, as learned from trusted partitions; refitted at each training."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal, Self

from pydantic import AwareDatetime

from core.domain.base import Record, Value
from core.domain.wording import Span, percent


class Promise(StrEnum):
    """What a column has always kept, as the end of `it is` or `it has`."""

    FILLED = "never missing"
    NOT_NEGATIVE = "never negative"
    NOT_ZERO = "never zero"
    NOT_MINUS_ONE = "never \N{MINUS SIGN}1"
    WHOLE = "always a whole number"
    NOT_PADDED = "never begun or ended with a blank"
    PLAIN = "always in plain letters"
    ONCE = "never there twice"

    @property
    def loosened(self) -> str:
        """Say what may be once it is no longer promised."""
        return _LOOSENED[self]


_LOOSENED = {
    Promise.FILLED: "may be missing",
    Promise.NOT_NEGATIVE: "may be negative",
    Promise.NOT_ZERO: "may be zero",
    Promise.NOT_MINUS_ONE: "may be \N{MINUS SIGN}1",
    Promise.WHOLE: "may have decimals",
    Promise.NOT_PADDED: "may begin or end with a blank",
    Promise.PLAIN: "may have other letters",
    Promise.ONCE: "may be there twice",
}


class Kept(Value):
    """One promise, and since when it is in force."""

    promise: Promise
    since: AwareDatetime
    kept_by: str | None = None
    """Who wanted it kept although trusted partitions broke it; `None` while none did."""
    kept_until: date | None = None
    """Until then nobody is asked about it again."""


class ColumnContract(Value):
    """What one column promises, and what is usual there."""

    column: str
    type: Literal["number", "category", "key"]
    promises: tuple[Kept, ...] = ()
    usual: Span | None = None
    """From the smallest to the largest number; `None` without numbers, or if none may be shown."""
    categories: int | None = None
    """How many are known; `None` for others than categories."""
    unit: str | None = None


class Breaks(Value):
    """Trusted partitions in which more than single rows broke a promise."""

    partitions: int
    most: float
    """The largest share of rows among them, 0..1."""
    accepted: str | None = None
    """How a person called that normal: `the alert of 2013-02-08 was resolved as noise`."""


class Loosening(Value):
    """A promise in force that trusted partitions broke."""

    column: str
    promise: Promise
    breaks: Breaks
    of: int
    """Partitions, the broken ones among them."""

    @property
    def sentence(self) -> str:
        """Say what would no longer be promised, and why."""
        return (
            f"`{self.column}` {self.promise.loosened} (was {self.promise}; "
            f"{self.breaks.partitions} of {self.of} trusted partitions had some, "
            f"up to {percent(self.breaks.most)} of rows)"
        )


class Contract(Record):
    """The learned contract in force of one model; its id is the model's name."""

    kind: ClassVar[str] = "contract"

    reference_key: str
    learned_at: AwareDatetime
    partitions: int
    first: str
    last: str
    """Of the partitions it was learned from."""
    columns: tuple[ColumnContract, ...] = ()
    proposal: str | None = None
    """The change that waits for a person; `None` when none does."""

    @property
    def listing(self) -> str:
        """All contracts in force."""
        return "contracts"

    def promises(self) -> Iterator[tuple[str, Promise]]:
        """Go through all that is promised."""
        for of in self.columns:
            yield from ((of.column, kept.promise) for kept in of.promises)

    def without(self, loosened: Sequence[Loosening]) -> Self:
        """Promise these things no longer."""
        gone = {(of.column, of.promise) for of in loosened}

        def left(of: ColumnContract) -> ColumnContract:
            kept = tuple(k for k in of.promises if (of.column, k.promise) not in gone)
            return of.model_copy(update={"promises": kept})

        return self._with(left)

    def keeping(self, wanted: Sequence[Loosening], by: str, until: date) -> Self:
        """Go on promising these things, and ask nobody about them until then."""
        chosen = {(of.column, of.promise) for of in wanted}

        def kept(of: ColumnContract) -> ColumnContract:
            marked = (
                k.model_copy(update={"kept_by": by, "kept_until": until})
                if (of.column, k.promise) in chosen
                else k
                for k in of.promises
            )
            return of.model_copy(update={"promises": tuple(marked)})

        return self._with(kept)

    def _with(self, change: Callable[[ColumnContract], ColumnContract]) -> Self:
        columns = tuple(change(of) for of in self.columns)
        return self.model_copy(update={"columns": columns, "proposal": None})
