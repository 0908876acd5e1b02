"""The prediction log read back: what versions said, and what of it was served."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Self

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from core.domain.scored import Logged, Scored
from core.domain.target import Target
from core.ports import Objects
from functions.arrays import Counts, Floats
from functions.data.prediction_log import about_of
from functions.data.score_column import of_column
from functions.placing import BINARY, MadeFor, placed


@dataclass(frozen=True)
class LoggedPredictions:
    """What one version predicted for a partition, row by row."""

    keys: "pd.Index[str]"
    said: Floats
    """What the model said, before overrides: shape (rows,), or (rows, classes)."""
    served: Floats
    """What was served, in the same shape; NaN for rows of which nothing was."""
    hits: Counts
    """Shape (rows,): the n-th bit says whether the n-th override changed something."""
    overrides: tuple[str, ...] = ()
    """The names of the overrides, in their order."""
    made_for: MadeFor = BINARY

    @property
    def scores(self) -> Floats:
        """Shape (rows,): the probability of a 1 or of the class decided for, or the number."""
        return self.said if self.said.ndim == 1 else self.said.max(axis=1)

    @property
    def decided_places(self) -> Counts:
        """Shape (rows,): the likeliest class, where there are several; of two alike the first."""
        return np.asarray(self.said.argmax(axis=1), dtype=np.int64)

    @property
    def decided(self) -> list[str]:
        """The name of the likeliest class of each row."""
        return [self.made_for.classes[place] for place in self.decided_places]

    def for_target(self, target: Target) -> Floats | None:
        """Put what was said in the order of a config; `None` if its target is of another kind."""
        return placed(self.said, self.made_for, target)

    def numbered(self) -> Self:
        """Leave out the rows for which the model had no number: they count nowhere."""
        is_number = np.isfinite(self.scores)
        if is_number.all():
            return self
        return replace(
            self,
            keys=self.keys[is_number],
            said=self.said[is_number],
            served=self.served[is_number],
            hits=self.hits[is_number],
        )

    @classmethod
    def read(cls, logged: Logged, objects: Objects) -> Self:
        """Read all that a version predicted for a partition, the rows that landed late last."""
        parts = [cls.of(objects.get(key)) for key in logged.keys]
        if len(parts) == 1:
            return parts[0]
        return cls(
            keys=_joined([part.keys for part in parts]),
            said=np.concatenate([part.said for part in parts]),
            served=np.concatenate([part.served for part in parts]),
            hits=np.concatenate([part.hits for part in parts]),
            overrides=parts[0].overrides,
            made_for=parts[0].made_for,
        )

    @classmethod
    def of(cls, body: bytes) -> Self:
        """Read one object of the log; of an old one, all that the model said was served."""
        table = parquet.read_table(BytesIO(body))
        about, rows = about_of(table), table.num_rows
        score = _numbers(table, "score")
        served, hits = score, np.zeros(rows, np.int64)
        if "served" in table.column_names:
            served, hits = _numbers(table, "served"), table.column("overrides").to_numpy()
        values = score
        if about.classes:
            values = of_column(table.column("scores"))
            served = _served_of_classes(table, values, served, about.classes)
        names = pd.Index(table.column("prediction_id").to_pandas(), dtype="str")
        return cls(names, values, served, hits, about.overrides, MadeFor(about.task, about.classes))

    def at(self, keys: "pd.Index[str]") -> Floats:
        """Say what the model said of these rows, in this order; NaN of one it did not predict."""
        places = self.keys.get_indexer(keys)
        found = self.said[places]
        found[places < 0] = np.nan
        return found


def served_to_people(scored: Scored, objects: Objects) -> "pd.Series[float]":
    """Read what was served of a partition, by row: the champion's or its fallback's, the canary's.

    Of several classes, the probability of the one that was served.
    """
    logs = [scored.served, *([scored.canary] if scored.canary else [])]
    parts = [_served(objects.get(key)) for logged in logs for key in logged.keys]
    return pd.concat(parts)


def _served(body: bytes) -> "pd.Series[float]":
    table = parquet.read_table(BytesIO(body))
    column = "served" if "served" in table.column_names else "score"
    index = pd.Index(table.column("prediction_id").to_pandas(), dtype="str")
    rows: pd.Series[float] = pd.Series(_numbers(table, column), index=index)
    return rows.dropna()


def _served_of_classes(
    table: pa.Table, values: Floats, served: Floats, classes: Sequence[str]
) -> Floats:
    """Put together what was served: as the model said, or the class that replaced it."""
    decided, instead = (_places(table, name, classes) for name in ("decided", "served_class"))
    rows = values.copy()
    is_replaced = instead != decided
    rows[is_replaced] = np.eye(len(classes))[instead[is_replaced]]
    rows[np.isnan(served)] = np.nan
    return rows


def _places(table: pa.Table, name: str, classes: Sequence[str]) -> NDArray[np.intp]:
    words = table.column(name).cast(pa.string()).to_pandas()
    return pd.Index(classes).get_indexer(words)


def _numbers(table: pa.Table, name: str) -> Floats:
    return np.asarray(table.column(name).to_numpy(), dtype=np.float64)


def _joined(parts: "Sequence[pd.Index[str]]") -> "pd.Index[str]":
    names: pd.Index[str] = pd.Index(
        np.concatenate([part.to_numpy() for part in parts]), dtype="str"
    )
    return names
