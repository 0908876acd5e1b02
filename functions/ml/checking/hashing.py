"""64-bit names of values and rows: the same value has the same one in every partition."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import numpy as np

from functions.arrays import Counts, Floats, Hashes

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_GENEROUS, _WORTH_IT = 4, 16  # of most: taken to be sure; rows from which looking twice pays
_SECOND = np.uint64(0x94D049BB133111EB)


def mix(values: Hashes) -> Hashes:
    """Scatter 64-bit numbers so that close ones end far apart.

    Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators (OOPSLA 2014),
    the finaliser of SplitMix64.
    """
    mixed = values + _STEP
    mixed ^= mixed >> np.uint64(30)
    mixed *= _FIRST
    mixed ^= mixed >> np.uint64(27)
    mixed *= _SECOND
    mixed ^= mixed >> np.uint64(31)
    return mixed


NO_NUMBER: Final = mix(np.array([np.nan]).view(np.uint64))[0]
"""The name of not-a-number."""


def hash_numbers(values: Floats) -> Hashes:
    """Name numbers; all not-a-numbers have one name, and so do both zeros."""
    plain = np.where(np.isnan(values), np.nan, values + 0.0)
    return mix(plain.view(np.uint64))


def hash_words(words: Iterable[str]) -> Hashes:
    """Name words."""
    digests = b"".join(blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def smallest(hashes: Hashes, most: int) -> Hashes:
    """Keep the smallest distinct hashes, rising: a sample of the distinct values, to be merged.

    Args:
        hashes: shape (n,), in any order, repeated or not.
        most: how many to keep.

    Source: Bar-Yossef et al., Counting distinct elements in a data stream (RANDOM 2002).
    """
    return _rising(_candidates(hashes, most))[:most]


def smallest_counted(hashes: Hashes, most: int) -> tuple[Hashes, Counts]:
    """Keep the smallest distinct hashes with how often each occurs."""
    few = np.sort(_candidates(hashes, most))
    distinct = _rising(few, is_sorted=True)
    ends = np.searchsorted(few, distinct, side="right")
    return distinct[:most], np.diff(ends, prepend=0)[:most]


def together(
    first: tuple[Hashes, Counts], second: tuple[Hashes, Counts], most: int
) -> tuple[Hashes, Counts]:
    """Merge two samples of distinct hashes and how often each occurs."""
    hashes = np.concatenate([first[0], second[0]])
    counts = np.concatenate([first[1], second[1]])
    distinct = _rising(hashes)
    times = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(times, np.searchsorted(distinct, hashes), counts)
    return distinct[:most], times[:most]


def _candidates(hashes: Hashes, most: int) -> Hashes:
    """Leave out hashes that are too large to be among the smallest; all where in doubt."""
    if len(hashes) > _WORTH_IT * most:
        few = hashes[hashes < np.uint64(_GENEROUS * most / len(hashes) * 2.0**64)]
        if len(_rising(few)) >= most:
            return few
    return hashes


def _rising(hashes: Hashes, *, is_sorted: bool = False) -> Hashes:
    """Sort and leave out repetitions; `numpy.unique` takes ten times as long."""
    rising = hashes if is_sorted else np.sort(hashes)
    is_first = np.ones(len(rising), dtype=bool)
    is_first[1:] = rising[1:] != rising[:-1]
    return rising[is_first]


def distinct_of(kept: Hashes, most: int) -> float:
    """Estimate how many distinct values there are from the smallest hashes that were kept.

    Exact below `most`; above, the standard error is about 1 / sqrt(most - 2).
    """
    if len(kept) < most:
        return float(len(kept))
    return (most - 1) / (float(kept[most - 1]) / 2.0**64)
