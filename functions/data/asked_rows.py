"""Rows that never landed and were only asked for, found among the answers that were gathered."""

from collections.abc import Collection
from typing import Final

import numpy as np
import pyarrow as pa

from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.ports import Objects
from functions.data.partition_rows import PartitionRows
from functions.data.request_log import Answers, read_answers, where_sent, with_features

_GATHERED: Final = ".requests-"
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
    found = [_wanted(answers, config, keys) for answers in read_answers(gathered, objects)]
    tables = [table for table in found if table.num_rows]
    if not tables:
        return None
    try:
        together = pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException:  # a column was a number and then words, say: nobody knows which
        return None
    name = config.data.key
    ordered = together.sort_by([(name, "ascending"), ("scored_at", "ascending")])
    names = ordered.column(name).to_pylist()
    is_first = np.array([at == 0 or names[at - 1] != one for at, one in enumerate(names)])
    rows = ordered.filter(pa.array(is_first)).drop_columns(["scored_at"])
    return PartitionRows(rows, content_hash(repr(rows.to_pylist()).encode()))


def _wanted(answers: Answers, config: ModelConfig, keys: Collection[str]) -> pa.Table:
    is_meant = np.asarray(answers.names.isin([*keys]) & where_sent(answers, [*config.columns]))
    some = answers.only(is_meant)
    rows = with_features(some).append_column("scored_at", some.table.column("scored_at"))
    if config.data.key in rows.column_names:
        return rows
    return rows.append_column(config.data.key, some.table.column("prediction_id"))
