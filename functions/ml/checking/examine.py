"""A partition beside its history, as findings: each with a score in units of its limit."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from core.domain.finding import PLAINLY, ROWS, Finding, Kind
from core.domain.wording import Span, number, plain, with_unit
from functions.arrays import Floats
from functions.ml.checking.absences import missing_alone
from functions.ml.checking.blame import ends_of_relations, with_chosen_rows
from functions.ml.checking.compare import MOST_SURPRISE, Comparison, Measured
from functions.ml.checking.explain import KINDS, moved_bin, quantile_in_words, usual_span
from functions.ml.checking.promises import broken_promises
from functions.ml.checking.repeats import is_repeated, repeated_columns
from functions.ml.checking.ruler import NumberRuler
from functions.ml.checking.series import SHARES, Series, Statistic, in_units

_MOST_SCORE = PLAINLY - 1  # whatever is measured stays below what needs no measuring
_REPEATED_COLUMN, _REPEATED_ROWS = 200.0, 500.0
_RELATION_COUNTS = 0.1
_ZERO = 1e-6  # of a column's deviations
_CONSTANT, _TELLS_ALL = 0.99, 2.0  # that it holds one value says all about a column

_TELLING = {
    Statistic.MEAN: 1.3,
    Statistic.NULLS: 1.3,
    Statistic.ZEROS: 1.2,
    Statistic.SPREAD: 0.9,
    Statistic.LOW: 0.8,
    Statistic.HIGH: 0.8,
    Statistic.PEAK: 0.7,
    Statistic.QUANTILE: 0.7,
    Statistic.DISTINCT: 0.6,
    Statistic.SHAPE: 0.4,
    Statistic.LENGTH: 0.5,
    Statistic.ENTROPY: 0.4,
}
"""How readily a person grasps a statistic: the most surprising one is told, by this measure."""


@dataclass(frozen=True)
class About:
    """What sentences need to know of a table besides its numbers."""

    key: str
    units: Mapping[str, str | None]
    sensitive: AbstractSet[str]


def contract_findings(measured: Measured, about: About) -> Iterator[Finding]:
    """Find the promises that were broken, and what is a copy of something earlier."""
    ruler, together = measured.ruler, measured.together
    history, current = together[:-1], together[-1]
    before, now = measured.values[:-1], measured.values[-1]
    for broken in broken_promises(measured.series, before, now, together.rows):
        usual = usual_span(measured.of_series(broken.series)[:-1])
        kind, column = KINDS[broken.series.kind], _named(broken.series, about)
        where = _extreme(measured, column, about) if kind is Kind.RANGE else None
        found = _finding(
            column, kind, broken.score, about, seen=broken.seen, usual=usual, where=where
        )
        yield _placed(found, measured)
    for alone in missing_alone(together, ruler):
        if not alone.is_missing:
            yield _finding(alone.column, Kind.RELATION, alone.score, about)
            continue
        where = f"while `{plain(alone.other)}` is there"
        yield _finding(
            alone.column,
            Kind.NULLS,
            alone.score,
            about,
            seen=alone.share,
            usual=(0.0, 0.0),
            where=where,
        )
    if is_repeated(history, current):
        yield Finding(column=ROWS, kind=Kind.COPY, score=_REPEATED_ROWS)
        return
    for name, is_copy in zip(ruler.names, repeated_columns(together), strict=True):
        if is_copy:
            yield Finding(column=name, kind=Kind.COPY, score=_REPEATED_COLUMN)


def movement_findings(
    measured: Measured, comparison: Comparison, about: About, contract: Sequence[Finding] = ()
) -> Iterator[Finding]:
    """Say of each column how far it moved, and whether it still goes with the others.

    Args:
        measured: the partition behind its history.
        comparison: of the same partition.
        about: what its sentences need to know.
        contract: what was found of the same partition already.
    """
    scores = _scores_of(comparison, contract)
    members: dict[str, list[Series]] = {}
    for series in comparison.surprises:
        members.setdefault(series.group, []).append(series)
    for group, of_group in members.items():
        most_telling = max(of_group, key=lambda series: _weight(series, comparison, measured))
        score = min(scores[group], _MOST_SCORE)
        is_told = score >= 1  # nobody reads the sentence of what is below its limit
        if is_told:
            most_telling = _plainer(most_telling, measured)
        seen, usual, where = _said(most_telling, measured, about) if is_told else (None, None, None)
        kind, column = KINDS[most_telling.kind], _named(most_telling, about)
        found = _finding(column, kind, score, about, seen=seen, usual=usual, where=where)
        yield _placed(found, measured)
    for name, score in _relations_told(comparison).items():
        yield _finding(name, Kind.RELATION, score, about)


def _scores_of(comparison: Comparison, contract: Sequence[Finding]) -> dict[str, float]:
    """Score columns, and the one by which rows seem to have been chosen as much as the worst."""
    scores, relations = comparison.scores, comparison.relation_scores
    broken = {finding.kind for finding in contract if finding.score >= 1}
    are_repeated = Kind.DUPLICATES in broken or scores[Statistic.DUPLICATES] >= 1
    if broken - {Kind.DUPLICATES} or max(relations.values(), default=0.0) >= 1:
        return scores  # rows that were chosen keep what each of them was
    return with_chosen_rows(scores, comparison.shifts, are_repeated=are_repeated)


def _relations_told(comparison: Comparison) -> dict[str, float]:
    # A broken relation points at all of its ends, so it says less of which column it is.
    told = {
        name: score if score < 1 else 1 + _RELATION_COUNTS * (min(score, _MOST_SCORE) - 1)
        for name, score in comparison.relation_scores.items()
    }
    return ends_of_relations(told, comparison.scores, comparison.partners)


def _extreme(measured: Measured, column: str, about: About) -> str:
    """Name the value that lies farthest outside."""
    at, rule = measured.ruler.names.index(column), measured.ruler.columns[column]
    ends = float(measured.together.lows[-1, at]), float(measured.together.highs[-1, at])
    centre = rule.centre if isinstance(rule, NumberRuler) else 0.0
    farthest = max(ends, key=lambda value: abs(value - centre))
    return with_unit(number(farthest), about.units.get(column))


def _placed(found: Finding, measured: Measured) -> Finding:
    """Say whether a column that never came down to zero now lies a deviation lower at the most.

    A dew point may do so in a first winter; a duration that was zero before may never.
    """
    rule = measured.ruler.columns.get(found.column)
    if found.kind is not Kind.NEGATIVE or not isinstance(rule, NumberRuler):
        return found
    lows = measured.together.lows[:, measured.ruler.names.index(found.column)]
    lowest = float(lows[:-1].min())
    is_near = lowest > 0 and float(lows[-1]) >= lowest - rule.unit
    return found.model_copy(update={"is_near": is_near})


def _weight(series: Series, comparison: Comparison, measured: Measured) -> float:
    weight = _TELLING.get(series.kind, 1.0)
    if series.kind is Statistic.PEAK and measured.of_series(series)[-1] >= _CONSTANT:
        weight = _TELLS_ALL
    return weight * min(comparison.surprises[series], MOST_SURPRISE)


def _plainer(series: Series, measured: Measured) -> Series:
    """Tell of a quantile that always was zero how many zeros there are now."""
    zeros = Series(series.column, Statistic.ZEROS)
    rule = measured.ruler.columns.get(series.column)
    if series.kind is not Statistic.QUANTILE or not isinstance(rule, NumberRuler):
        return series
    usual = usual_span(in_units(series, measured.of_series(series), rule)[:-1])
    return zeros if usual is not None and np.allclose(usual, 0, atol=_ZERO * rule.unit) else series


def _said(
    series: Series, measured: Measured, about: About
) -> tuple[float, Span | None, str | None]:
    """Say what was seen, what is usual, and where."""
    ruler, together = measured.ruler, measured.together
    if series.kind is Statistic.SHAPE:
        return moved_bin(together, ruler, series.column, about.units.get(series.column))
    if series.kind is Statistic.DISTINCT:
        distinct = together.distinct[:, ruler.names.index(series.column)]
        return float(distinct[-1]), usual_span(distinct[:-1]), None
    if series.kind in {Statistic.LOW, Statistic.HIGH}:  # on its scale it may have been cut off
        ends = together.lows if series.kind is Statistic.LOW else together.highs
        end = ends[:, ruler.names.index(series.column)]
        return float(end[-1]), usual_span(end[:-1]), None
    rule = ruler.columns.get(series.column)
    values = in_units(series, measured.of_series(series), rule)
    where = f"`{plain(series.detail)}`" if isinstance(series.detail, str) else None
    if isinstance(series.detail, float):
        where = quantile_in_words(series.detail)
    return float(values[-1]), _usual_ever(series, values[:-1]), where


def _usual_ever(series: Series, values: Floats) -> Span | None:
    """Say what is usual; of a share that is zero of late also how large it ever was."""
    usual = usual_span(values)
    most = float(np.nan_to_num(values).max(initial=0.0))
    return (0.0, most) if series.kind in SHARES and usual == (0.0, 0.0) and most else usual


def _named(series: Series, about: About) -> str:
    return about.key if series.kind is Statistic.DUPLICATES else series.column


def _finding(  # noqa: PLR0913 - what a finding holds
    column: str,
    kind: Kind,
    score: float,
    about: About,
    *,
    seen: float | None = None,
    usual: Span | None = None,
    where: str | None = None,
) -> Finding:
    return Finding(
        column=column,
        kind=kind,
        score=score,
        seen=seen if seen is not None and np.isfinite(seen) else None,
        usual=usual,
        where=where,
        unit=about.units.get(column),
        is_sensitive=column in about.sensitive,
    )
