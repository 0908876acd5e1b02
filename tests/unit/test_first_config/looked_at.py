"""Columns of two partitions that hold the same, as a first look sees them."""

from typing import Any

import pyarrow as pa

from infra.local.first_config.columns import ColumnSeen, columns_seen

DAYS = ("2024-05-01", "2024-05-02")
ROWS = 40


def seen(**columns: list[Any]) -> list[ColumnSeen]:
    """Two partitions that hold the same."""
    return columns_seen({day: pa.table(columns) for day in DAYS})


def one(name: str, values: list[Any]) -> ColumnSeen:
    [column] = seen(**{name: values})
    return column


def names(*words: str) -> list[str]:
    return [f"{word}{i}" for i in range(ROWS // len(words)) for word in words]
