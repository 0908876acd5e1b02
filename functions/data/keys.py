"""The keys that name rows as 64-bit numbers, in which numerics can see which are the same."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.lib.stride_tricks import sliding_window_view

from functions.arrays import Hashes
from functions.data.arrow_batch import plain

_BYTES = 8  # of a number


def key_numbers(parts: Sequence[pa.ChunkedArray]) -> Iterator[tuple[int, Hashes]]:
    """Write out keys as text and lay their bytes out as numbers, those of one length together.

    Returns:
        Lengths in bytes, each with an array of shape (keys, numbers); nulls are left out.
    """
    for part in parts:
        if pa.types.is_timestamp(part.type):
            part = part.cast(pa.timestamp(part.type.unit))  # noqa: PLW2901 - Arrow may not know the zone
        for chunk in plain(part).chunks:
            yield from _of_chunk(chunk.drop_null().cast(pa.large_string()))


def _of_chunk(chunk: pa.LargeStringArray) -> Iterator[tuple[int, Hashes]]:
    _, offsets, data = chunk.buffers()
    if not len(chunk):
        return
    ends = np.frombuffer(offsets, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
    text = np.frombuffer(data or b"", np.uint8)
    lengths = np.diff(ends)
    for length in np.unique(lengths).tolist():
        starts = ends[:-1][lengths == length]
        padded = np.zeros((len(starts), -(-length // _BYTES) * _BYTES), np.uint8)
        if length:
            padded[:, :length] = sliding_window_view(text, length)[starts]
        yield length, padded.view(np.dtype("<u8")).astype(np.uint64)
