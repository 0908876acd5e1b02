"""One thing that was measured in a partition: the numbers, its class, and how it is said."""

from enum import StrEnum

from core.domain.base import Value
from core.domain.verdict import ErrorClass
from core.domain.wording import Span, number, numbers, percent, percents, with_unit

ROWS = "rows"
"""Stands for the partition as a whole, where a column would stand."""
PLAINLY = 1000.0
"""The score of what needs no measuring, such as a missing column: above every measured score."""

_BULK = 0.5  # from this share of rows on, a column cannot be used


class Kind(StrEnum):
    """What was looked at."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    MISSING = "missing"
    TYPE = "type"
    DUPLICATES = "duplicates"
    NEGATIVE = "negative"
    UNSEEN = "unseen"
    RANGE = "range"
    NULLS = "nulls"
    ZEROS = "zeros"
    ROWS = "rows"
    MEAN = "mean"
    SPREAD = "spread"
    SHAPE = "shape"


class Finding(Value):
    """What was seen in one column, what is usual there, and how far apart the two are."""

    column: str
    """A column of the partition, or `ROWS`."""
    kind: Kind
    score: float
    """In units of its limit: 1 is exactly at the limit, and counts as broken."""
    seen: float | None = None
    usual: Span | None = None
    """From the smallest to the largest that a trusted partition showed; `None` if unknown."""
    where: str | None = None
    """Words for the part that moved: a bin, a category, a type, an object's name."""
    unit: str | None = None
    is_sensitive: bool = False
    """Then no value of the column stands in the sentence, only shares and counts."""

    @property
    def error_class(self) -> ErrorClass:
        """Hard: the column cannot be used; soft: some of its rows are wrong; drift: it moved."""
        if self.kind in _PLAINLY_HARD:
            return ErrorClass.HARD
        if self.kind in _MOVED or self.seen is None:
            return ErrorClass.DRIFT
        low, high = self.usual or (0.0, 0.0)
        if self.kind is Kind.ROWS:
            return _class_of_row_count(self.seen, low)
        if self.seen < high:
            return ErrorClass.DRIFT  # fewer nulls or zeros than usual is not an error of rows
        return ErrorClass.HARD if self.seen - high >= _BULK else ErrorClass.SOFT

    @property
    def sentence(self) -> str:
        """Say it in one sentence, ready for a person."""
        if self.kind is Kind.ROWS:
            return f"{_count(self.seen)} rows, usually {_usual_numbers(self)}"
        said = _SHARES.get(self.kind)
        if said:
            return f"`{self.column}`: {_share(self)} {said}{_usually(self)}"
        if self.kind in _MOVED:
            return f"`{self.column}`: {_movement(self)}"
        return _PLAIN[self.kind].format(column=self.column, where=self.where or "")


_PLAINLY_HARD = frozenset(
    {
        Kind.UNREADABLE,
        Kind.EMPTY,
        Kind.MISSING,
        Kind.TYPE,
        Kind.DUPLICATES,
        Kind.NEGATIVE,
        Kind.UNSEEN,
    }
)
_MOVED = frozenset({Kind.MEAN, Kind.SPREAD, Kind.SHAPE})
_SHARES = {
    Kind.NULLS: "missing",
    Kind.ZEROS: "zeros",
    Kind.NEGATIVE: "negative",
    Kind.RANGE: "far outside everything seen before",
    Kind.UNSEEN: "in categories that are not known",
    Kind.DUPLICATES: "duplicates",
}
_PLAIN = {
    Kind.UNREADABLE: "`{where}` cannot be read as Parquet",
    Kind.EMPTY: "The partition has no rows",
    Kind.MISSING: "`{column}` is missing",
    Kind.TYPE: "`{column}` {where}",
}


def _class_of_row_count(rows: float, usual_low: float) -> ErrorClass:
    if rows <= usual_low * _BULK:
        return ErrorClass.HARD
    return ErrorClass.SOFT if rows < usual_low else ErrorClass.DRIFT


def _share(finding: Finding) -> str:
    said = percent(finding.seen or 0.0)
    is_shown = finding.where is not None and not finding.is_sensitive
    return f"{said} ({finding.where})" if is_shown else said


def _usually(finding: Finding) -> str:
    if finding.usual is None:
        return ""
    return f", usually {percents(finding.usual)}" if finding.usual[1] else ", never before"


def _usual_numbers(finding: Finding) -> str:
    return numbers(finding.usual, finding.unit) if finding.usual else "unknown"


def _count(seen: float | None) -> str:
    return f"{seen or 0:,.0f}"


def _movement(finding: Finding) -> str:
    if finding.kind is Kind.SHAPE:
        where = "in one of its bins" if finding.is_sensitive else finding.where
        return f"{percent(finding.seen or 0.0)} {where}{_usually(finding)}"
    if finding.is_sensitive:
        return f"its {finding.kind} moved, {number(finding.score)} times as far as its limit"
    name = "mean" if finding.kind is Kind.MEAN else "standard deviation"
    seen = with_unit(number(finding.seen or 0.0), finding.unit)
    where = f" ({finding.where})" if finding.where else ""
    return f"{name} {seen}{where}, usually {_usual_numbers(finding)}"
