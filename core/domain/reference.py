"""What a model's trusted partitions look like, learned once and never changed afterwards."""

from datetime import date
from math import inf, nextafter
from typing import Literal, Self

from core.domain.base import Value
from core.domain.finding import Kind
from core.domain.model_config import ModelConfig
from core.domain.wording import Span, number, with_unit


class Usual(Value):
    """How one number behaved over the trusted partitions."""

    mean: float
    deviation: float
    """Standard deviation over the partitions."""
    farthest: float
    """The largest distance of a partition from the mean."""
    low: float
    high: float


class Promise(Value):
    """What a column has always kept, so that breaking it is an error and not a movement."""

    never_negative: bool = False
    range: Span | None = None
    """Everything seen, and many times its width on either side; `None`: not promised."""
    most_nulls: float | None = None
    """The share of nulls at which the column is useless; `None` where that was usual."""
    most_unseen: float | None = None
    """The share of rows in unknown categories that is not new business but another coding."""
    nulls: Span = (0.0, 0.0)
    """The smallest and largest share of nulls of a trusted partition."""
    unseen: Span = (0.0, 0.0)
    """The smallest and largest share of rows whose category no other trusted partition had."""


class ColumnReference(Value):
    """One column over all trusted partitions."""

    type: Literal["number", "category"]
    unit: str | None = None
    is_sensitive: bool = False
    edges: tuple[float, ...] = ()
    """Frozen bins of a number: below the first, from each edge to the next, from the last on."""
    words: tuple[str, ...] = ()
    """Known categories; of a sensitive column, their hashes."""
    counts: tuple[int, ...]
    """Rows in each bin, all partitions together; as `ColumnSummary.counts`."""
    shares: tuple[Span, ...]
    """The smallest and largest share of each bin in one partition."""
    spread: float = 0.0
    """Standard deviation over all rows, of a number."""
    promise: Promise
    usual: dict[Kind, Usual]
    """What is compared; a kind that says nothing about this column is not there."""

    def bin_in_words(self, index: int) -> str | None:
        """Name one of the bins for a sentence; `None` where its name would be a sensitive value."""
        if self.is_sensitive:
            return None
        if self.type == "category":
            return f"`{self.words[index]}`" if index < len(self.words) else "in other categories"
        return self._span_in_words(index)

    def between_in_words(self, low: float | None, high: float | None) -> str | None:
        """Say from where to where values go; `None` where that would be a sensitive value."""
        if self.is_sensitive or low is None or high is None:
            return None
        return f"values from {number(low)} to {self.said(high)}"

    def said(self, value: float) -> str:
        """Write a value of this column with its unit."""
        return with_unit(number(value), self.unit)

    def _span_in_words(self, index: int) -> str:
        if not self.edges:
            return "of any value"
        if index == 0:
            return f"below {self.said(self.edges[0])}"
        if index == len(self.edges):
            return f"from {self.said(self.edges[-1])} on"
        low, high = self.edges[index - 1], self.edges[index]
        if high == nextafter(low, inf):  # a value so frequent that it has a bin of its own
            return f"exactly {self.said(low)}"
        return f"from {number(low)} to {self.said(high)}"


def weekday_of(partition: str) -> int:
    """Say which day of the week a partition is, 0 for Monday."""
    return date.fromisoformat(partition).weekday()


class RowCounts(Value):
    """How many rows a partition has, by the day of the week."""

    by_weekday: tuple[float, ...]
    """Seven levels, Monday first."""
    spans: tuple[Span, ...]
    """Seven times the fewest and the most rows that go into a level."""
    usual: Usual
    """Of the logarithm of rows divided by the level of its weekday."""
    most_duplicates: float
    """The largest share of duplicate keys in a trusted partition."""


class Reference(Value):
    """What checks compare a partition with."""

    schema_number: int = 1
    model: str
    config_hash: str
    partitions: tuple[str, ...]
    """The trusted window, oldest first."""
    columns: dict[str, ColumnReference]
    rows: RowCounts
    limit: float | None
    """The one limit of the worst score in a partition; `None`: too few partitions to say."""

    def as_in(self, config: ModelConfig) -> Self:
        """Leave out columns that the config has changed since: they wait for the next training.

        A column that was made sensitive shows no value from that moment on.
        """
        columns = {
            name: column
            for name, column in self.columns.items()
            if name in config.columns
            and column.type == config.columns[name].type
            and column.is_sensitive == (name in config.sensitive)
        }
        return self.model_copy(update={"columns": columns})
