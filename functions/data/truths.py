"""What a column of labels says of each row, as numbers; nothing here knows a key or an object."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.errors import BadData
from core.domain.model_config import ModelConfig
from core.domain.wording import plain
from functions.arrays import Flags, Floats
from functions.data.likely_column import it_is_missing, the_only_one
from functions.untyped import is_untyped, says_nothing, with_numbers

_LARGEST: Final = float(np.finfo(np.float32).max)  # beyond, squared errors end at infinity


class WrongLabels(BadData):
    """The labels are not what the config says they are."""

    def __init__(self, column: str, partition: str, needed: str, found: str) -> None:
        super().__init__(
            f"The labels of {partition} need a column `{column}` that holds {needed} or nothing, "
            f"but {found}."
        )
        self.partition = partition


def truths_of(table: pa.Table, config: ModelConfig, partition: str) -> Floats:
    """Say what the labels in a table are; shape (rows,), NaN where a label is not known yet.

    Of a binary target 0 or 1, of several classes the place of the class in the config, else the
    number. A class is named as the config names it: `3` may be written as a whole number too.

    Raises:
        WrongLabels: a label is none of these, or there is no such column.
    """
    name = config.target.column
    if name not in table.column_names:
        found = the_only_one(table, config.data.key, lambda one: _could_be(one, table, config))
        raise _wrong(config, partition, it_is_missing(found, "target.column"))
    return _truths(table, config, partition)


def _could_be(name: str, table: pa.Table, config: ModelConfig) -> bool:
    """Say whether a column holds labels of this target, and some at least."""
    target = config.target.model_copy(update={"column": name})
    try:
        found = _truths(table, config.model_copy(update={"target": target}), "")
    except WrongLabels:
        return False
    return not bool(np.isnan(found).all())


def _truths(table: pa.Table, config: ModelConfig, partition: str) -> Floats:
    if config.target.task == "multiclass":
        return _places(table, config, partition)
    name = config.target.column
    column = with_numbers(table, [name]).column(name)
    try:
        numbers = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
    except pa.ArrowException as error:
        found = _no_number(column)
        raise _wrong(config, partition, found, is_value=_is_text(column)) from error
    wrong = numbers[_is_wrong(config, numbers)]
    if len(wrong):
        raise _wrong(config, partition, f"{float(wrong[0]):g}", is_value=True)
    return numbers


def _is_wrong(config: ModelConfig, numbers: Floats) -> Flags:
    if config.target.task == "regression":
        return np.abs(numbers) > _LARGEST
    return ~np.isnan(numbers) & ~np.isin(numbers, (0, 1))


def _places(table: pa.Table, config: ModelConfig, partition: str) -> Floats:
    column = table.column(config.target.column)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)  # and 7.0 is written as 7 by Arrow
    try:
        named = column.cast(pa.string()).combine_chunks().dictionary_encode()
    except pa.ArrowException as error:
        raise _wrong(config, partition, f"it is {column.type}") from error
    known = {name: place for place, name in enumerate(config.target.classes)}
    places = list[float]()
    for word in named.dictionary.to_pylist():
        place = _place(word, known, may_be_blank=is_untyped(table))
        if place is None:
            raise _wrong(config, partition, word, is_value=True)
        places.append(place)
    of_rows = np.asarray(named.indices.fill_null(len(places)).to_numpy(), dtype=np.intp)
    return np.array([*places, np.nan], dtype=np.float64)[of_rows]


def _place(word: str, known: Mapping[str, int], *, may_be_blank: bool) -> float | None:
    """Find the class that a word names; NaN for a blank, `None` for a stranger."""
    if word in known:
        return known[word]
    trimmed = word.strip() if may_be_blank else word
    if may_be_blank and says_nothing(trimmed) and trimmed not in known:
        return float("nan")
    return known.get(trimmed, known.get(_whole(trimmed)))


def _whole(word: str) -> str:
    """Write a whole number without its point: `3.0` as `3`."""
    digits, _, zeros = word.partition(".")
    return digits if not zeros.strip("0") else word


def _is_text(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _no_number(column: pa.ChunkedArray) -> str:
    """Say what stands where numbers should: the first word, or the type of the column."""
    if not _is_text(column):
        return f"it is {column.type}"
    words: list[str] = pc.drop_null(column).to_pylist()
    return next(word for word in words if not _is_number(word))


def _is_number(word: str) -> bool:
    try:
        return len(pa.array([word]).cast(pa.float64())) == 1
    except pa.ArrowException:
        return False


def _wrong(
    config: ModelConfig, partition: str, found: str, *, is_value: bool = False
) -> WrongLabels:
    target = config.target
    if is_value:
        is_shown = target.column not in config.sensitive
        found = f"it holds `{plain(found)}`" if is_shown else "it holds something else"
    needed = {
        "binary": "0, 1",
        "multiclass": f"one of its {len(target.classes)} classes",
        "regression": "a finite number",
    }
    return WrongLabels(target.column, partition, needed[target.task], found)
