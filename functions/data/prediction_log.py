"""The prediction log: objects for each partition, version and stage, each written once."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final, get_args

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from core.domain.base import Value
from core.domain.ids import VersionId
from core.domain.scored import Logged, Maker, Stage
from core.domain.target import Task
from core.ports import Objects
from functions.arrays import Counts
from functions.data.predicted import Predicted, hit_counts
from functions.data.score_column import as_column

_REPEATED: Final = (  # the only columns that a dictionary makes smaller
    "version",
    "stage",
    "decided",
    "served_class",
    "partition",
    "scored_at",
    "ms_per_1000_rows",
    "overrides",
)
_ABOUT: Final = b"predictions"


class About(Value):
    """What an object of the log says beside its rows."""

    maker: Maker = "version"
    trained_with: VersionId | None = None
    overrides: tuple[str, ...] = ()
    """Which override each bit of the column `overrides` stands for, from the lowest."""
    task: Task = "binary"
    classes: tuple[str, ...] = ()
    """In which order the probabilities stand in the column `scores`."""
    withheld: int = 0


def log_key(
    model: str, partition: str, version: VersionId, stage: Stage, part: str | None = None
) -> str:
    """Say where the predictions of one version for one partition lie, or a later part of them."""
    name = f"{version}.{stage}.{part}" if part else f"{version}.{stage}"
    return f"predictions/{model}/dt={partition}/{name}.parquet"


def write_log(
    key: str, partition: str, predicted: Predicted, at: datetime, objects: Objects
) -> Logged:
    """Write the predictions, unless they were written before: then those stand.

    Args:
        key: where, as `log_key` says.
        partition: of which partition.
        predicted: by whom, of which rows, and what.
        at: when they were made.
        objects: the store.
    """
    sink = BytesIO()
    parquet.write_table(log_table(partition, predicted, at), sink, use_dictionary=list(_REPEATED))
    if objects.put_new(key, sink.getvalue()):
        scores = predicted.said_scores()[0]
        is_number = ~np.isnan(scores)
        return Logged(
            version=predicted.version,
            stage=predicted.stage,
            rows=len(scores),
            mean_score=float(scores[is_number].mean()) if is_number.any() else None,
            key=key,
            maker=predicted.maker,
            trained_with=predicted.trained_with,
            hits=predicted.hit_counts,
            withheld=predicted.withheld,
        )
    return what_stands(key, predicted.version, predicted.stage, objects)


def what_stands(key: str, version: VersionId, stage: Stage, objects: Objects) -> Logged:
    """Say what an object of the log holds."""
    table = parquet.read_table(BytesIO(objects.get(key)))
    about = about_of(table.schema)
    mean = pc.mean(table.column("score")).as_py()
    hits = {}
    if about.overrides:
        hits = hit_counts(table.column("overrides").to_numpy(), about.overrides)
    return Logged(
        version=version,
        stage=stage,
        rows=table.num_rows,
        mean_score=mean,
        key=key,
        maker=about.maker,
        trained_with=about.trained_with,
        hits=hits,
        withheld=about.withheld,
    )


def part_of(key: str) -> str | None:
    """Say which later part of the log an object is; `None` for the first one.

    >>> part_of("predictions/flights/dt=2013-02-08/ver_3fa2.champion.9c1b.parquet")
    '9c1b'
    """
    last = key.removesuffix(".parquet").rpartition(".")[2]
    return None if last in get_args(Stage) else last


def read_keys(logged: Logged, objects: Objects) -> "pd.Index[str]":
    """Name the rows that a version was asked about, those that landed late last."""
    return names_in(logged.keys, objects)


def names_in(keys: Sequence[str], objects: Objects) -> "pd.Index[str]":
    """Name the rows that some objects of the log are about, in their order."""
    parts = [
        parquet.read_table(BytesIO(objects.get(key)), columns=["prediction_id"]) for key in keys
    ]
    column = pa.concat_tables(parts).column("prediction_id")
    names: pd.Index[str] = pd.Index(column.to_pandas(), dtype="str")
    return names


def served_log(model: str, partition: str, objects: Objects) -> Logged | None:
    """Find what was already served for a partition by a run that did not finish; else `None`."""
    return _found(model, partition, ("champion", "fallback"), objects)


def canary_log(model: str, partition: str, objects: Objects) -> Logged | None:
    """Find what a canary already served by a run that did not finish; else `None`."""
    return _found(model, partition, ("canary",), objects)


def about_of(schema: pa.Schema) -> About:
    """Say what a log says of itself beside its rows; logs of old say nothing."""
    stated = (schema.metadata or {}).get(_ABOUT)
    return About.model_validate_json(stated) if stated else About()


def _found(
    model: str, partition: str, stages: tuple[Stage, ...], objects: Objects
) -> Logged | None:
    for stored in objects.list(f"predictions/{model}/dt={partition}/"):
        name = stored.key.rpartition("/")[2]
        for stage in stages:
            if name.endswith(f".{stage}.parquet"):
                version = VersionId(name.removesuffix(f".{stage}.parquet"))
                return what_stands(stored.key, version, stage, objects)
    return None


def log_table(partition: str, predicted: Predicted, at: datetime) -> pa.Table:
    """Lay out what is logged of some predictions."""
    rows = len(predicted.keys)
    (scores, decided), (served, instead) = predicted.said_scores(), predicted.served_scores()
    columns = {
        "prediction_id": predicted.keys,
        "version": _repeated(predicted.version, rows),
        "stage": _repeated(predicted.stage, rows),
        "score": pa.array(scores, from_pandas=True),
        "served": pa.array(served, from_pandas=True),
        "overrides": pa.array(predicted.hits),
        "ms_per_1000_rows": pa.repeat(pa.scalar(predicted.ms_per_1000_rows, pa.float32()), rows),
        "partition": _repeated(partition, rows),
        "scored_at": pa.repeat(pa.scalar(at, pa.timestamp("us", tz="UTC")), rows),
    }
    if decided is not None and instead is not None:
        columns |= {
            "decided": _named(decided, predicted.made_for.classes),
            "served_class": _named(instead, predicted.made_for.classes),
            "scores": as_column(predicted.said),
        }
    about = About(
        maker=predicted.maker,
        trained_with=predicted.trained_with,
        overrides=predicted.overrides,
        task=predicted.made_for.task,
        classes=predicted.made_for.classes,
        withheld=predicted.withheld,
    )
    return pa.table(columns, metadata={_ABOUT: about.model_dump_json()})


def _named(places: Counts, classes: Sequence[str]) -> pa.Array:
    indices = pa.array(places, mask=places < 0).cast(pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(classes, pa.string()))


def _repeated(text: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(rows, np.int32)), pa.array([text], pa.string())
    )
