"""A partition's summary beside its reference: findings, each with a score in units of its limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, isnan, log

import numpy as np

from core.domain.finding import PLAINLY, ROWS, Finding, Kind
from core.domain.reference import ColumnReference, Reference, Usual, weekday_of
from core.domain.summary import ColumnSummary, Summary
from core.domain.wording import Span
from functions.ml.contract import broken_promises
from functions.ml.measure import from_log_spread, measures
from functions.ml.movement import distance, noise_of
from functions.ml.stability import psi_terms

_MOST_SCORE = PLAINLY - 1  # whatever is measured stays below what needs no measuring


def plain_findings(summary: Summary, key: str) -> Iterator[Finding]:
    """Find what is plainly wrong, whatever is usual."""
    for name in summary.unreadable:
        yield Finding(column=ROWS, kind=Kind.UNREADABLE, score=PLAINLY, where=name)
    if summary.unreadable:
        return  # what the other objects hold says little
    if not summary.rows:
        yield Finding(column=ROWS, kind=Kind.EMPTY, score=PLAINLY)
        return
    for name in summary.missing:
        yield Finding(column=name, kind=Kind.MISSING, score=PLAINLY)
    for name, what in summary.mistyped.items():
        yield Finding(column=name, kind=Kind.TYPE, score=PLAINLY, where=what)
    if summary.nameless:
        share = summary.nameless / summary.rows
        score = min(float(summary.nameless), _MOST_SCORE)
        yield Finding(column=key, kind=Kind.NULLS, score=score, seen=share, usual=(0.0, 0.0))


def contract_findings(summary: Summary, reference: Reference, key: str) -> Iterator[Finding]:
    """Find what the contract says of this partition, kept promises included."""
    most = reference.rows.most_duplicates
    share = summary.duplicates / max(summary.rows, 1)
    limit = max(1 / max(summary.rows, 1), 2 * most)  # where none was usual, one is too many
    score = min(share / limit, _MOST_SCORE)
    yield Finding(column=key, kind=Kind.DUPLICATES, score=score, seen=share, usual=(0.0, most))
    for name, column in reference.columns.items():
        if name in summary.columns:
            yield from broken_promises(name, summary.columns[name], column)


def movement_findings(summary: Summary, reference: Reference, limit: float) -> Iterator[Finding]:
    """Find how far each number of the partition lies from where it usually is.

    Args:
        summary: the partition.
        reference: what it is compared with.
        limit: the model's one limit, > 0; scores are given in units of it.
    """
    yield _row_count(summary, reference, limit)
    for name, column in reference.columns.items():
        seen = summary.columns.get(name)
        if seen is not None and len(seen.counts) == len(column.counts):
            yield from _movements(name, seen, column, limit)


@dataclass(frozen=True)
class _Said:
    """The numbers that stand in the sentence."""

    seen: float
    usual: Span
    where: str | None = None


def _movements(
    name: str, seen: ColumnSummary, column: ColumnReference, limit: float
) -> Iterator[Finding]:
    for kind, value in measures(seen, np.array(column.counts), column.spread):
        usual = column.usual.get(kind)
        if usual is None or isnan(value):
            continue
        rows = max(seen.rows if kind is Kind.NULLS else seen.filled, 1)
        noise = noise_of(kind, usual, rows, column.spread)
        score = distance(value, usual, noise, only_above=kind is Kind.SHAPE) / limit
        said = _said(kind, value, seen, column, usual)
        yield Finding(
            column=name,
            kind=kind,
            score=min(score, _MOST_SCORE),
            seen=said.seen,
            usual=said.usual,
            where=said.where,
            unit=column.unit,
            is_sensitive=column.is_sensitive,
        )


def _said(
    kind: Kind, value: float, seen: ColumnSummary, column: ColumnReference, usual: Usual
) -> _Said:
    if kind is Kind.SHAPE:
        return _most_moved(seen, column)
    if kind is Kind.SPREAD:
        low, high = (from_log_spread(end, column.spread) for end in (usual.low, usual.high))
        spread = from_log_spread(value, column.spread)
        return _Said(spread, (low, high), column.between_in_words(seen.low, seen.high))
    return _Said(value, (usual.low, usual.high))


def _most_moved(seen: ColumnSummary, column: ColumnReference) -> _Said:
    """Name the bin that adds most to the index."""
    counts = np.array(seen.counts)
    index = int(np.argmax(psi_terms(np.array(column.counts), counts)))
    share = float(counts[index] / counts.sum())
    return _Said(share, column.shares[index], column.bin_in_words(index))


def _row_count(summary: Summary, reference: Reference, limit: float) -> Finding:
    weekday = weekday_of(summary.partition)
    rows = max(summary.rows, 1)
    usual = reference.rows.usual
    ratio = log(rows / reference.rows.by_weekday[weekday])
    score = distance(ratio, usual, noise_of(Kind.ROWS, usual, rows, 0.0)) / limit
    fewest, most = reference.rows.spans[weekday]
    return Finding(
        column=ROWS,
        kind=Kind.ROWS,
        score=min(score, _MOST_SCORE),
        seen=float(summary.rows),
        usual=(fewest, most)
        if fewest < most
        else (fewest * exp(usual.low), most * exp(usual.high)),
    )
