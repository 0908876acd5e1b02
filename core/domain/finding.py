"""One thing that was measured in a partition: the numbers, its class, and how it is said."""

from enum import StrEnum

from core.domain.base import Value
from core.domain.partition import format_of
from core.domain.verdict import ErrorClass
from core.domain.wording import Span, likely, number, numbers, percent, percents, with_unit

ROWS = "rows"
"""Stands for the partition as a whole, where a column would stand."""
PLAINLY = 1000.0
"""The score of what needs no measuring, such as a missing column: above every measured score."""

_BULK = 0.5  # from this share of rows on, a column cannot be used
_BULK_UNSEEN = 0.15  # and from this share on, it speaks another language
_CONSTANT = 0.99


class Kind(StrEnum):
    """What was looked at."""

    UNREADABLE = "unreadable"
    MANIFEST = "manifest"
    EMPTY = "empty"
    MISSING = "missing"
    TYPE = "type"
    DUPLICATES = "duplicates"
    COPY = "copy"
    NEGATIVE = "negative"
    UNSEEN = "unseen"
    NULLS = "nulls"
    ZEROS = "zeros"
    MINUS_ONES = "minus ones"
    FRACTIONS = "fractions"
    DECIMALS = "decimals"
    RANGE = "range"
    PADDED = "padded"
    FOREIGN = "foreign"
    UPPER = "upper"
    LOWER = "lower"
    CONSTANT = "constant"
    PEAK = "peak"
    ROWS = "rows"
    DISTINCT = "distinct"
    LENGTH = "length"
    MEAN = "mean"
    SPREAD = "standard deviation"
    LOW = "smallest value"
    HIGH = "largest value"
    QUANTILE = "quantile"
    SHAPE = "shape"
    ENTROPY = "entropy"
    RELATION = "relation"
    WRITTEN = "written"
    """A rule that a person wrote."""


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
    config_key: str | None = None
    """Of a missing column that another one looks like: where the config names it."""
    unit: str | None = None
    is_sensitive: bool = False
    """Then no value of the column stands in the sentence, only shares and counts."""
    is_ruled_out: bool = False
    """Whether the contract in force rules it out although it was there before."""
    rule_of: str | None = None
    """Who wrote the rule that is broken; `None` for what was learned."""
    is_near: bool = False
    """Whether what was never there lies only a little beyond what was: it may be the season."""

    @property
    def error_class(self) -> ErrorClass:
        """Hard: the column cannot be used; soft: some of its rows are wrong; drift: it moved."""
        low, high = self.usual or (0.0, 0.0)
        seen = self.seen or 0.0
        if self.kind is Kind.NEGATIVE and not high:
            return ErrorClass.SOFT if self.is_near else ErrorClass.HARD
        is_constant = self.kind is Kind.PEAK and high < _CONSTANT <= seen
        if self.kind in _PLAINLY_HARD or is_constant:
            return ErrorClass.HARD
        if self.kind in _MOVED or self.seen is None:
            return ErrorClass.DRIFT
        if self.kind is Kind.ROWS:
            return _class_of_row_count(seen, low)
        if seen < high:
            return ErrorClass.DRIFT  # fewer nulls or zeros than usual is not an error of rows
        bulk = _BULK_UNSEEN if self.kind is Kind.UNSEEN else _BULK
        return ErrorClass.HARD if seen - high >= bulk else ErrorClass.SOFT

    @property
    def way(self) -> str | None:
        """Tell apart what may go wrong with one column: the kind of error, or where it moved.

        `None` for what moved and has no direction, as a shape has none.
        """
        if self.kind not in _MOVED:
            return self.kind
        if self.kind not in _HAVE_DIRECTION or self.seen is None or self.usual is None:
            return None
        low, high = self.usual
        return "more" if self.seen > high else "less" if self.seen < low else None

    @property
    def sentence(self) -> str:
        """Say it in one sentence, ready for a person."""
        if self.kind is Kind.ROWS:
            return f"{_count(self.seen)} rows, usually {_usual_numbers(self)}"
        if self.kind in _SHARES:
            return f"`{self.column}`: {_share(self)} {_SHARES[self.kind]}{_usually(self)}"
        if self.kind in _MOVED:
            return f"`{self.column}`: {_movement(self)}"
        if self.kind is Kind.COPY and self.column == ROWS:
            return "The partition is a copy of an earlier one"
        if self.kind is Kind.WRITTEN and self.column == ROWS:
            return self.where or ""
        where = self.where or ""
        likeness = f"; {likely(where, self.config_key)}" if where else ""
        return _PLAIN[self.kind].format(
            column=self.column, where=where, format=format_of(where), likeness=likeness
        )


