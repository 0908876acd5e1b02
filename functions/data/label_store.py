"""The labels of a partition: as they landed, and as they were booked to its predictions."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from core.domain.errors import BadData
from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.ports import Objects
from functions.data.partition_rows import read_rows
from functions.untyped import with_numbers


class WrongLabels(BadData):
    """The labels are not what the config says they are."""

    def __init__(self, column: str, partition: str) -> None:
        super().__init__(
            f"The labels of {partition} need a column `{column}` that holds 0, 1 or nothing."
        )
        self.partition = partition


@dataclass(frozen=True)
class Labels:
    """What is known of the rows of one partition."""

    by_key: "pd.Series[int]"
    """0 or 1 for each row that has a label, sorted by the row's key."""

    @property
    def content_hash(self) -> str:
        """Name the labels by what they say, whatever objects they came in."""
        keys, values = "\n".join(self.by_key.index), self.by_key.to_numpy(np.int8).tobytes()
        return content_hash(f"{len(self.by_key)}:{keys}".encode() + values)

    def of(self, keys: "pd.Index[str]") -> "pd.Series[float]":
        """Say the label of each row; NaN where none is known."""
        return self.by_key.reindex(keys).astype(np.float64)

    def changed_since(self, earlier: "Labels") -> int:
        """Count the labels that were known earlier and are others now, or not there any more."""
        now = self.of(earlier.by_key.index)
        return int((now != earlier.by_key).sum())


def landed_labels(config: ModelConfig, partition: str, objects: Objects) -> Labels | None:
    """Read the labels of a partition as they are now; `None` when no object is there.

    A row may be labelled again: the last row of the last object (by key) is right. A null is a
    label that is not known yet.

    Raises:
        BadData: an object cannot be read, or a label is neither 0 nor 1.
    """
    key, column = config.data.key, config.target.column
    rows = read_rows(config.data.labels, partition, key, objects)
    if rows is None:
        return None
    if column not in rows.table.column_names:
        raise WrongLabels(column, partition)
    values = _as_numbers(with_numbers(rows.table, [column]).column(column), column, partition)
    known = pd.Series(values, index=rows.names(key)).dropna()
    if not known.isin((0, 1)).all():
        raise WrongLabels(column, partition)
    last = known[~known.index.duplicated(keep="last")]
    return Labels(last.sort_index().astype(np.int8))


def store_booked(model: str, partition: str, labels: Labels, objects: Objects) -> str:
    """Keep the labels that were booked, under the hash of what they say; returns the key."""
    key = f"booked/{model}/dt={partition}/{labels.content_hash}.parquet"
    table = pa.table({"key": labels.by_key.index.to_numpy(), "label": labels.by_key.to_numpy()})
    sink = BytesIO()
    parquet.write_table(table, sink)
    objects.put_new(key, sink.getvalue())
    return key


def booked_labels(key: str, objects: Objects) -> Labels:
    """Read labels that were booked earlier."""
    table = parquet.read_table(BytesIO(objects.get(key)))
    index: pd.Index[str] = pd.Index(table.column("key").to_pylist(), dtype="str")
    return Labels(pd.Series(table.column("label").to_numpy(), index=index))


def _as_numbers(
    column: pa.ChunkedArray, name: str, partition: str
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    try:
        return np.asarray(column.cast(pa.float64()).to_numpy())
    except pa.ArrowException as error:
        raise WrongLabels(name, partition) from error
