"""How small an error the checks see, found by putting errors into partitions of the history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor, log10

import numpy as np

from core.domain.sensitivity import Injected
from functions.arrays import Counts, Flags, Floats
from functions.ml.checking.column_profile import Fact
from functions.ml.checking.injecting import Injection, Like, Moved, row_of, unknown_word
from functions.ml.checking.ruler import Ruler, WordRuler
from functions.ml.checking.spoiled import Spoiling, Tried
from functions.ml.checking.summary import Summary

MOST_HELD_OUT = 10
"""The newest partitions, into each of which errors are put."""
_SHARES = (0.001, 1.0)
_MOVES = (0.01, 10.0)  # standard deviations
_FIRST, _BETWEEN = 4, 3  # sizes of one error that are tried at once
_ROUNDS = 3  # each looks between two sizes of the one before
_DIGITS = 2

Sizes = Mapping[tuple[str, Injected], float | None]
"""Of each column and error; of `MOVED` in the column's own unit. `None`: none was caught."""


def smallest_errors(
    history: Summary, ruler: Ruler, weekdays: Counts | None, partitions_per_false_alarm: int
) -> Sizes:
    """Find for each column the smallest error of each kind that is caught.

    It is the smallest from which on every one of the newest partitions is caught, so that nine in
    ten of those to come are: which rows go wrong is chance. Each is taken out in turn and checked,
    with the error in it, as if it had come after all others; so it holds for today's history.

    Args:
        history: shape (partitions, ...), trusted, oldest first, more than `FEWEST_PARTITIONS`.
        ruler: what they were measured with.
        weekdays: shape (partitions,), 0..6; `None` where partitions are not days.
        partitions_per_false_alarm: the alarm budget.

    Source: injecting errors into a table's own past: Tu et al., Auto-Validate by-History (KDD
    2023), who choose checks by it; here it only states what the checks see.
    """
    newest = range(len(history))[-MOST_HELD_OUT:]
    spoiling = Spoiling(history, ruler, weekdays, partitions_per_false_alarm, newest)
    done: list[_Trial] = []
    trials = [trial for name in ruler.names for trial in _trials(name, history, ruler)]
    for _ in range(_ROUNDS):
        caught = spoiling.caught([trial.tried for trial in trials])
        narrowed = [
            trial.narrowed(np.all(some[_has_values(trial.column, spoiling)], axis=0))
            for trial, some in zip(trials, caught, strict=True)
        ]
        done += [trial for trial in narrowed if not len(trial.sizes)]
        trials = [trial for trial in narrowed if len(trial.sizes)]
    found: dict[tuple[str, Injected], float | None] = {}
    for trial in [*done, *trials]:
        of = (trial.column, trial.kind)
        other = found.get(of, 0.0)  # a column moves either way: the larger of both is told
        found[of] = None if trial.found is None or other is None else max(trial.found, other)
    return found


@dataclass(frozen=True)
class _Trial:
    """One kind of error in one column, and the sizes of it that are tried next."""

    column: str
    kind: Injected
    injection: Injection
    sizes: Floats
    """Rising."""
    step: float | None = None
    """Sizes are multiples of it; `None` where any is possible."""
    low: float | None = None
    """The largest that was missed below `found`; `None` when none was."""
    found: float | None = None
    """The smallest from which on all were caught; `None` as long as there is none."""

    @property
    def tried(self) -> Tried:
        """Say what to put into a partition."""
        return Tried(self.column, self.injection, self.sizes)

    def narrowed(self, is_caught: Flags) -> "_Trial":
        """Try next what lies below the smallest size from which on all are caught.

        Args:
            is_caught: shape (sizes,).
        """
        missed = np.flatnonzero(~is_caught)
        at = int(missed[-1]) + 1 if len(missed) else 0
        low = float(self.sizes[at - 1]) if at else self.low
        found = float(self.sizes[at]) if at < len(self.sizes) else self.found
        if found is None:
            return replace(self, sizes=self.sizes[:0])
        between = np.geomspace(low or found, found, _BETWEEN + 2)[1:-1].tolist()
        sizes = {round_up(size, self.step) for size in between} if low else set()
        return replace(self, found=found, low=low, sizes=np.array(sorted(sizes - {low, found})))


def _has_values(column: str, spoiling: Spoiling) -> Flags:
    """Say which partitions have values in a column, shape (held out,): others cannot lose any."""
    at = [place.at for place in spoiling.places]
    i = spoiling.ruler.names.index(column)
    return np.asarray(spoiling.history.facts[at, i, Fact.NULLS] < spoiling.history.rows[at])


def _first(low: float, high: float, step: float | None) -> Floats:
    """Choose sizes from `low` to `high`, evenly by ratio."""
    sizes = np.geomspace(low, high, _FIRST).tolist()
    return np.unique([round_up(size, step) for size in sizes])


def round_up(size: float, step: float | None = None) -> float:
    """Keep two digits or whole steps, so that what is said is no smaller than what is caught.

    >>> round_up(0.0312), round_up(0.03), round_up(2.5, step=1.0)
    (0.032, 0.03, 3.0)
    """
    unit = step or 10.0 ** (floor(log10(size)) - _DIGITS + 1)
    return round(ceil(round(size / unit, 6)) * unit, 12)


def _trials(name: str, history: Summary, whole: Ruler) -> Iterator[_Trial]:
    ruler, rule = whole.only([name]), whole.columns[name]
    shares = _first(*_SHARES, step=None)
    rows: dict[Injected, float | str | None] = {Injected.NULLS: None}
    if not isinstance(rule, WordRuler):
        rows |= {Injected.ZEROS: 0.0, Injected.MINUS_ONES: -1.0}
    elif rule.words:
        rows |= {Injected.COMMON: rule.words[0], Injected.UNKNOWN: unknown_word(rule.words)}
    for kind, value in rows.items():
        yield _Trial(name, kind, Like(row_of(value, ruler)), shares)
    if not isinstance(rule, WordRuler):
        has_fractions = history.only(whole, [name]).facts[:, 0, Fact.FRACTIONS].any()
        step = None if has_fractions else 10.0**-rule.decimals
        low, high = (max(size * rule.unit, step or 0.0) for size in _MOVES)
        for sign in (1, -1):
            sizes = _first(low, high, step)
            yield _Trial(name, Injected.MOVED, Moved(rule, sign, step), sizes, step)
