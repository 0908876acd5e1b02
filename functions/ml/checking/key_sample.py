"""Which keys occur more than once, told by a sample of them that can be merged."""

from collections.abc import Iterable, Iterator

import numpy as np

from functions.arrays import Counts, Hashes
from functions.ml.checking.hashing import mix, smallest_counted, together
from functions.ml.checking.many_hashes import ManyHashes

MOST_KEYS = 4096

KeySample = tuple[Hashes, Counts]
"""The smallest hashes of keys, rising, and how many rows each of them names."""

NO_KEYS: KeySample = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))


def sample_keys(keys: Iterable[tuple[int, Hashes]]) -> KeySample:
    """Sample keys by their hashes, so that the same key is in the sample of every part or of none.

    Args:
        keys: lengths, each with the keys of this length, shape (keys, numbers).
    """
    sample = NO_KEYS
    for hashes in _hashes_of(keys):
        sample = both(sample, smallest_counted(hashes, MOST_KEYS))
    return sample


class KeySampler:
    """Samples keys instead of counting them."""

    def __init__(self) -> None:
        self.sample = NO_KEYS

    def take(self, keys: Iterable[tuple[int, Hashes]]) -> None:
        """Add keys; see `sample_keys`."""
        self.sample = both(self.sample, sample_keys(keys))

    def distinct(self, named: int) -> int:
        """Say that all are different: which are not, the sample tells."""
        return named


class KeyCounter:
    """Counts different keys by their hashes; holds little of them, however many there are."""

    def __init__(self) -> None:
        self._hashes = ManyHashes()

    def take(self, keys: Iterable[tuple[int, Hashes]]) -> None:
        """Add keys; see `sample_keys`."""
        for hashes in _hashes_of(keys):
            self._hashes.append(hashes)

    def distinct(self, _named: int) -> int:
        """Say how many different ones there were."""
        return self._hashes.distinct


def _hashes_of(keys: Iterable[tuple[int, Hashes]]) -> Iterator[Hashes]:
    for length, numbers in keys:
        hashes = np.full(len(numbers), mix(np.array([length], dtype=np.uint64))[0])
        for place in range(numbers.shape[1]):
            hashes = mix(hashes ^ numbers[:, place])
        yield hashes


def both(first: KeySample, second: KeySample) -> KeySample:
    """Merge the samples of two parts; the order does not matter."""
    return together(first, second, MOST_KEYS)


def duplicate_share(sample: KeySample) -> float:
    """Estimate the share of rows whose key was there before, 0..1.

    Exact below `MOST_KEYS` keys, and 0 where no key is repeated. Above, every key is as likely as
    any other to be in the sample, so that rows per key in it are an unbiased estimate of rows per
    key; at a share of one in a hundred the standard error is about 0.15 %.

    Source: Cohen and Kaplan, Summarizing data using bottom-k sketches (PODC 2007).
    """
    hashes, times = sample
    return 1 - len(hashes) / max(int(times.sum()), 1) if len(hashes) else 0.0
