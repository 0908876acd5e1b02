"""The labels of a partition: as they landed, and as they were booked to its predictions."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.ports import Objects
from functions.arrays import Floats
from functions.data.partition_rows import read_rows
from functions.data.truths import truths_of

_NOWHERE: Final = -1.0


@dataclass(frozen=True)
class Labels:
    """What is known of the rows of one partition."""

    by_key: "pd.Series[float]"
    """0 or 1, the place of the class, or the number, for each row that has a label; sorted by the
    row's key."""
    classes: tuple[str, ...] = ()
    """What the places mean, where there are several classes."""

    @property
    def content_hash(self) -> str:
        """Name the labels by what they say, whatever objects they came in."""
        keys, said = "\n".join(self.by_key.index), self._said()
        values = "\n".join(said).encode() if self.classes else self.by_key.to_numpy().tobytes()
        return content_hash(f"{len(self.by_key)}:{keys}".encode() + values)

    def of(self, keys: "pd.Index[str]") -> Floats:
        """Say the label of each row; shape (rows,), NaN where none is known."""
        return np.asarray(self.by_key.reindex(keys), dtype=np.float64)

    def changed_since(self, earlier: "Labels") -> int:
        """Count the labels that were known earlier and are others now, or not there any more."""
        now = self.of(earlier.by_key.index)
        return int((now != earlier.by_key.to_numpy()).sum())

    def _said(self) -> list[str]:
        return [self.classes[int(place)] for place in self.by_key] if self.classes else []

    def as_table(self) -> pa.Table:
        """Write them down: a class by its name, which the order of a config does not change."""
        label = self._said() if self.classes else self.by_key.to_numpy()
        return pa.table({"key": self.by_key.index.to_numpy(), "label": label})


def landed_labels(config: ModelConfig, partition: str, objects: Objects) -> Labels | None:
    """Read the labels of a partition as they are now; `None` when no object is there.

    A row may be labelled again: the last row of the last object (by key) is right. A null is a
    label that is not known yet.

    Raises:
        BadData: an object cannot be read, or a label is not what the target can be.
    """
    key = config.data.key
    rows = read_rows(config.data.labels, partition, key, objects)
    if rows is None:
        return None
    truths = truths_of(rows.table, config, partition)
    known = pd.Series(truths, index=rows.names(key)).dropna()
    last = known[~known.index.duplicated(keep="last")]
    return Labels(last.sort_index(), config.target.classes)


def store_booked(model: str, partition: str, labels: Labels, objects: Objects) -> str:
    """Keep the labels that were booked, under the hash of what they say; returns the key."""
    key = f"booked/{model}/dt={partition}/{labels.content_hash}.parquet"
    sink = BytesIO()
    parquet.write_table(labels.as_table(), sink)
    objects.put_new(key, sink.getvalue())
    return key


def booked_labels(key: str, classes: Sequence[str], objects: Objects) -> Labels:
    """Read labels that were booked earlier; a class that is none any more is in no place.

    Args:
        key: where they lie.
        classes: those of the config in force, in its order; none where there are no classes.
        objects: the store.
    """
    table = parquet.read_table(BytesIO(objects.get(key)))
    index: pd.Index[str] = pd.Index(table.column("key").to_pylist(), dtype="str")
    label = table.column("label")
    if pa.types.is_string(label.type):
        places = {name: float(place) for place, name in enumerate(classes)}
        values = np.array([places.get(name, _NOWHERE) for name in label.to_pylist()], np.float64)
    else:
        values = label.to_numpy().astype(np.float64)
    return Labels(pd.Series(values, index=index), tuple(classes))
