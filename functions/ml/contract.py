"""What a column has always kept: learned from trusted partitions, then held against a new one."""

from collections.abc import Iterator, Sequence
from math import isfinite

from core.domain.finding import Finding, Kind
from core.domain.reference import ColumnReference, Promise
from core.domain.summary import ColumnSummary
from core.domain.wording import Span

_USELESS_NULLS = 0.5  # more nulls than usual, as a share of all rows
_BULK_UNSEEN = 0.1  # a new shop opens with fewer rows; another coding of the column does not
_UNSEEN_TIMES = 3.0
_FEW_ROWS, _FEW_SHARE = 3, 0.005  # single odd values are not an alert
_WIDTHS = 10.0  # how far outside everything seen a value is absurd: other units, not other weather


def learn_promise(days: Sequence[ColumnSummary], unseen: Sequence[float]) -> Promise:
    """Learn what a column has always kept.

    Args:
        days: the column in each trusted partition.
        unseen: of each, the share of rows whose category no other trusted partition had.
    """
    nulls = [day.null_share for day in days]
    most_nulls = max(nulls, default=0.0) + _USELESS_NULLS
    return Promise(
        never_negative=_is_never_negative(days),
        range=_range(days) if _keeps_range_of_others(days) else None,
        most_nulls=most_nulls if most_nulls <= 1 else None,
        most_unseen=_most_unseen(days, max(unseen, default=0.0)),
        nulls=(min(nulls, default=0.0), max(nulls, default=0.0)),
        unseen=(min(unseen, default=0.0), max(unseen, default=0.0)),
    )


def broken_promises(
    name: str, seen: ColumnSummary, reference: ColumnReference
) -> Iterator[Finding]:
    """Hold one column of a partition against its promise; a score below 1 is a kept one."""
    promise = reference.promise
    if promise.most_nulls is not None and seen.rows:
        yield _of_share(name, Kind.NULLS, seen.null_share, promise.most_nulls, promise.nulls)
    if not seen.filled:
        return
    few = max(_FEW_SHARE, _FEW_ROWS / seen.filled)
    if promise.never_negative:
        yield _of_share(name, Kind.NEGATIVE, seen.negatives / seen.filled, few, (0.0, 0.0))
    if promise.range is not None:
        outside = _of_share(name, Kind.RANGE, seen.outside / seen.filled, few, None)
        yield outside.model_copy(update={"where": _extreme(seen, reference)})
    if promise.most_unseen is not None:
        share = seen.counts[-1] / seen.filled
        yield _of_share(name, Kind.UNSEEN, share, promise.most_unseen, promise.unseen)


def _of_share(column: str, kind: Kind, seen: float, limit: float, usual: Span | None) -> Finding:
    return Finding(column=column, kind=kind, score=seen / limit, seen=seen, usual=usual)


def _is_never_negative(days: Sequence[ColumnSummary]) -> bool:
    """Whether zero is a bound and not just below what the season has reached so far.

    It is one where zeros themselves are common, or where the lowest value of a partition varies
    so little that it would have to fall twice as far to get there.
    """
    if any(day.negatives for day in days):
        return False
    if 2 * sum(day.zeros > 0 for day in days) >= len(days):
        return any(day.filled for day in days)
    lows = [day.low for day in days if day.low is not None]
    return bool(lows) and 2 * min(lows) >= max(lows)


def _range(days: Sequence[ColumnSummary]) -> Span | None:
    """Span everything seen, and many times its width on either side; `None` for a constant."""
    lows = [day.low for day in days if day.low is not None]
    highs = [day.high for day in days if day.high is not None]
    if not lows or not highs or min(lows) == max(highs):
        return None
    low, high = min(lows), max(highs)
    margin = _WIDTHS * (high - low)
    return (low - margin, high + margin) if isfinite(margin) else None


def _keeps_range_of_others(days: Sequence[ColumnSummary]) -> bool:
    """Whether no partition would have broken the range that is learned from the others."""
    for i, day in enumerate(days):
        others = _range([*days[:i], *days[i + 1 :]])
        if others is None or day.low is None or day.high is None:
            continue
        if day.low < others[0] or day.high > others[1]:
            return False
    return True


def _most_unseen(days: Sequence[ColumnSummary], worst: float) -> float | None:
    if not days or any(day.type == "number" for day in days):
        return None
    most = max(_BULK_UNSEEN, _UNSEEN_TIMES * worst)
    return most if most < 1 else None  # an identifier: each partition has others


def _extreme(seen: ColumnSummary, reference: ColumnReference) -> str | None:
    """Name the value that lies farthest outside; `None` in a sensitive column."""
    allowed = reference.promise.range
    if reference.is_sensitive or allowed is None or seen.low is None or seen.high is None:
        return None
    low, high = allowed
    return reference.said(seen.high if seen.high - high >= low - seen.low else seen.low)
