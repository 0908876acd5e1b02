"""One look at a training: how far what came since lies from it, and how that is said."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.domain.verdict import Blame, ErrorClass
from core.domain.wording import number, numbers, percent, percents, with_unit
from functions.arrays import Floats
from functions.ml.checking.explain import quantile_in_words, usual_span
from functions.ml.checking.ruler import Ruler
from functions.ml.checking.series import SHARES, Series, Statistic, in_units
from functions.ml.checking.skew import Skew, skew
from functions.ml.checking.statistics import statistics
from functions.ml.checking.summary import Summary

_IN_WORDS: Final = {Statistic.NULLS: "missing", Statistic.ZEROS: "zeros"}


@dataclass(frozen=True)
class Look:
    """Some columns of a training, and the same columns of the partitions that are newest."""

    learned: Summary
    """Shape (partitions, ...)."""
    newest: Summary
    """Shape (`NEWEST`, ...)."""
    ruler: Ruler
    """What both were measured with."""
    units: Mapping[str, str | None]
    sensitive: AbstractSet[str]
    """Columns of which no sentence holds a value."""
    compared_with: str
    """Clause that comes before what is usual: `the champion learned from`."""
    is_output: bool = False
    """Whether the columns are what the champion predicts."""

    def farthest(self, comparisons_per_false_alarm: int) -> Blame | None:
        """Blame the column that lies farthest away, whether or not it reaches the limit.

        Returns:
            `None` where no column can be compared.
        """
        series, before = statistics(self.learned, self.ruler)
        _, now = statistics(self.newest, self.ruler)
        found = skew(series, before, now, comparisons_per_false_alarm)
        if found is None:
            return None
        return Blame(
            column=found.series.column,
            score=found.score,
            error_class=ErrorClass.DRIFT,
            sentence=self._sentence(found, before[:, series.index(found.series)]),
            is_output=self.is_output,
        )

    def _sentence(self, found: Skew, learned: Floats) -> str:
        series = found.series
        name = f"`{series.column}`"
        if series.column in self.sensitive:
            return f"{name}: it has left what {self.compared_with}"
        rule = self.ruler.columns[series.column]
        newest = float(in_units(series, np.array(found.newest), rule))
        span = usual_span(in_units(series, learned, rule)) or (newest, newest)
        if series.kind in SHARES:
            what = _IN_WORDS.get(series.kind, f"`{series.detail}`")
            return f"{name}: {percent(newest)} {what}; {self.compared_with} {percents(span)}"
        unit = self.units.get(series.column)
        seen = with_unit(number(newest), unit)
        return f"{name}: {_called(series)} {seen}; {self.compared_with} {numbers(span, unit)}"


def _called(series: Series) -> str:
    if isinstance(series.detail, float):
        return quantile_in_words(series.detail)
    return "standard deviation" if series.kind is Statistic.SPREAD else "mean"
