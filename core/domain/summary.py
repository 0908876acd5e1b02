"""What a partition looks like: small, without any row of it; the unit of history."""

from typing import Literal

from pydantic import Field

from core.domain.base import Value


class ColumnSummary(Value):
    """One column of one partition, counted on bins that were frozen when its reference was."""

    type: Literal["number", "category"]
    nulls: int
    """Rows without a value; not-a-number and infinite count as such."""
    counts: tuple[int, ...]
    """Rows in each bin: numbers on frozen edges; each known category, then all others."""
    zeros: int = 0
    negatives: int = 0
    outside: int = 0
    """Rows outside the range that the reference promises; 0 where none is promised."""
    mean: float | None = None
    """`None`, as those below, for categories, without values, and in a sensitive column."""
    spread: float | None = None
    """Standard deviation."""
    low: float | None = None
    high: float | None = None

    @property
    def rows(self) -> int:
        """All rows, those without a value included."""
        return self.nulls + self.filled

    @property
    def filled(self) -> int:
        """Rows with a value."""
        return sum(self.counts)

    @property
    def null_share(self) -> float:
        """0..1; 0 without rows."""
        return self.nulls / self.rows if self.rows else 0.0

    @property
    def zero_share(self) -> float:
        """Of the rows with a value, 0..1; 0 without any."""
        return self.zeros / self.filled if self.filled else 0.0


class Summary(Value):
    """One partition."""

    schema_number: int = 1
    partition: str
    rows: int
    duplicates: int = 0
    """Rows whose key was there before; each counts once."""
    nameless: int = 0
    """Rows without a key."""
    columns: dict[str, ColumnSummary]
    missing: tuple[str, ...] = ()
    """Columns of the config that are not there."""
    mistyped: dict[str, str] = Field(default_factory=dict)
    """Columns that hold something else than the config says, and what in words."""
    unreadable: tuple[str, ...] = ()
    """Names of objects that are not Parquet."""