_PLAINLY_HARD = frozenset(
    {
        Kind.UNREADABLE,
        Kind.MANIFEST,
        Kind.EMPTY,
        Kind.MISSING,
        Kind.TYPE,
        Kind.DUPLICATES,
        Kind.COPY,
        Kind.WRITTEN,
        Kind.CONSTANT,
    }
)
_MOVED = frozenset(
    {
        Kind.PEAK,
        Kind.DISTINCT,
        Kind.LENGTH,
        Kind.MEAN,
        Kind.SPREAD,
        Kind.LOW,
        Kind.HIGH,
        Kind.QUANTILE,
        Kind.SHAPE,
        Kind.ENTROPY,
        Kind.RELATION,
    }
)
_HAVE_DIRECTION = frozenset({Kind.MEAN, Kind.LENGTH, Kind.LOW, Kind.HIGH, Kind.QUANTILE})
_SHARES = {
    Kind.NULLS: "missing",
    Kind.ZEROS: "zeros",
    Kind.NEGATIVE: "negative",
    Kind.MINUS_ONES: f"are {number(-1)}",
    Kind.FRACTIONS: "are no whole numbers",
    Kind.DECIMALS: "have more decimals than values used to have",
    Kind.RANGE: "far outside everything seen before",
    Kind.PADDED: "begin or end with a blank",
    Kind.FOREIGN: "have unusual letters",
    Kind.UPPER: "in capitals",
    Kind.LOWER: "in small letters",
    Kind.UNSEEN: "in categories that are not known",
    Kind.DUPLICATES: "duplicates",
}
_PLAIN = {
    Kind.UNREADABLE: "`{where}` cannot be read as {format}",
    Kind.MANIFEST: "Its manifest says otherwise: {where}",
    Kind.EMPTY: "The partition has no rows",
    Kind.MISSING: "`{column}` is missing{likeness}",
    Kind.TYPE: "`{column}` {where}",
    Kind.CONSTANT: "`{column}`: {where} in every row",
    Kind.COPY: "`{column}`: holds again what an earlier partition held",
    Kind.WRITTEN: "`{column}`: {where}",
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
    if finding.is_ruled_out:
        return ", which the contract rules out"
    if finding.usual is None or finding.kind is Kind.RANGE:
        return ""
    return f", usually {percents(finding.usual)}" if finding.usual[1] else ", never before"


def _usual_numbers(finding: Finding, unit: str | None = None) -> str:
    return numbers(finding.usual, unit) if finding.usual else "unknown"


def _count(seen: float | None) -> str:
    return f"{seen or 0:,.0f}"


def _movement(finding: Finding) -> str:
    if finding.kind in _UNTOLD:
        return _UNTOLD[finding.kind]
    if finding.kind in {Kind.PEAK, Kind.SHAPE}:
        where = "in one of its bins" if finding.is_sensitive else finding.where
        where = "hold much the same value" if finding.kind is Kind.PEAK else where
        return f"{percent(finding.seen or 0.0)} {where}{_usually(finding)}"
    if finding.kind is Kind.DISTINCT:
        return f"{_count(finding.seen)} distinct values, usually {_usual_numbers(finding)}"
    name = finding.where if finding.kind is Kind.QUANTILE else finding.kind
    if finding.is_sensitive:
        return f"its {name} moved, {number(finding.score)} times as far as its limit"
    unit = "letters" if finding.kind is Kind.LENGTH else finding.unit
    seen = with_unit(number(finding.seen or 0.0), unit)
    return f"{name} {seen}, usually {_usual_numbers(finding, unit)}"


_UNTOLD = {
    Kind.RELATION: "does not go with the other columns as it used to",
    Kind.ENTROPY: "its categories are mixed otherwise than usual",
}
