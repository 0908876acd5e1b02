"""Predictions of any kind as one Arrow column: a number for each row, or a list of them."""

import numpy as np
import pyarrow as pa

from functions.arrays import Floats


def as_column(predictions: Floats) -> pa.Array:
    """Write predictions of shape (rows,) as numbers, (rows, classes) as lists of that length."""
    if predictions.ndim == 1:
        return pa.array(predictions)
    return pa.FixedSizeListArray.from_arrays(pa.array(predictions.ravel()), predictions.shape[1])


def of_column(column: pa.ChunkedArray) -> Floats:
    """Read them back in the shape that they had."""
    if not pa.types.is_fixed_size_list(column.type):
        return np.asarray(column.to_numpy(), dtype=np.float64)
    values = np.asarray(column.combine_chunks().flatten().to_numpy(), dtype=np.float64)
    return values.reshape(len(column), column.type.list_size)
