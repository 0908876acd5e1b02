"""What a few partitions show of each column: facts for the rules, nothing is decided here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from functions.data.arrow_batch import plain
from infra.local.first_config.moments import days_since_1970, is_of_a_country, moment

_MOST_VALUES: Final = 300  # distinct words of a partition that the rules see
_FEW_VALUES: Final = 40  # more than there can be classes
_NEAR_DAYS: Final = 1  # a night flight, or another zone
_TIMES: Final = 0.95  # of the words


class Holds(StrEnum):
    """What a column holds, in the words of a comment."""

    WHOLE = "whole numbers"
    NUMBER = "numbers"
    FLAG = "true and false"
    TEXT = "text"
    TIME = "times"
    NOTHING = "nothing but nulls"
    NESTED = "something nested"
    OTHER = "bytes or durations"


@dataclass(frozen=True)
class ColumnSeen:
    """One column over all partitions that were read."""

    name: str
    holds: tuple[Holds, ...]
    """More than one where it changes from partition to partition."""
    partitions: int
    """In how many of those that were read it is."""
    is_in_newest: bool
    nulls: int = 0
    filled: int = 0
    """How many values were seen."""
    most_distinct: float = 0.0
    """The largest share of a partition's values that are distinct, 0..1."""
    is_unique: bool = False
    """Filled and never the same twice in a partition, in each of them."""
    low: float | None = None
    high: float | None = None
    near: float = 0.0
    """The share of times, of words that are times, or of numbers that lie about the partition's
    own day; numbers as if they counted since 1970."""
    words: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    """Its words or whole numbers, as far as a partition has few of them."""
    is_partition: bool = False
    """It only repeats the partition's name."""
    is_twice: bool = False
    """More than one column of a file has this name."""

    @property
    def is_zero_or_one(self) -> bool:
        """Whether it can be a target."""
        if set(self.holds) == {Holds.FLAG}:
            return True
        whole = set(self.holds) <= {Holds.WHOLE, Holds.NUMBER}
        return whole and (self.low, self.high) == (0, 1) and self.most_distinct < 1

    @property
    def is_share(self) -> bool:
        """Whether it can be a probability."""
        inside = self.low is not None and self.high is not None and 0 <= self.low < self.high <= 1
        return inside and set(self.holds) == {Holds.NUMBER}

    @property
    def is_time(self) -> bool:
        """Whether it holds times, written as such, as words, or as numbers since 1970."""
        if set(self.holds) == {Holds.TIME}:
            return True
        if Holds.TEXT in self.holds:
            return self._are_mostly(lambda word: moment(word) is not None)
        return set(self.holds) <= {Holds.WHOLE, Holds.NUMBER} and self.near >= _TIMES

    @property
    def is_unread_time(self) -> bool:
        """Whether it holds dates as a country writes them, which nothing here reads as such."""
        return Holds.TEXT in self.holds and self._are_mostly(is_of_a_country)

    def _are_mostly(self, is_one: Callable[[str], bool]) -> bool:
        return bool(self.words) and sum(map(is_one, self.words)) >= _TIMES * len(self.words)


def columns_seen(tables: dict[str, pa.Table]) -> list[ColumnSeen]:
    """Put together what partitions show, in the order of the newest one's columns.

    Args:
        tables: rows of each partition that was read, oldest first.
    """
    names = dict.fromkeys(name for t in reversed(tables.values()) for name in t.column_names)
    return [_seen(name, tables) for name in names]


