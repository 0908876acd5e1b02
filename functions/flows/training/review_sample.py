"""A sample of labelled rows, taken evenly from each partition: a review looks at no more."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from core.domain.model_config import Column
from functions.data.training_set import LabelledRows
from functions.ml.columns import select_all
from functions.ml.losses import Truths

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """Some rows in the order of time."""

    tables: tuple[pa.Table, ...]
    """All columns as they landed, by partition."""
    partitions: tuple[str, ...]
    truths: Truths
    columns: Mapping[str, Column]
    of: int
    """How many rows it was taken from."""

    @property
    def days(self) -> Ints:
        """The number of each row's partition."""
        rows = [table.num_rows for table in self.tables]
        return np.repeat(np.arange(len(rows)), rows)

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.truths)

    def features(self) -> pd.DataFrame:
        """Return what the version reads."""
        return select_all(self.tables, self.columns)

    def then(self, later: "Sample") -> "Sample":
        """Put a later sample behind this one."""
        return Sample(
            (*self.tables, *later.tables),
            (*self.partitions, *later.partitions),
            np.concatenate([self.truths, later.truths]),
            self.columns,
            self.of + later.of,
        )


def sample_of(rows: LabelledRows, columns: Mapping[str, Column], most: int) -> Sample:
    """Take so many rows, evenly spaced within each partition and so the same each time.

    Args:
        rows: at least one partition.
        columns: what the version reads.
        most: how many rows; of fewer all are taken.
    """
    share = min(1.0, most / max(rows.rows, 1))
    tables, truths = [], []
    for one in rows.partitions:
        count = one.features.num_rows
        taken = np.linspace(0, count - 1, int(np.ceil(share * count)), dtype=np.int64)
        tables.append(one.features.take(pa.array(taken)))
        truths.append(np.asarray(one.labels, dtype=np.float64)[taken])
    names = tuple(used.partition for used in rows.used)
    return Sample(tuple(tables), names, np.concatenate(truths), columns, rows.rows)
