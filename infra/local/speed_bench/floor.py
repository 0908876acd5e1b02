"""The least that a check of a partition could cost: read it once, and count.

`python -m infra.local.speed_bench.floor PATH` reads a row group at a time, makes one histogram for
each number and counts each category, and keeps nothing else.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

_BINS: Final = 64


def count(path: Path) -> dict[str, int]:
    """Return how many values were counted in each column."""
    file = parquet.ParquetFile(path)
    ranges: dict[str, tuple[float, float]] = {}
    bins: dict[str, np.ndarray] = {}
    words: dict[str, Counter[str]] = {}
    for place in range(file.num_row_groups):
        group = file.read_row_group(place)
        for name, column in zip(group.column_names, group.columns, strict=True):
            if pa.types.is_floating(column.type):
                values = column.drop_null().to_numpy()
                span = ranges.setdefault(name, (float(values.min()), float(values.max())))
                bins[name] = bins.get(name, 0) + np.histogram(values, _BINS, span)[0]
            else:
                found = pc.value_counts(column.drop_null())
                pairs = zip(found.field(0).to_pylist(), found.field(1).to_pylist(), strict=True)
                words.setdefault(name, Counter()).update(dict(pairs))
    numbers = {name: int(counts.sum()) for name, counts in bins.items()}
    return numbers | {name: counts.total() for name, counts in words.items()}


if __name__ == "__main__":
    count(Path(sys.argv[1]))
