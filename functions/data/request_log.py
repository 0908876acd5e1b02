"""The log of requests: each answer with the rows it is about, and all of a partition gathered."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from core.domain.base import Value
from core.domain.errors import NotThere
from core.domain.ids import VersionId
from core.domain.scored import Stage
from core.ports import Objects
from functions.arrays import Flags
from functions.data.predicted import Predicted
from functions.data.prediction_log import About, about_of, log_table
from functions.data.sent_rows import AND, FEATURE, features_in, where_held

_SERVING: Final = b"serving"
_AT_A_TIME: Final = 16  # objects that are fetched beside each other: most of the time is waiting


class Serving(Value):
    """Who served when a request was answered."""

    champion: VersionId
    canary: VersionId | None = None


@dataclass(frozen=True)
class Answers:
    """What one version answered in one stage about the rows of one partition.

    The table has the columns of the prediction log; `request`, the object an answer was in;
    `champion` and `canary`, who served then; `held`, the features that stood in its row; and these.
    """

    version: VersionId
    stage: Stage
    about: About
    table: pa.Table

    @property
    def names(self) -> "pd.Index[str]":
        """Name each row by its key."""
        names: pd.Index[str] = pd.Index(self.table.column("prediction_id").to_pylist(), dtype="str")
        return names

    def only(self, is_wanted: Flags) -> "Answers":
        """Keep some of the rows."""
        kept = self.table.filter(pa.array(is_wanted))
        return Answers(self.version, self.stage, self.about, kept)

    def as_object(self) -> bytes:
        """Write it down, as an object of the prediction log that knows more than others."""
        metadata = {b"predictions": self.about.model_dump_json()}
        sink = BytesIO()
        parquet.write_table(self.table.replace_schema_metadata(metadata), sink)
        return sink.getvalue()


def write_answer(  # noqa: PLR0913, PLR0917 - what was answered, about what, by whom and when
    key: str,
    partition: str,
    predicted: Predicted,
    rows: pa.Table,
    serving: Serving,
    at: datetime,
    objects: Objects,
) -> None:
    """Write down what was answered beside the rows as they were sent; once.

    Args:
        key: where.
        partition: to which the rows belong.
        predicted: what was answered.
        rows: its rows, in the same order.
        serving: who served.
        at: when.
        objects: the store.
    """
    table = log_table(partition, predicted, at)
    metadata = {**table.schema.metadata, _SERVING: serving.model_dump_json()}
    features = [f"{FEATURE}{name}" for name in rows.column_names]
    whole = pa.table([*table.columns, *rows.columns], names=[*table.column_names, *features])
    sink = BytesIO()
    parquet.write_table(whole.replace_schema_metadata(metadata), sink)
    objects.put_new(key, sink.getvalue())


def read_answers(keys: Sequence[str], objects: Objects) -> list[Answers]:
    """Read answers, each object once, and put those of one version in one stage together.

    An object that cannot be read, or that somebody has deleted meanwhile, is left out.
    """
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        read = pool.map(lambda key: _read(key, objects), keys)
        found = [answers for answers in read if answers is not None]
    together: dict[tuple[VersionId, Stage], list[Answers]] = {}
    for one in found:
        together.setdefault((one.version, one.stage), []).append(one)
    return [_joined(same) for same in together.values()]


def answers_in(key: str, version: VersionId, stage: Stage, objects: Objects) -> Answers:
    """Read answers that were gathered."""
    table = parquet.read_table(BytesIO(objects.get(key)))
    return Answers(version, stage, about_of(table.schema), table)


def scored_at(keys: Sequence[str], names: Sequence[str], objects: Objects) -> dict[str, int]:
    """Say when rows were predicted, in us of Unix time, as far as these objects of the log know."""
    columns, wanted = ["prediction_id", "scored_at"], pa.array(names, pa.string())
    known: dict[str, int] = {}
    for key in keys:
        part = parquet.read_table(BytesIO(objects.get(key)), columns=columns)
        found = part.filter(pc.is_in(part.column("prediction_id"), wanted))
        moments = found.column("scored_at").cast("int64").to_pylist()
        for name, at in zip(found.column("prediction_id").to_pylist(), moments, strict=True):
            known[name] = min(at, known.get(name, at))
    return known


def features_of(answers: Answers, columns: Sequence[str]) -> pa.Table:
    """See `sent_rows.features_in`."""
    return features_in(answers.table, columns)


def where_sent(answers: Answers, columns: Sequence[str]) -> Flags:
    """See `sent_rows.where_held`."""
    return where_held(answers.table, columns)


def _read(key: str, objects: Objects) -> Answers | None:
    try:
        body = objects.get(key)
    except NotThere:
        return None
    try:
        table = parquet.read_table(BytesIO(body))
    except (pa.ArrowException, OSError):
        return None
    if not table.num_rows or "prediction_id" not in table.column_names:
        return None
    stated = (table.schema.metadata or {}).get(_SERVING)
    serving = Serving.model_validate_json(stated) if stated else None
    features = [name for name in table.column_names if name.startswith(FEATURE)]
    said = {
        "request": key.rpartition("/")[2],
        "champion": serving.champion if serving else None,
        "canary": serving.canary if serving else None,
        "held": AND.join(name.removeprefix(FEATURE) for name in features),
    }
    for name, word in said.items():
        column = pa.repeat(pa.scalar(word, pa.string()), table.num_rows)
        table = table.append_column(name, column)
    version, stage = (table.column(name)[0].as_py() for name in ("version", "stage"))
    return Answers(version, stage, about_of(table.schema), table)


def _joined(same: Sequence[Answers]) -> Answers:
    """Put tables below each other; a feature that changed its kind in between is left out."""
    kinds: dict[str, set[pa.DataType]] = {}
    for one in same:
        for field in one.table.schema:
            kinds.setdefault(field.name, set()).add(field.type)
    unclear = {name for name, found in kinds.items() if len(found) > 1 and name[:4] == FEATURE}
    tables = [_without(unclear, one.table) if unclear else one.table for one in same]
    about = same[0].about.model_copy(update={"withheld": sum(one.about.withheld for one in same)})
    table = pa.concat_tables(tables, promote_options="default")
    return Answers(same[0].version, same[0].stage, about, table)


def _without(features: AbstractSet[str], table: pa.Table) -> pa.Table:
    """Leave out features, as if they had not been sent."""
    kept = table.drop_columns([name for name in table.column_names if name in features])
    gone = {name.removeprefix(FEATURE) for name in features}
    held = [
        AND.join(name for name in said.split(AND) if name not in gone)
        for said in table.column("held").to_pylist()
    ]
    at = kept.schema.get_field_index("held")
    return kept.set_column(at, "held", pa.array(held, pa.string()))
