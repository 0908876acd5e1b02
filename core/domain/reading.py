"""What reading a partition told besides its values, and what of that is plainly wrong."""

from collections.abc import Iterator, Mapping
from typing import Final, Self

from pydantic import Field

from core.domain.base import Value
from core.domain.finding import PLAINLY, ROWS, Finding, Kind

_MOST_TOLD: Final = 100


class Reading(Value):
    """One partition as it was read; what is wrong with it is part of the answer."""

    rows: int = 0
    duplicates: int = 0
    """Rows whose key was there before; each counts once."""
    nameless: int = 0
    """Rows without a key."""
    missing: tuple[str, ...] = ()
    """Columns that at least one object does not have."""
    mistyped: Mapping[str, str] = Field(default_factory=dict)
    """Of a column that is not what it should be: what it holds, as the end of a sentence."""
    unreadable: tuple[str, ...] = ()
    """Names of objects that are not what their endings say."""
    others: Mapping[str, str] = Field(default_factory=dict)
    """Columns that the config does not name, so that nothing watches them; what each holds."""

    @property
    def is_usable(self) -> bool:
        """Whether all of it can be learned from."""
        return bool(self.rows) and not (self.unreadable or self.missing or self.mistyped)

    @property
    def told_others(self) -> dict[str, str]:
        """The first of the columns that nothing watches: a record has its limits."""
        return dict(list(self.others.items())[:_MOST_TOLD])

    @property
    def duplicate_share(self) -> float:
        """0..1; 0 without rows."""
        return self.duplicates / self.rows if self.rows else 0.0

    def followed_by(self, later: Self) -> Self:
        """Put what two parts told together; of a row whose key is in both they do not know."""
        return self.model_copy(
            update={
                "rows": self.rows + later.rows,
                "duplicates": self.duplicates + later.duplicates,
                "nameless": self.nameless + later.nameless,
                "missing": tuple(dict.fromkeys((*self.missing, *later.missing))),
                "mistyped": {**self.mistyped, **later.mistyped},
                "unreadable": (*self.unreadable, *later.unreadable),
                "others": {**self.others, **later.others},
            }
        )

    def plain_findings(self, key: str) -> Iterator[Finding]:
        """Find what is plainly wrong, whatever is usual.

        Args:
            key: the column that names a row.
        """
        for name in self.unreadable:
            yield Finding(column=ROWS, kind=Kind.UNREADABLE, score=PLAINLY, where=name)
        if self.unreadable:
            return  # what the other objects hold says little
        if not self.rows:
            yield Finding(column=ROWS, kind=Kind.EMPTY, score=PLAINLY)
            return
        for name in self.missing:
            yield Finding(column=name, kind=Kind.MISSING, score=PLAINLY)
        for name, what in self.mistyped.items():
            yield Finding(column=name, kind=Kind.TYPE, score=PLAINLY, where=what)
        if self.nameless:
            share = self.nameless / self.rows
            score = min(float(self.nameless), PLAINLY - 1)
            yield Finding(column=key, kind=Kind.NULLS, score=score, seen=share, usual=(0.0, 0.0))
