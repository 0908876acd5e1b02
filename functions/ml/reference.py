"""What a model's partitions are measured with and compared with: a ruler and a history on it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np

from functions.arrays import Hashes, NumberColumn, Sized, WordColumn
from functions.ml.hashing import hash_words
from functions.ml.profile import Profiler
from functions.ml.ruler import NumberRuler, Ruler, WordRuler, rule_numbers, rule_words
from functions.ml.summary import Summary, close


@dataclass(frozen=True)
class Day:
    """All rows of one trusted partition."""

    parts: Sequence[Sized]
    duplicates: float | None
    """The share of rows whose key was there before, 0..1; `None` where rows have no key."""


@dataclass(frozen=True)
class Reference:
    """Learned once from trusted partitions, never changed afterwards."""

    ruler: Ruler
    partitions: tuple[str, ...]
    """The trusted window, oldest first."""
    summaries: Summary
    """Shape (partitions, ...)."""


def learn(
    days: Mapping[str, Day], kinds: Mapping[str, str], sensitive: AbstractSet[str] = frozenset()
) -> Reference:
    """Learn a ruler from all rows of some partitions, then measure each of them with it.

    Args:
        days: at least one trusted partition by name, each with all columns.
        kinds: `number` or `category` of each column.
        sensitive: columns whose values no sentence may hold.
    """
    names = sorted(days)
    columns: dict[str, NumberRuler | WordRuler] = {}
    new: list[list[float]] = []
    for column, kind in kinds.items():
        taken = [[part.batch[column] for part in days[name].parts] for name in names]
        if kind == "number":
            rule: NumberRuler | WordRuler = _number_ruler(taken)
            new.append([0.0] * len(names))
        else:
            counted = [_counted(parts) for parts in taken]
            rule = _word_ruler(taken, counted)
            new.append(_of_one_partition(counted))
        columns[column] = replace(rule, is_sensitive=column in sensitive)
    ruler = Ruler.of(columns)
    summaries = Summary.stack([_summary(days[name], ruler) for name in names])
    summaries.new[:] = np.array(new).T
    return Reference(ruler, tuple(names), summaries)


def _summary(day: Day, ruler: Ruler) -> Summary:
    profiler = Profiler(ruler)
    for part in day.parts:
        profiler.take(part)
    return close(profiler.profile, [_NO_WORDS] * len(ruler.columns), day.duplicates)


_NO_WORDS: Hashes = np.zeros(0, dtype=np.uint64)


def _number_ruler(taken: Sequence[Sequence[NumberColumn | WordColumn]]) -> NumberRuler:
    values = [part.values for day in taken for part in day if isinstance(part, NumberColumn)]
    every = np.concatenate([np.zeros(0), *values])
    filled = every[~np.isnan(every)]
    return rule_numbers(filled, had_nulls=len(filled) < len(every))


def _word_ruler(
    taken: Sequence[Sequence[NumberColumn | WordColumn]], counted: Sequence[Counter[str]]
) -> WordRuler:
    parts = [part for day in taken for part in day if isinstance(part, WordColumn)]
    together: Counter[str] = Counter()
    for words in counted:
        together.update(words)
    had_nulls = any(bool((part.codes < 0).any()) for part in parts)
    return rule_words(together, hash_words(together), had_nulls=had_nulls)


def _counted(parts: Sequence[NumberColumn | WordColumn]) -> "Counter[str]":
    counts: Counter[str] = Counter()
    for part in parts:
        if isinstance(part, WordColumn):
            times = np.bincount(part.codes + 1, minlength=len(part.words) + 1)[1:]
            counts.update(dict(zip(part.words, times.tolist(), strict=True)))
    return counts


def _of_one_partition(counted: Sequence[Counter[str]]) -> list[float]:
    """Count the rows of each partition whose word no other one has: new words, one left out."""
    homes = Counter(word for words in counted for word in words)
    return [float(sum(n for word, n in words.items() if homes[word] == 1)) for words in counted]
