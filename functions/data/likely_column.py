"""Which column of a table holds what a missing one should hold: the only one that could."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.wording import likely


def the_only_one(table: pa.Table, besides: str, could_be: Callable[[str], bool]) -> str | None:
    """Find the one column that passes; `None` where none does, or several do.

    Args:
        table: rows.
        besides: a column of it that is known to be something else.
        could_be: says of a column whether it holds what the missing one should.
    """
    passing = [name for name in table.column_names if name != besides and could_be(name)]
    return passing[0] if len(passing) == 1 else None


def it_is_missing(found: str | None, config_key: str) -> str:
    """Say that a column is missing, which one holds its like, and what to change then."""
    return f"it is missing; {likely(found, config_key)}" if found else "it is missing"


def names_rows(table: pa.Table, name: str) -> bool:
    """Say whether each row has a value of its own there: text, or a whole number."""
    column = table.column(name)
    of = pa.types
    is_name = of.is_string(column.type) or of.is_large_string(column.type)
    if not (is_name or of.is_integer(column.type)) or column.null_count or not len(column):
        return False
    return bool(pc.count_distinct(column).as_py() == len(column))
