"""The one feature path: training, validation and scoring take their columns through here."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.errors import BadData
from core.domain.model_config import Column
from functions.untyped import with_numbers

NO_CATEGORY = ""
"""What stands for a missing category: it is learned like any other."""


class MissingColumn(BadData):
    """A feature is not there at all."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The column `{name}` that the model reads is missing.")
        self.name = name


class WrongType(BadData):
    """A feature cannot be what the config says it is."""

    def __init__(self, name: str, expected: str, actual: str) -> None:
        super().__init__(f"The column `{name}` should be a {expected}, but it is {actual}.")
        self.name = name


_LARGEST = float(np.finfo(np.float32).max)  # trees read float32 and refuse a whole table beyond


def select(rows: pa.Table | pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Take the features from whatever rows came in, each as its kind, in the order of `columns`.

    Numbers become float64, what is null, infinite or too large becomes NaN; categories become
    text, what is null becomes `NO_CATEGORY`. So a whole number reads the same whether or not its
    day has nulls.

    Raises:
        MissingColumn: a feature is not there.
        WrongType: a number is text, or a category is something nested.
    """
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pandas(rows, preserve_index=False)
    table = with_numbers(table, [n for n, column in columns.items() if column.type == "number"])
    features: dict[str, object] = {}
    for name, column in columns.items():
        if name not in table.column_names:
            raise MissingColumn(name)
        cast = _number if column.type == "number" else _category
        features[name] = cast(name, table.column(name))
    return pd.DataFrame(features)


def select_all(tables: Sequence[pa.Table], columns: Mapping[str, Column]) -> pd.DataFrame:
    """Take the features from several tables, one behind the other; each may have its own types.

    Raises:
        MissingColumn, WrongType: as above, of one of them.
    """
    return pd.concat([select(table, columns) for table in tables], ignore_index=True)


def _number(name: str, values: pa.ChunkedArray) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    kind = values.type
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    is_number = is_number or pa.types.is_boolean(kind) or pa.types.is_decimal(kind)
    if not is_number and not pa.types.is_null(kind):
        raise WrongType(name, "number", str(kind))
    numbers = values.cast(pa.float64(), safe=False).to_numpy()
    return np.where(np.abs(numbers) <= _LARGEST, numbers, np.nan)  # NaN is not <= anything


def _category(name: str, values: pa.ChunkedArray) -> "pd.Series[str]":
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), None, values)  # and 7.0 is written as 7 by Arrow
    try:
        text = values.cast(pa.string())
    except pa.ArrowException as error:
        raise WrongType(name, "category", str(values.type)) from error
    filled: pd.Series[str] = pc.fill_null(text, NO_CATEGORY).to_pandas().astype("str")
    return filled
