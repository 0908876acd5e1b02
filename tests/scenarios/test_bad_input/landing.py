"""Bytes of any kind land as a partition, and its check says a sentence."""

from io import BytesIO
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from core.domain.partition import days_before
from core.domain.partition_check import PartitionCheck
from core.domain.verdict import Severity
from functions.flows.check_partition import check_partition
from tests.checked_model import DAY, check_of, checked, flights
from tests.watched_model import WatchedModel

NEXT = days_before(DAY, -1)


def written(table: pa.Table, **how: Any) -> bytes:
    sink = BytesIO()
    parquet.write_table(table, sink, **how)
    return sink.getvalue()


def table_of(frame: pd.DataFrame | None = None) -> pa.Table:
    return pa.Table.from_pandas(flights(DAY) if frame is None else frame, preserve_index=False)


def with_column(name: str, values: pa.Array) -> bytes:
    table = table_of()
    return written(table.set_column(table.column_names.index(name), name, values))


def sentence(watched: WatchedModel, body: bytes | pd.DataFrame) -> str:
    """Let a partition land, and hear what its check says; the next day is then judged as ever."""
    checked(watched, body)
    said = check_of(watched).verdict.sentence

    assert checked(watched, flights(NEXT), NEXT)["severity"] == Severity.OK
    PartitionCheck.model_validate_json(check_of(watched).model_dump_json())
    return said


def sentences(watched: WatchedModel, *parts: pa.Table) -> dict[str, str]:
    """Let several objects land as one partition, and hear what is said of each column."""
    for number, part in enumerate(parts):
        watched.puts("flights/features", DAY, written(part), part=f"part-{number}")
    check = check_partition("flights", DAY, watched.ports)
    assert checked(watched, flights(NEXT), NEXT)["severity"] == Severity.OK
    return {blame.column: blame.sentence for blame in check.verdict.blamed}
