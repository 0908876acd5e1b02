"""From Arrow's memory to NumPy's and back, by its buffers.

Arrow's own conversions import pandas where it is installed: a third of a second, and 40 MiB.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from functions.arrays import Counts, Floats


def floats(column: pa.ChunkedArray | pa.Array, *, where_null: float) -> Floats:
    """Read a column of `float64`, with this where it has no value."""
    return _values(column.fill_null(_scalar(np.float64(where_null))), np.dtype(np.float64))


def whole_numbers(column: pa.ChunkedArray | pa.Array, *, where_null: int) -> Counts:
    """Read a column of any kind of integers, with this where it has no value."""
    column = column.cast(pa.int64()).fill_null(_scalar(np.int64(where_null)))
    return _values(column, np.dtype(np.int64))


def one(value: int) -> pa.Array:
    """Make an array of one integer."""
    return pa.Array.from_buffers(pa.int64(), 1, [None, pa.py_buffer(np.int64(value).tobytes())])


def null(kind: pa.DataType) -> pa.Scalar:
    """Make a null."""
    return pa.nulls(1, kind)[0]


def _scalar(value: np.float64 | np.int64) -> pa.Scalar:
    kind = pa.float64() if isinstance(value, np.float64) else pa.int64()
    return pa.Array.from_buffers(kind, 1, [None, pa.py_buffer(value.tobytes())])[0]


def _values(column: pa.ChunkedArray | pa.Array, kind: np.dtype[Any]) -> NDArray[Any]:
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    parts = [
        np.frombuffer(chunk.buffers()[1], kind, len(chunk), chunk.offset * kind.itemsize)
        for chunk in chunks
        if len(chunk)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, kind), *parts])
