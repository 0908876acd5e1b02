"""The prediction log read back: what versions said, and what people were served."""

from dataclasses import dataclass, replace
from io import BytesIO
from typing import Self

import numpy as np
import pandas as pd
import pyarrow as pa
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
        return replace(self, keys=self.keys[is_number], said=self.said[is_number])

    def without(self, keys: "pd.Index[str]") -> Self:
        """Leave out these rows."""
        is_kept = ~self.keys.isin(keys)
        if is_kept.all():
            return self
        return replace(self, keys=self.keys[is_kept], said=self.said[is_kept])

    def joined_by(self, more: Self) -> Self:
        """Add what the same version said of other rows."""
        said = np.concatenate([self.said, more.said])
        return replace(self, keys=self.keys.append(more.keys), said=said)

    @classmethod
    def read(cls, logged: Logged, objects: Objects) -> Self:
        """Read all that a version predicted for a partition, the rows that landed late last."""
        parts = [cls.of(objects.get(key)) for key in logged.keys]
        if len(parts) == 1:
            return parts[0]
        return cls(
            keys=parts[0].keys.append([part.keys for part in parts[1:]]),
            said=np.concatenate([part.said for part in parts]),
            made_for=parts[0].made_for,
        )

    @classmethod
    def of(cls, body: bytes) -> Self:
        """Read one object of the log: of its columns, the names and what was said."""
        stored = parquet.ParquetFile(BytesIO(body))
        about = about_of(stored.schema_arrow)
        said = "scores" if about.classes else "score"
        table = stored.read(columns=["prediction_id", said])
        values = of_column(table.column(said)) if about.classes else _numbers(table, said)
        return cls(_names(table), values, MadeFor(about.task, about.classes))

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
    stored = parquet.ParquetFile(BytesIO(body))
    column = "served" if "served" in stored.schema_arrow.names else "score"
    table = stored.read(columns=["prediction_id", column])
    rows: pd.Series[float] = pd.Series(_numbers(table, column), index=_names(table))
    return rows.dropna()


def _numbers(table: pa.Table, name: str) -> Floats:
    return np.asarray(table.column(name).to_numpy(), dtype=np.float64)


def _names(table: pa.Table) -> "pd.Index[str]":
    names: pd.Index[str] = pd.Index(table.column("prediction_id").to_pandas(), dtype="str")
    return names
