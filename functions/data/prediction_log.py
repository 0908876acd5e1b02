"""The prediction log: objects for each partition, version and stage, each written once."""

from datetime import datetime
from io import BytesIO
from typing import Final

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from core.domain.ids import VersionId
from core.domain.scored import Logged, Stage
from core.ports import Objects

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
    rows: "pd.Series[float]",
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
        rows: the score of each row, by the row's key.
        at: when they were made.
        objects: the store.
        part: names these rows if others were logged before; `None` for the first.
    """
    key = log_key(model, partition, version, stage, part)
    columns = {
        "prediction_id": rows.index.to_numpy(),
        "version": [version] * len(rows),
        "stage": [stage] * len(rows),
        "score": rows.to_numpy(),
        "partition": [partition] * len(rows),
        "scored_at": [at] * len(rows),
    }
    sink = BytesIO()
    parquet.write_table(pa.table(columns, schema=_SCHEMA), sink)
    if objects.put_new(key, sink.getvalue()):
        return _logged(key, version, stage, rows)
    return _logged(key, version, stage, read_log(key, objects))


def read_log(key: str, objects: Objects) -> "pd.Series[float]":
    """Read the score of each row, by the row's key."""
    table = parquet.read_table(BytesIO(objects.get(key)), columns=["prediction_id", "score"])
    index = pd.Index(table.column("prediction_id").to_pylist(), dtype="str")
    return pd.Series(table.column("score").to_numpy(), index=index)


def read_predictions(logged: Logged, objects: Objects) -> "pd.Series[float]":
    """Read all that a version predicted for a partition, those of late rows last."""
    return pd.concat([read_log(key, objects) for key in logged.keys])


def served_log(model: str, partition: str, objects: Objects) -> Logged | None:
    """Find what was already served for a partition by a run that did not finish; else `None`."""
    for stored in objects.list(f"predictions/{model}/dt={partition}/"):
        name = stored.key.rpartition("/")[2]
        if name.endswith(".champion.parquet"):
            version = VersionId(name.removesuffix(".champion.parquet"))
            return _logged(stored.key, version, "champion", read_log(stored.key, objects))
    return None


def _logged(key: str, version: VersionId, stage: Stage, rows: "pd.Series[float]") -> Logged:
    mean = float(rows.mean()) if len(rows) else None
    return Logged(version=version, stage=stage, rows=len(rows), mean_score=mean, key=key)
