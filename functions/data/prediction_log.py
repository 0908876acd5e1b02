"""The prediction log: objects for each partition, version and stage, each written once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from core.domain.ids import VersionId
from core.domain.scored import Logged, Stage
from core.domain.target import Target
from core.ports import Objects
from functions.arrays import Counts, Floats
from functions.data.score_column import as_column, of_column
from functions.placing import BINARY, MadeFor, placed

_SCHEMA: Final = pa.schema(
    {
        "prediction_id": pa.string(),
        "version": pa.dictionary(pa.int32(), pa.string()),
        "stage": pa.dictionary(pa.int32(), pa.string()),
        "score": pa.float64(),
        "partition": pa.dictionary(pa.int32(), pa.string()),
        "scored_at": pa.timestamp("us", tz="UTC"),
    }
)


_MADE_FOR: Final = b"made_for"  # in the schema's metadata; logs without it are of binary targets


@dataclass(frozen=True)
class LoggedPredictions:
    """What one version predicted for the rows of a partition."""

    keys: "pd.Index[str]"
    """Names each row."""
    said: Floats
    """Shape (rows,), or (rows, classes) in the order of `made_for`."""
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
        """Put them in the order of a config; `None` if its target is of another kind."""
        return placed(self.said, self.made_for, target)

    @classmethod
    def joined(cls, parts: Sequence["LoggedPredictions"]) -> "LoggedPredictions":
        """Put what one version predicted at several times one behind the other."""
        keys = parts[0].keys.append([part.keys for part in parts[1:]])
        said = np.concatenate([part.said for part in parts])
        return cls(keys, said, parts[0].made_for)


def log_key(
    model: str, partition: str, version: VersionId, stage: Stage, part: str | None = None
) -> str:
    """Say where the predictions of one version for one partition lie, or a later part of them."""
    name = f"{version}.{stage}.{part}" if part else f"{version}.{stage}"
    return f"predictions/{model}/dt={partition}/{name}.parquet"


def write_log(  # noqa: PLR0913 - what a log says of itself, and its rows
    model: str,
    partition: str,
    version: VersionId,
    stage: Stage,
    rows: LoggedPredictions,
    *,
    at: datetime,
    objects: Objects,
    part: str | None = None,
) -> Logged:
    """Write the predictions, unless they were written before: then those stand.

    Args:
        model: whose predictions.
        partition: of which partition.
        version: which version made them.
        stage: whether they are served.
        rows: what was predicted.
        at: when they were made.
        objects: the store.
        part: names these rows if others were logged before; `None` for the first.
    """
    key = log_key(model, partition, version, stage, part)
    columns = {
        "prediction_id": rows.keys.to_numpy(),
        "version": [version] * len(rows.keys),
        "stage": [stage] * len(rows.keys),
        "score": rows.scores,
        "partition": [partition] * len(rows.keys),
        "scored_at": [at] * len(rows.keys),
    }
    table = _with_classes(pa.table(columns, schema=_SCHEMA), rows)
    sink = BytesIO()
    parquet.write_table(table, sink)
    if objects.put_new(key, sink.getvalue()):
        return _logged(key, version, stage, rows.scores)
    return _logged(key, version, stage, read_log(key, objects).scores)


def read_log(key: str, objects: Objects) -> LoggedPredictions:
    """Read what one object of the log holds."""
    file = parquet.ParquetFile(BytesIO(objects.get(key)))
    about = json.loads((file.schema_arrow.metadata or {}).get(_MADE_FOR, b"{}"))
    made_for = MadeFor(about.get("task", "binary"), tuple(about.get("classes", ())))
    column = "scores" if made_for.task == "multiclass" else "score"
    table = file.read(columns=["prediction_id", column])
    keys: pd.Index[str] = pd.Index(table.column("prediction_id").to_pylist(), dtype="str")
    return LoggedPredictions(keys, of_column(table.column(column)), made_for)


def read_predictions(logged: Logged, objects: Objects) -> LoggedPredictions:
    """Read all that a version predicted for a partition, what it said of late rows last."""
    return LoggedPredictions.joined([read_log(key, objects) for key in logged.keys])


def served_log(model: str, partition: str, objects: Objects) -> Logged | None:
    """Find what was already served for a partition by a run that did not finish; else `None`."""
    for stored in objects.list(f"predictions/{model}/dt={partition}/"):
        name = stored.key.rpartition("/")[2]
        if name.endswith(".champion.parquet"):
            version = VersionId(name.removesuffix(".champion.parquet"))
            return _logged(stored.key, version, "champion", read_log(stored.key, objects).scores)
    return None


def _with_classes(table: pa.Table, rows: LoggedPredictions) -> pa.Table:
    """Add what every class got, and which one was decided for; say what all of it means."""
    if rows.made_for.classes:
        decided = pa.array(rows.decided, pa.string())
        table = table.append_column("decided", decided)
        table = table.append_column("scores", as_column(rows.said))
    said = {"task": rows.made_for.task, "classes": rows.made_for.classes}
    return table.replace_schema_metadata({_MADE_FOR: json.dumps(said)})


def _logged(key: str, version: VersionId, stage: Stage, scores: Floats) -> Logged:
    mean = float(scores.mean()) if len(scores) else None
    return Logged(version=version, stage=stage, rows=len(scores), mean_score=mean, key=key)
