"""Rows that never landed and were only asked for, found among the answers that were gathered."""

from collections.abc import Collection
from io import BytesIO
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.ports import Objects
from functions.data.partition_rows import PartitionRows
from functions.data.sent_rows import all_in, where_held

_GATHERED: Final = ".requests-"
_AT: Final = "\0at"  # no column of a table has such a name
_NOT_SERVED: Final = (".shadow.", "-beside-")


def asked_rows(
    config: ModelConfig, partition: str, keys: Collection[str], objects: Objects
) -> PartitionRows | None:
    """Read rows as they were sent when people first asked about them; `None` if nobody did.

    Args:
        config: in force; a row that was sent without one of its columns is left out.
        partition: to which they belong.
        keys: which.
        objects: the store.
    """
    listed = objects.list(f"predictions/{config.model}/dt={partition}/")
    gathered = [
        stored.key
        for stored in listed
        if _GATHERED in stored.key and not any(word in stored.key for word in _NOT_SERVED)
    ]
    read = [parquet.read_table(BytesIO(objects.get(key))) for key in gathered]
    found = [_wanted(table, config, keys) for table in read]
    tables = [table for table in found if table.num_rows]
    if not tables:
        return None
    try:
        together = pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException:  # a column was a number and then words, say: nobody knows which
        return None
    name = config.data.key
    ordered = together.sort_by([(name, "ascending"), (_AT, "ascending")])
    names = ordered.column(name).to_pylist()
    is_first = np.array([at == 0 or names[at - 1] != one for at, one in enumerate(names)])
    rows = ordered.filter(pa.array(is_first)).drop_columns([_AT])
    return PartitionRows(rows, content_hash(repr(rows.to_pylist()).encode()))


def _wanted(answers: pa.Table, config: ModelConfig, keys: Collection[str]) -> pa.Table:
    is_meant = pc.is_in(answers.column("prediction_id"), pa.array([*keys], pa.string())).to_numpy()
    some = answers.filter(pa.array(is_meant & where_held(answers, config.columns)))
    rows = all_in(some)
    if config.data.key in rows.column_names:
        rows = rows.drop_columns([config.data.key])
    for name, column in ((config.data.key, "prediction_id"), (_AT, "scored_at")):
        rows = rows.append_column(name, some.column(column))
    return rows
