"""When a model's partitions usually come, learned from when they came: arithmetic, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Final, Self

from core.domain.base import Value
from core.domain.partition import days_before, starts_at

FEWEST: Final = 5
"""With fewer partitions nothing is expected."""
MARGIN: Final = timedelta(minutes=75)
"""What is added at the least: clocks that are put forward move arrivals by an hour."""

_SPREADS: Final = 3 * 1.4826  # in medians of absolute deviations: three standard deviations
_ADOPTED_AFTER: Final = 3  # partitions that came late in a row, after which that is usual
_BULK: Final = 5  # so many that come together were filled in afterwards
_TOGETHER: Final = timedelta(hours=12)  # partitions are days: a second one comes later than this
_WEEKS: Final = 4  # of which a weekday must have come
_WEEKS_COME: Final = 0.75  # in this share,
_FEWEST_WEEKS: Final = 2  # and so many of them must have been watched
_STEPS: Final = 4  # alike, one after the other: what comes every third day, say
_EARLIEST_DAYS: Final = 7  # a partition of features may come so long before its day begins


class Usual(Value):
    """When a partition is usually there, counted from its start."""

    by: timedelta
    """In the middle of what was seen."""
    latest: timedelta
    """From here on, this moment included, it is late."""


def is_plausible(partition: str, at: datetime) -> bool:
    """Say whether a partition may have come then: one of a distant day is a mistake in its name."""
    return at >= starts_at(partition) - timedelta(days=_EARLIEST_DAYS)


@dataclass(frozen=True)
class Habit:
    """What the arrivals of a model's partitions have in common."""

    came: Mapping[str, datetime]
    """By partition, when it was complete for the first time."""
    natural: Mapping[str, datetime]
    """Those of them that were not filled in many at once, oldest first."""

    @classmethod
    def of(cls, came: Mapping[str, datetime]) -> Self:
        """Learn from partitions and the moments at which they were complete."""
        return cls(came, _natural(came))

    def usual(self, partition: str) -> Usual | None:
        """Say when this partition usually comes; `None` while too few are known.

        Where its own day of the week comes later than the others, as a Saturday's data that comes
        on Monday, that counts.

        Source: ours; median and median absolute deviation, so that a few days that came far too
        late move nothing.
        """
        if len(self.natural) < FEWEST:
            return None
        delays = {name: at - starts_at(name) for name, at in self.natural.items()}
        adopted = min(list(delays.values())[-_ADOPTED_AFTER:])
        usual = _usual(list(delays.values()), at_least=adopted)
        own = [delay for name, delay in delays.items() if _weekday(name) == _weekday(partition)]
        if len(own) < _FEWEST_WEEKS:
            return usual
        return max(usual, _usual(own), key=lambda known: known.latest)

    def expects(self, partition: str) -> bool:
        """Say whether a partition of this day is one that comes.

        Its day of the week came in most of the last weeks, or it is its turn: partitions came
        every second day, say. A day that follows neither, such as the first of a month, does not
        count as expected.
        """
        if len(self.natural) < FEWEST:
            return False
        same = self._same_weekday_before(partition)
        came = sum(day in self.came for day in same)
        if len(same) >= _FEWEST_WEEKS and came >= _WEEKS_COME * len(same):
            return True
        return self._is_its_turn(partition)

    def late(self, after: str, now: datetime, within: timedelta | None = None) -> list[str]:
        """Name the expected partitions that have not come in time, oldest first.

        Args:
            after: only partitions after this one.
            now: what time it is.
            within: so long after its start each is late; `None` for what was learned.
        """
        if len(self.natural) < FEWEST:
            return []
        day = days_before(max(after, next(iter(self.natural))), -1)
        newest = days_before(now.date().isoformat(), -_EARLIEST_DAYS)
        late: list[str] = []
        while day <= newest:
            if day not in self.came and self.expects(day) and self.is_late(day, now, within):
                late.append(day)
            day = days_before(day, -1)
        return late

    def is_late(self, partition: str, now: datetime, within: timedelta | None = None) -> bool:
        """Say whether the time is over by which a partition has to be there."""
        usual = self.usual(partition)
        limit = within if within is not None else usual.latest if usual else None
        return limit is not None and now >= starts_at(partition) + limit

    def _same_weekday_before(self, partition: str) -> list[str]:
        """Name the same day of the last weeks of which it is known whether they came.

        first ... M T W T F S S  M T W T F S S  last     partition
                        x              x                     x
        """
        first, last = next(iter(self.natural)), max(self.came)
        weeks_back = max(1, ceil(_days(last, partition) / 7))
        days = (days_before(partition, 7 * (weeks_back + more)) for more in range(_WEEKS))
        return [day for day in days if day >= first]

    def _is_its_turn(self, partition: str) -> bool:
        before = [name for name in self.natural if name < partition][-_STEPS - 1 :]
        steps = {_days(earlier, later) for earlier, later in pairwise(before)}
        if len(before) <= _STEPS or len(steps) > 1:
            return False
        (step,) = steps
        # Five days in a row may be a working week: for those the weekdays are waited for.
        return step > 1 and _days(before[-1], partition) % step == 0


def _natural(came: Mapping[str, datetime]) -> dict[str, datetime]:
    """Leave out what came all at once, as history that is filled in does, but for its newest."""
    together: list[list[str]] = []
    for name in sorted(came, key=lambda name: (came[name], name)):
        if together and came[name] - came[together[-1][-1]] < _TOGETHER:
            together[-1].append(name)
        else:
            together.append([name])
    kept = {name for group in together for name in (group if len(group) < _BULK else [max(group)])}
    return {name: came[name] for name in sorted(kept)}


def _usual(delays: Sequence[timedelta], at_least: timedelta = timedelta.min) -> Usual:
    seconds = [delay.total_seconds() for delay in delays]
    middle = median(seconds)
    spread = median(abs(delay - middle) for delay in seconds)
    by = max(timedelta(seconds=middle), at_least)
    return Usual(by=by, latest=by + MARGIN + timedelta(seconds=_SPREADS * spread))


def _weekday(partition: str) -> int:
    return date.fromisoformat(partition).weekday()


def _days(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