def _seen(name: str, tables: dict[str, pa.Table]) -> ColumnSeen:
    there = {day: table for day, table in tables.items() if name in table.column_names}
    if any(table.column_names.count(name) > 1 for table in there.values()):
        return ColumnSeen(name, (), len(there), is_in_newest=True, is_twice=True)
    parts = {day: plain(table.column(name)) for day, table in there.items()}
    holds = tuple(dict.fromkeys(_holds(part.type) for part in parts.values()))
    if len(holds) > 1:
        holds = tuple(kind for kind in holds if kind is not Holds.NOTHING)
    counted = [p for p in parts.values() if len(p) and _holds(p.type) in _COUNTED]
    lows, highs = zip(*_ends(counted), strict=True) if any(_ends(counted)) else ((), ())
    shares = [pc.count_distinct(p).as_py() / max(len(p) - p.null_count, 1) for p in counted]
    return ColumnSeen(
        name,
        holds,
        len(there),
        is_in_newest=next(reversed(tables)) in there,
        nulls=sum(p.null_count for p in parts.values()),
        filled=sum(len(p) - p.null_count for p in parts.values()),
        most_distinct=max(shares, default=0.0),
        is_unique=len(counted) == len(parts) and all(_is_unique(p) for p in counted),
        low=min(lows, default=None),
        high=max(highs, default=None),
        near=_near(parts),
        words=frozenset(word for p in counted for word in _words(p)),
        values=frozenset(value for p in counted for value in _few_values(p)),
        is_partition=bool(parts) and all(_words(p) == [day] for day, p in parts.items()),
    )


def _holds(kind: pa.DataType) -> Holds:
    of = pa.types
    if of.is_dictionary(kind):
        return _holds(kind.value_type)
    known = (
        (Holds.NOTHING, (of.is_null,)),
        (Holds.FLAG, (of.is_boolean,)),
        (Holds.WHOLE, (of.is_integer,)),
        (Holds.NUMBER, (of.is_floating, of.is_decimal)),
        (Holds.TEXT, (of.is_string, of.is_large_string, of.is_string_view)),
        (Holds.TIME, (of.is_timestamp, of.is_date)),
        (Holds.NESTED, (of.is_nested,)),
    )
    return next((h for h, tests in known if any(is_it(kind) for is_it in tests)), Holds.OTHER)


_COUNTED: Final = frozenset({Holds.WHOLE, Holds.NUMBER, Holds.FLAG, Holds.TEXT, Holds.TIME})


def _is_unique(part: pa.ChunkedArray) -> bool:
    return not part.null_count and pc.count_distinct(part).as_py() == len(part)


def _ends(parts: Iterable[pa.ChunkedArray]) -> list[tuple[float, float]]:
    ends = [
        pc.min_max(part.cast(pa.float64(), safe=False)).as_py()
        for part in parts
        if _holds(part.type) in {Holds.WHOLE, Holds.NUMBER}
    ]
    return [(float(e["min"]), float(e["max"])) for e in ends if e["min"] is not None]


def _words(part: pa.ChunkedArray) -> list[str]:
    kind = _holds(part.type)
    if kind is Holds.TEXT:
        return [word for word in pc.unique(part)[:_MOST_VALUES].to_pylist() if word is not None]
    if pa.types.is_date(part.type):
        return [str(day) for day in pc.unique(part)[:_MOST_VALUES].to_pylist() if day is not None]
    return []


def _few_values(part: pa.ChunkedArray) -> list[str]:
    if _holds(part.type) not in {Holds.TEXT, Holds.WHOLE}:
        return []
    return [str(value) for value in pc.unique(part)[:_FEW_VALUES].to_pylist() if value is not None]


def _near(parts: Mapping[str, pa.ChunkedArray]) -> float:
    found = nearby = 0
    for day, part in parts.items():
        own = date.fromisoformat(day)
        near = [abs((moment - own).days) <= _NEAR_DAYS for moment in _days(part, own)]
        is_number = _holds(part.type) in {Holds.WHOLE, Holds.NUMBER}
        found += len(_some(part)) if is_number else len(near)
        nearby += sum(near)
    return nearby / found if found else 0.0


def _days(part: pa.ChunkedArray, own: date) -> Iterator[date]:
    kind = _holds(part.type)
    if kind is Holds.TIME:
        yield from pc.unique(part.cast(pa.date32(), safe=False)).drop_null().to_pylist()
    elif kind is Holds.TEXT:
        moments = (moment(word) for word in _words(part))
        yield from (found.date() for found in moments if found is not None)
    elif kind in {Holds.WHOLE, Holds.NUMBER}:
        yield from days_since_1970(_some(part), own)


def _some(part: pa.ChunkedArray) -> list[float]:
    numbers = pc.unique(part.cast(pa.float64(), safe=False)).drop_null()
    return list(numbers[:_MOST_VALUES].to_pylist())
