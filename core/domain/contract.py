"""What a model's columns promise, as learned from trusted partitions; refitted at each training."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal, Self

from pydantic import AwareDatetime

from core.domain.base import Record, Value
from core.domain.wording import Span, numbers, percent

_MOVED = 0.1  # of its width: so far a range has to grow or shrink before a line says so


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


class Learned(Value):
    """What a refit says of one column."""

    column: ColumnContract
    """With nothing promised: that is decided beside the contract in force."""
    kept: frozenset[Promise]
    """What no row of the trusted partitions broke, where they are enough to promise it."""
    broken: Mapping[Promise, Breaks]
    written: frozenset[Promise] = frozenset()
    """What a rule in the config says as well: somebody answers for it."""


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


class Refit(Value):
    """What a training learned of all columns."""

    model: str
    channel: str
    reference_key: str
    """Of the reference that was learned with it."""
    partitions: tuple[str, ...]
    """Trusted ones, oldest first."""
    columns: tuple[Learned, ...]


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


class Refitted(Value):
    """A refit beside the contract in force."""

    columns: tuple[ColumnContract, ...]
    """In force from now on; what would be loosened still stands in them."""
    followed: tuple[str, ...]
    """What changed by itself, a sentence each."""
    loosened: tuple[Loosening, ...]
    """What a person has to decide."""


def refitted(before: Contract | None, refit: Refit, at: AwareDatetime) -> Refitted:
    """Hold what was learned now against what is in force.

    What is promised more comes into force by itself, and so does what a person called normal by
    resolving an alert. What would be promised less stays promised: that is for a person, unless
    somebody answers for it in the config already.

    Args:
        before: the contract in force; `None` before the first training.
        refit: what was learned.
        at: when.
    """
    known = {of.column: of for of in before.columns} if before else {}
    columns, followed, loosened = [], [], []
    for learned in refit.columns:
        old = known.pop(learned.column.column, None)
        if old is not None and old.type != learned.column.type:
            followed.append(f"`{old.column}` is a {learned.column.type} (was a {old.type})")
            old = None
        elif before is not None and old is None:
            followed.append(f"`{learned.column.column}` is new")
        promises, said, asked = _beside(old, learned, refit, at)
        columns.append(learned.column.model_copy(update={"promises": promises}))
        followed += said if before else []
        loosened += asked
    followed += [f"`{column}` is no longer in the config" for column in known]
    return Refitted(columns=tuple(columns), followed=tuple(followed), loosened=tuple(loosened))


def _beside(
    old: ColumnContract | None, learned: Learned, refit: Refit, at: AwareDatetime
) -> tuple[tuple[Kept, ...], list[str], list[Loosening]]:
    """Say of one column what it promises now, what followed by itself, and what is to be asked."""
    name, promises, said, asked = learned.column.column, [], [], []
    for kept in old.promises if old else ():
        breaks = learned.broken.get(kept.promise)
        if breaks is None:
            promises.append(Kept(promise=kept.promise, since=kept.since))
        elif breaks.accepted is not None:
            said.append(f"`{name}` {kept.promise.loosened}: {breaks.accepted}")
        else:
            promises.append(kept)
            is_kept = kept.kept_until is not None and kept.kept_until >= at.date()
            if not is_kept and kept.promise not in learned.written:
                asked.append(_loosening(name, kept.promise, breaks, refit))
    there = {kept.promise for kept in old.promises} if old else set()
    added = [promise for promise in Promise if promise in learned.kept - there]
    promises += [Kept(promise=promise, since=at) for promise in added]
    if old is not None:
        said += [f"`{name}` is {promise}" for promise in added]
        said += _moved(old, learned.column)
    return tuple(promises), said, asked


def _loosening(column: str, promise: Promise, breaks: Breaks, refit: Refit) -> Loosening:
    return Loosening(column=column, promise=promise, breaks=breaks, of=len(refit.partitions))


def _moved(old: ColumnContract, now: ColumnContract) -> Iterator[str]:
    if None not in {old.categories, now.categories} and old.categories != now.categories:
        yield f"`{now.column}` has {now.categories:,} known categories (were {old.categories:,})"
    if old.usual and now.usual and _is_another(old.usual, now.usual):
        was, is_now = numbers(old.usual, old.unit), numbers(now.usual, now.unit)
        yield f"`{now.column}` lies within {is_now} (was {was})"


def _is_another(old: Span, now: Span) -> bool:
    """Say whether an end of a range moved far enough to be told."""
    most = _MOVED * (old[1] - old[0])
    return any(abs(end - before) > most for before, end in zip(old, now, strict=True))
