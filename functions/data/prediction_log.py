"""The prediction log: objects for each partition, version and stage, each written once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from core.domain.base import Value
from core.domain.ids import VersionId
from core.domain.scored import Logged, Maker, Stage
from core.domain.target import Task
from core.ports import Objects
from functions.arrays import Counts, Flags, Floats
from functions.data.score_column import as_column
from functions.placing import BINARY, MadeFor

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


@dataclass(frozen=True)
class Predicted:
    """What one version says of some rows, and what of that is served."""

    version: VersionId
    stage: Stage
    keys: pa.ChunkedArray
    """Text: the name of each row."""
    said: Floats
    """What the model says: shape (rows,), or (rows, classes)."""
    served: Floats
    """The same shape: what is served, after overrides; NaN for a row that is not served."""
    hits: Counts
    """Shape (rows,): the n-th bit is set where the n-th override changed something."""
    overrides: tuple[str, ...] = ()
    """The names of the overrides, in their order."""
    made_for: MadeFor = BINARY
    maker: Maker = "version"
    trained_with: VersionId | None = None
    """Of a simple model or a constant, the version that it belongs to; else `None`."""
    ms_per_1000_rows: float = 0.0
    """How long the model took."""
    is_withheld: Flags | None = None
    """Shape (rows,): which broke the output contract; `None`: none did."""

    @classmethod
    def unserved(cls, version: VersionId, keys: pa.ChunkedArray, said: Floats) -> Self:
        """Hold what a version says that nobody gets to see."""
        nothing = np.full(said.shape, np.nan)
        return cls(version, "shadow", keys, said, nothing, np.zeros(len(said), np.int64))

    def without_serving(self, is_left_out: Flags) -> Self:
        """Serve nothing for these rows: another version does."""
        served, hits = self.served.copy(), self.hits.copy()
        served[is_left_out], hits[is_left_out] = np.nan, 0
        is_withheld = None if self.is_withheld is None else self.is_withheld & ~is_left_out
        return replace(self, served=served, hits=hits, is_withheld=is_withheld)

    @property
    def withheld(self) -> int:
        """Count the rows that broke the output contract."""
        return 0 if self.is_withheld is None else int(self.is_withheld.sum())

    def served_scores(self) -> tuple[Floats, Counts | None]:
        """Return what is served of each row, NaN where nothing is; and which class, of several."""
        if self.served.ndim == 1:
            return self.served, None
        places = _decided(self.served)
        return _of_class(self.served, places), places

    @property
    def hit_counts(self) -> dict[str, int]:
        """Count the rows that each override changed."""
        return hit_counts(self.hits, self.overrides)


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
    parquet.write_table(_table(partition, predicted, at), sink, use_dictionary=list(_REPEATED))
    if objects.put_new(key, sink.getvalue()):
        scores = _scores(predicted)[0]
        return Logged(
            version=predicted.version,
            stage=predicted.stage,
            rows=len(scores),
            mean_score=float(scores.mean()) if len(scores) else None,
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
    about = about_of(table)
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


def served_log(model: str, partition: str, objects: Objects) -> Logged | None:
    """Find what was already served for a partition by a run that did not finish; else `None`."""
    return _found(model, partition, ("champion", "fallback"), objects)


def canary_log(model: str, partition: str, objects: Objects) -> Logged | None:
    """Find what a canary already served by a run that did not finish; else `None`."""
    return _found(model, partition, ("canary",), objects)


def about_of(table: pa.Table) -> About:
    """Say what a log says of itself beside its rows; logs of old say nothing."""
    stated = (table.schema.metadata or {}).get(_ABOUT)
    return About.model_validate_json(stated) if stated else About()


def hit_counts(hits: Counts, names: Sequence[str]) -> dict[str, int]:
    """Count the rows in which each bit is set."""
    return {name: int(np.count_nonzero(hits & (1 << n))) for n, name in enumerate(names)}


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


def _table(partition: str, predicted: Predicted, at: datetime) -> pa.Table:
    rows = len(predicted.keys)
    scores, decided = _scores(predicted)
    columns = {
        "prediction_id": predicted.keys,
        "version": _repeated(predicted.version, rows),
        "stage": _repeated(predicted.stage, rows),
        "score": pa.array(scores),
        "served": pa.array(predicted.served_scores()[0], from_pandas=True),
        "overrides": pa.array(predicted.hits),
        "ms_per_1000_rows": pa.repeat(pa.scalar(predicted.ms_per_1000_rows, pa.float32()), rows),
        "partition": _repeated(partition, rows),
        "scored_at": pa.repeat(pa.scalar(at, pa.timestamp("us", tz="UTC")), rows),
    }
    if decided is not None:
        columns |= {
            "decided": _named(decided, predicted.made_for.classes),
            "served_class": _named(_decided(predicted.served), predicted.made_for.classes),
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


def _scores(predicted: Predicted) -> tuple[Floats, Counts | None]:
    """Return the score of each row and, of several classes, which one is decided for."""
    if predicted.said.ndim == 1:
        return predicted.said, None
    decided = _decided(predicted.said)
    return _of_class(predicted.said, decided), decided


def _decided(values: Floats) -> Counts:
    """Return the place of the likeliest class of each row; -1 where there is no number."""
    is_known: Flags = ~np.asarray(np.isnan(values).any(axis=1))
    return np.where(is_known, np.where(is_known[:, np.newaxis], values, 0).argmax(axis=1), -1)


def _of_class(values: Floats, places: Counts) -> Floats:
    return np.where(places < 0, np.nan, values[np.arange(len(values)), places])


def _named(places: Counts, classes: Sequence[str]) -> pa.Array:
    indices = pa.array(places, mask=places < 0).cast(pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(classes, pa.string()))


def _repeated(text: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(rows, np.int32)), pa.array([text], pa.string())
    )
