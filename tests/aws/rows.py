"""Rows that land in a deployment otherwise than they were, and rows that are sent to it."""

from io import BytesIO
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from infra.local.flights import Day
from tests.aws.deployed import FARTHEST_MI

TIMES: Final = 8  # so often the flights of a day stand in a large object


def many_times(table: pa.Table, place: int) -> pa.Table:
    """Repeat flights under other names."""
    names = table.column("flight_id").to_pylist()
    copies = [
        table.set_column(
            table.schema.get_field_index("flight_id"),
            "flight_id",
            pa.array([f"{name}-{place}-{copy}" for name in names]),
        )
        for copy in range(TIMES)
    ]
    return pa.concat_tables(copies)


def uncompressed(table: pa.Table) -> bytes:
    """Write rows so that few take much room."""
    sink = BytesIO()
    parquet.write_table(table, sink, compression="none", use_dictionary=False)
    return sink.getvalue()


def without(column: str, features: bytes) -> bytes:
    """Write a partition again as a system would that lost a column."""
    return written(parquet.read_table(BytesIO(features)).drop_columns([column]))


def written(table: pa.Table) -> bytes:
    """Write rows as the bytes of a Parquet file."""
    sink = BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


def rows_of(day: Day) -> str:
    """Write a request of three rows of a day."""
    rows = parquet.read_table(BytesIO(day.features)).slice(0, 3).to_pandas()
    return f'{{"model": "flights", "rows": {rows.to_json(orient="records", date_format="iso")}}}'


def with_a_rule_broken(features: bytes) -> bytes:
    """Let two flights go farther than any may."""
    table = parquet.read_table(BytesIO(features))
    miles = table.column("distance").to_pylist()
    farther = pa.array([FARTHEST_MI + 1] * 2 + miles[2:], table.schema.field("distance").type)
    at = table.schema.get_field_index("distance")
    return written(table.set_column(at, "distance", farther))
