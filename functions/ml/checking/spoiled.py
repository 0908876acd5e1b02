"""Partitions of a history with errors in them, each checked as if it had come after all others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from functions.arrays import Counts, Flags, Floats
from functions.ml.checking.compare import MOST_SURPRISE, Comparison, Measured, compare
from functions.ml.checking.forecast import FIRST_SCORED, choose, forecast
from functions.ml.checking.injecting import Injection, Places
from functions.ml.checking.promises import broken_promises
from functions.ml.checking.relations import (
    LEAST_MEAN,
    LEAST_SPREAD,
    regress,
    regressed,
    relation_errors,
)
from functions.ml.checking.ruler import NumberRuler, Ruler, WordRuler
from functions.ml.checking.series import ROWS, Series, Statistic
from functions.ml.checking.statistics import statistics
from functions.ml.checking.summary import Summary
from functions.ml.checking.surprise import surprise

_AT_ONCE = 60  # kinds of errors in one wide table
_BY_COLUMN = ("facts", "lows", "highs", "counts", "sums", "heads", "distinct", "new")


@dataclass(frozen=True)
class Tried:
    """Errors of one kind in one column."""

    column: str
    injection: Injection
    sizes: Floats


@dataclass(frozen=True)
class Spoiling:
    """A history, and those of its partitions into which errors are put."""

    history: Summary
    """Shape (partitions, ...), oldest first."""
    ruler: Ruler
    weekdays: Counts | None
    """Shape (partitions,), 0..6; `None` where partitions are not days."""
    partitions_per_false_alarm: int
    held_out: Sequence[int]

    @cached_property
    def places(self) -> "list[HeldOut]":
        """Those that are well as they are; all of them if none is."""
        every = [self._held_out(at) for at in self.held_out]
        return [one for one in every if one.is_well] or every

    def caught(self, tried: Sequence[Tried]) -> list[Flags]:
        """Say which errors a check would catch; for each kind, shape (partitions, sizes)."""
        some = (tried[i : i + _AT_ONCE] for i in range(0, len(tried), _AT_ONCE))
        of_columns = [one for these in some for one in self._caught_in_columns(these)]
        of_relations = (
            np.stack([place.relations_broken_by(one) for place in self.places]) for one in tried
        )
        return [a | b for a, b in zip(of_columns, of_relations, strict=True)]

    def _held_out(self, at: int) -> "HeldOut":
        others = [i for i in range(len(self.history)) if i != at]
        days = None if self.weekdays is None else self.weekdays[[*others, at]]
        measured = Measured.of(self.history[others], self.history[at], self.ruler)
        as_it_is = compare(measured, days, self.partitions_per_false_alarm)
        return HeldOut(at, others, days, as_it_is, Relations.of(measured, as_it_is))

    def _caught_in_columns(self, tried: Sequence[Tried]) -> list[Flags]:
        """Give each error a column of its own in one wide table, and check that.

        Its limit is another one than that of the table; so all scores differ by one factor, which
        columns tell that are as they were.
        """
        known = sorted({place.worst for place in self.places})
        untouched = [self._part(name, None) for name in known]
        wide = _Wide.of([*untouched, *(self._part(one.column, one) for one in tried)])
        is_caught = []
        for i, place in enumerate(self.places):
            measured = wide.measured(place.others, i)
            compared = compare(measured, place.weekdays, self.partitions_per_false_alarm)
            scores = np.array([compared.scores[name] for name in wide.ruler.names])
            score = scores[known.index(place.worst)]
            factor = place.as_it_is.scores[place.worst] / score if score else 1.0
            before, seen, rows = measured.values[:-1], measured.values[-1], measured.together.rows
            broken = broken_promises(measured.series, before, seen, rows)
            blamed = {promise.series.column for promise in broken}
            has_broken = np.array([name in blamed for name in wide.ruler.names])
            is_caught.append((scores * factor >= 1) | has_broken)
        ends = np.cumsum([len(known), *(len(one.sizes) for one in tried)])
        return np.split(np.stack(is_caught), ends[:-1], axis=1)[1:]

    def _part(self, column: str, tried: Tried | None) -> "_Part":
        """Spoil a column of all that is held out; `None` leaves it as it is."""
        past = self.history.only(self.ruler, [column])
        held_out = [place.at for place in self.places]
        if tried is None:
            now = past[held_out]
        else:
            repeated = past[[at for at in held_out for _ in tried.sizes]]
            now = tried.injection.spoiled(repeated, np.tile(tried.sizes, len(held_out)))
        return _Part(column, self.ruler.only([column]), past, now, len(held_out))


@dataclass(frozen=True)
class HeldOut:
    """One partition beside all others."""

    at: int
    others: list[int]
    weekdays: Counts | None
    """Of the others and then of this one."""
    as_it_is: Comparison
    relations: "Relations | None"

    @property
    def is_well(self) -> bool:
        """Whether nothing moved as it is."""
        scores = [*self.as_it_is.scores.values(), *self.as_it_is.relation_scores.values()]
        return max(scores) < 1

    @property
    def worst(self) -> str:
        """The column with the largest score."""
        scores = self.as_it_is.scores
        of_rows = (Statistic.ROWS, Statistic.DUPLICATES)
        return max((name for name in scores if name not in of_rows), key=lambda name: scores[name])

    def relations_broken_by(self, tried: Tried) -> Flags:
        """Say which errors leave a relation broken; shape (sizes,)."""
        if self.relations is None:
            return np.zeros(len(tried.sizes), dtype=bool)
        return self.relations.broken_by(tried)


@dataclass(frozen=True)
class _Part:
    """One column: its history, and the errors in those of its partitions that are held out."""

    column: str
    ruler: Ruler
    past: Summary
    """Shape (partitions, ...)."""
    now: Summary
    """Shape (held out * errors, ...)."""
    held_out: int

    @property
    def errors(self) -> int:
        """How many there are for each partition."""
        return len(self.now) // self.held_out

    def beside(self, field: str) -> tuple[Floats, Floats]:
        """Take an array once for each error: of the history, and of what is held out."""
        before, after = getattr(self.past, field), getattr(self.now, field)
        past = np.concatenate([before] * self.errors, axis=1)
        return past, after.reshape(self.held_out, -1, *after.shape[2:])

    def measured(self) -> tuple[list[Series], Floats, Floats]:
        """Measure them; shapes (partitions, errors * statistics) and (held out, the same)."""
        series, past = statistics(self.past, self.ruler)
        _, now = statistics(self.now, self.ruler)
        own = [i for i, one in enumerate(series) if one.column != ROWS]
        before = np.tile(past[:, own], self.errors)
        return [series[i] for i in own], before, now[:, own].reshape(self.held_out, -1)


@dataclass(frozen=True)
class _Wide:
    """A table in which each error has a column of its own."""

    ruler: Ruler
    past: Summary
    now: Summary
    series: list[Series]
    before: Floats
    seen: Floats

    @classmethod
    def of(cls, parts: Sequence[_Part]) -> Self:
        """Put columns beside each other."""
        columns: dict[str, NumberRuler | WordRuler] = {}
        series: list[Series] = []
        before: list[Floats] = []
        seen: list[Floats] = []
        for part in parts:
            measured, values_before, values_seen = part.measured()
            before.append(values_before)
            seen.append(values_seen)
            for _ in range(part.errors):
                name = f"{part.column} {len(columns)}"
                columns[name] = part.ruler.columns[part.column]
                series += [Series(name, one.kind, one.detail) for one in measured]
        fields = {field: [part.beside(field) for part in parts] for field in _BY_COLUMN}
        past = {f: np.concatenate([pair[0] for pair in pairs], 1) for f, pairs in fields.items()}
        now = {f: np.concatenate([pair[1] for pair in pairs], 1) for f, pairs in fields.items()}
        alone = [_alone(parts[0].past), _alone(parts[0].now[:: parts[0].errors])]
        return cls(
            Ruler(columns, ()),
            replace(alone[0], **past),
            replace(alone[1], **now),
            series,
            np.hstack(before),
            np.hstack(seen),
        )

    def measured(self, others: list[int], i: int) -> Measured:
        """Put one of what is held out behind its history."""
        together = self.past[others].followed_by(self.now[i])
        values = np.vstack([self.before[others], self.seen[i]])
        return Measured(self.ruler, together, self.series, values)


def _alone(summary: Summary) -> Summary:
    """Leave out how columns go together."""
    return replace(summary, products=summary.products[:, -1:, -1:])


@dataclass(frozen=True)
class Relations:
    """How far the regressions of one partition may be off before it is blamed."""

    ruler: Ruler
    products: Floats
    """Shape (related + 1, related + 1), of the partition as it is."""
    rows: float
    weights: Floats
    """Shape (targets, related + 1)."""
    expected: Floats
    """Shape (2 * targets,)."""
    margin: Floats
    """Shape (2 * targets,): errors that are this far from what is expected reach the limit."""

    @classmethod
    def of(cls, measured: Measured, compared: Comparison) -> Self | None:
        """Learn it from what `compare` said; `None` where it said nothing of relations."""
        targets = len(regressed(measured.ruler))
        worst = max(compared.relation_scores.values(), default=0.0)
        if not worst:
            return None
        products = measured.together.products.astype(np.float64)
        weights = regress(products[:-1], targets)
        errors = relation_errors(products, weights)
        forecasts = forecast(errors[:-1], None)
        chosen = choose(np.abs(errors[:-1] - forecasts[:, :-1]))
        off = errors - np.take_along_axis(forecasts, chosen[None], axis=0)[0]
        least = np.repeat([LEAST_MEAN, LEAST_SPREAD], targets)
        _, per_unit = surprise(off[FIRST_SCORED:-1], np.ones(len(least)), least)
        limit = min(float((np.abs(off[-1]) * per_unit).max()), MOST_SURPRISE) / worst
        return cls(
            measured.ruler,
            products[-1],
            float(measured.together.rows[-1]),
            weights,
            errors[-1] - off[-1],
            limit / per_unit,
        )

    def broken_by(self, tried: Tried) -> Flags:
        """Say which errors leave a relation broken; shape (sizes,)."""
        places = Places.of(tried.column, self.ruler, self.rows)
        if not len(places.own):
            return np.zeros(len(tried.sizes), dtype=bool)
        spoiled = tried.injection.related(self.products, places, tried.sizes)
        errors = relation_errors(spoiled, self.weights)
        return np.asarray((np.abs(errors - self.expected) >= self.margin).any(axis=1))
