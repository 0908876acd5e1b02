"""What a training learned, held against the contract in force: what follows, what is asked."""

from collections.abc import Iterator, Mapping

from pydantic import AwareDatetime

from core.domain.base import Value
from core.domain.contract import Breaks, ColumnContract, Contract, Kept, Loosening, Promise
from core.domain.wording import Span, numbers

_MOVED = 0.1  # of its width: so far a range has to grow or shrink before a line says so


class Learned(Value):
    """What a refit says of one column."""

    column: ColumnContract
    """With nothing promised: that is decided beside the contract in force."""
    kept: frozenset[Promise]
    """What no row of the trusted partitions broke, where they are enough to promise it."""
    broken: Mapping[Promise, Breaks]
    written: frozenset[Promise] = frozenset()
    """What a rule in the config says as well: somebody answers for it."""


class Refit(Value):
    """What a training learned of all columns."""

    model: str
    channel: str
    reference_key: str
    """Of the reference that was learned with it."""
    partitions: tuple[str, ...]
    """Trusted ones, oldest first."""
    columns: tuple[Learned, ...]


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
