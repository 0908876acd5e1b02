"""What texts look like, whatever they say: by that a column of names or of times is known again."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from functions.arrays import WordColumn

_RUN: Final = re.compile(r"[^\W_]+")
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}))?")
_MOST_APART: Final = 0.25  # of the rows, half the sum
_LONGER: Final = 1.5  # times as long, at the most

Shape = Callable[[str], str]


class Looks:
    """What the texts of a column look like, and whether they tell rows apart."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self.rows = 0
        self.filled = 0
        self.letters = 0
        self._shapes: Counter[str] = Counter()
        self._words: set[int] = set()

    def take(self, column: WordColumn) -> None:
        """Look at some rows."""
        self.rows += len(column.codes)
        codes = Counter(column.codes[column.codes >= 0].tolist())
        for code, times in codes.items():
            word = column.words[code]
            self.filled += times
            self.letters += times * len(word)
            self._shapes[self._shape(word)] += times
            self._words.add(hash(word))

    @property
    def names_rows(self) -> bool:
        """Whether each row has a text of its own."""
        return 0 < self.rows == self.filled == len(self._words)

    @property
    def shares(self) -> Mapping[str, float]:
        """The share of the rows for each look; rows without a text have none."""
        return {shape: times / self.rows for shape, times in self._shapes.items()}

    def apart(self, other: "Looks") -> float | None:
        """Say how far apart two columns look, 0..1; `None` where they do not look alike.

        Source: the total variation distance of their looks.
        """
        if not self.filled or not other.filled:
            return None
        lengths = sorted((self.letters / self.filled, other.letters / other.filled))
        looks = {*self.shares, *other.shares}
        far = sum(abs(self.shares.get(s, 0) - other.shares.get(s, 0)) for s in looks) / 2
        return far if far <= _MOST_APART and lengths[1] <= _LONGER * lengths[0] else None


def of_name(word: str) -> str:
    """Say what a name looks like: what stands between its runs of letters and digits.

    >>> of_name("2013-02-08-017"), of_name("N14228"), of_name("AA")
    ('9-9-9-9', 'x', 'a')
    """
    alone = "".join(_RUN.findall(word))
    kind = "9" if alone.isdigit() else "a" if alone.isalpha() else "x"
    return _RUN.sub(kind, word)[:100]


def of_time(day: str) -> Shape:
    """Say of a moment how many days and hours it lies behind the day of its partition."""
    first = date.fromisoformat(day[:10])

    def shape(word: str) -> str:
        found = _DATE.match(word)
        if found is None:
            return of_name(word)
        try:
            days = (date.fromisoformat(found[1]) - first).days
        except ValueError:  # 30 February
            return of_name(word)
        return f"{days} days {found[2] or ''}"

    return shape
