"""Some objects of a partition: what they look like and what reading them told. Parts merge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from core.domain.reading import Reading
from functions.ml.checking.key_sample import NO_KEYS, KeySample, both, duplicate_share
from functions.ml.checking.profile import Profile, Profiler, merge
from functions.ml.checking.ruler import Ruler
from functions.ml.checking.tally import Tally


@dataclass(frozen=True)
class Part:
    """One object of a partition, or several that were put together."""

    profile: Profile
    keys: KeySample
    reading: Reading
    """Without duplicates: what is a copy of a row of another part, no part knows."""
    tally: Tally
    """Of the rows that break written rules."""

    @classmethod
    def empty(cls, ruler: Ruler, tally: Tally) -> Self:
        """Begin with nothing, for the rules of a tally."""
        return cls(Profiler(ruler).profile, NO_KEYS, Reading(), tally.anew())

    def followed_by(self, later: Self) -> Self:
        """Put two parts together; the first rows, in their order, are those of this one."""
        return type(self)(
            merge(self.profile, later.profile),
            both(self.keys, later.keys),
            self.reading.followed_by(later.reading),
            self.tally.followed_by(later.tally),
        )

    def told(self, key: str, columns: Sequence[str]) -> Reading:
        """Say what reading all of it told; duplicates are those of a sample of keys.

        Counting them exactly would take all keys of the partition in one place; see
        `duplicate_share`.

        Args:
            key: the column that names a row.
            columns: all others, in the order in which they are told.
        """
        reading, names = self.reading, (key, *columns)
        missing = tuple(name for name in names if name in reading.missing)
        if key in missing or key in reading.mistyped:
            return reading.model_copy(update={"missing": missing, "nameless": 0})
        share = duplicate_share(self.keys)
        duplicates = round(share * (reading.rows - reading.nameless))
        return reading.model_copy(update={"missing": missing, "duplicates": duplicates})
