"""Where the number of a finding comes from: the same number of each partition before it."""

from collections.abc import Iterator

import numpy as np

from core.domain.finding import Finding, Kind
from functions.arrays import Floats
from functions.ml.checking.compare import Measured
from functions.ml.checking.explain import KINDS, bin_in_words, quantile_in_words
from functions.ml.checking.series import Statistic, in_units
from functions.ml.checking.statistics import all_shares


def trace_of(finding: Finding, measured: Measured) -> Floats | None:
    """Find the numbers that a finding's last one ends.

    Args:
        finding: of the last partition.
        measured: the same partition behind its history.

    Returns:
        shape (partitions + 1,), in the finding's unit, not-a-number where a partition says
        nothing; `None` for what is no number, such as a relation between columns.
    """
    if finding.seen is None:
        return None
    traces = _shares(finding, measured) if finding.kind is Kind.SHAPE else iter(())
    every = (*traces, *_series(finding, measured))
    return next((values for values in every if np.isclose(values[-1], finding.seen)), None)


def _series(finding: Finding, measured: Measured) -> Iterator[Floats]:
    ruler, together = measured.ruler, measured.together
    if finding.kind is Kind.DISTINCT:
        yield together.distinct[:, ruler.names.index(finding.column)]
        return
    for i, series in enumerate(measured.series):
        is_of_column = series.column == finding.column or series.kind is Statistic.DUPLICATES
        if KINDS[series.kind] is not finding.kind or not is_of_column:
            continue
        detail = series.detail
        named = quantile_in_words(detail) if isinstance(detail, float) else f"`{detail}`"
        if detail is None or named == finding.where:
            yield in_units(series, measured.values[:, i], ruler.columns.get(series.column))


def _shares(finding: Finding, measured: Measured) -> Iterator[Floats]:
    """Follow the bins of a column by the name that the finding has for one of them."""
    ruler = measured.ruler
    at = ruler.names.index(finding.column)
    start, end = ruler.offsets[at], ruler.offsets[at + 1]
    shares = all_shares(measured.together, ruler)[:, start:end]
    for index in range(end - start):
        if bin_in_words(ruler, finding.column, index, finding.unit) == finding.where:
            yield shares[:, index]
