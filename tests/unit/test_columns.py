from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core.domain.model_config import Column
from functions.ml.columns import NO_CATEGORY, MissingColumn, WrongType, select, select_all
from functions.untyped import without_types

NUMBER, CATEGORY = Column(type="number"), Column(type="category")


def test_features_come_in_the_order_of_the_config_and_nothing_else_comes() -> None:
    rows = pa.table({"b": ["x"], "key": ["1"], "a": [1]})

    features = select(rows, {"a": NUMBER, "b": CATEGORY})

    assert list(features.columns) == ["a", "b"]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1, None], pa.int8()),
        pa.array([1.0, float("nan")]),
        pa.array([1.0, float("inf")]),
        pa.array([True, None]),
        pa.array([Decimal("1.0"), None]),
    ],
    ids=["null", "nan", "infinite", "boolean", "decimal"],
)
def test_whatever_is_no_number_is_nan(values: pa.Array) -> None:
    numbers = select(pa.table({"a": values}), {"a": NUMBER})["a"]

    assert numbers.dtype == np.float64
    assert numbers[0] == 1
    assert np.isnan(numbers[1])


def test_a_column_of_nulls_only_is_a_column_of_nan() -> None:
    assert select(pa.table({"a": pa.nulls(3)}), {"a": NUMBER})["a"].isna().all()


@pytest.mark.parametrize(
    "values",
    [
        pa.array([7, 8], pa.int32()),
        pa.array([7.0, 8.0]),
        pa.array(["7", "8"]),
        pa.array(["7", "8"]).dictionary_encode(),
    ],
    ids=["whole", "float", "text", "dictionary"],
)
def test_a_category_reads_the_same_however_it_was_written(values: pa.Array) -> None:
    assert select(pa.table({"a": values}), {"a": CATEGORY})["a"].tolist() == ["7", "8"]


@pytest.mark.parametrize("values", [pa.array(["x", None]), pa.array([1.5, float("nan")])])
def test_a_missing_category_is_one_of_its_own(values: pa.Array) -> None:
    assert select(pa.table({"a": values}), {"a": CATEGORY})["a"][1] == NO_CATEGORY


def test_a_frame_is_read_like_an_arrow_table() -> None:
    frame = pd.DataFrame({"a": [1, None], "b": ["x", None]})
    columns = {"a": NUMBER, "b": CATEGORY}

    of_frame, of_table = select(frame, columns), select(pa.Table.from_pandas(frame), columns)

    pd.testing.assert_frame_equal(of_frame, of_table)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(MissingColumn, match="column `a` that the model reads is missing"):
        select(pa.table({"b": [1]}), {"a": NUMBER})


def test_text_in_a_number_column_is_refused() -> None:
    with pytest.raises(WrongType, match="`a` should be a number, but it is string"):
        select(pa.table({"a": ["1"]}), {"a": NUMBER})


def test_a_list_is_no_category() -> None:
    with pytest.raises(WrongType, match="`a` should be a category, but it is list"):
        select(pa.table({"a": [[1]]}), {"a": CATEGORY})


@pytest.mark.parametrize("value", [1e39, -1e39, float("inf"), float("nan"), None])
def test_a_number_that_trees_cannot_read_counts_as_missing(value: float | None) -> None:
    selected = select(pa.table({"a": [1.0, value]}), {"a": NUMBER})["a"]

    assert selected[0] == 1.0
    assert np.isnan(selected[1])


def test_text_of_a_table_without_types_is_a_number_or_a_category_as_the_columns_say() -> None:
    table = without_types(pa.table({"a": ["007", None], "b": ["007", None]}))

    selected = select(table, {"a": NUMBER, "b": CATEGORY})

    assert selected["a"].tolist() == pytest.approx([7.0, np.nan], nan_ok=True)
    assert selected["b"].tolist() == ["007", NO_CATEGORY]


def test_text_of_a_table_without_types_that_is_no_number_is_refused() -> None:
    with pytest.raises(WrongType, match="The column `a` should be a number"):
        select(without_types(pa.table({"a": ["7", "x"]})), {"a": NUMBER})


def test_tables_with_other_types_are_taken_one_behind_the_other() -> None:
    tables = [pa.table({"a": [1]}), pa.table({"a": [2.5]}), without_types(pa.table({"a": ["3"]}))]

    assert select_all(tables, {"a": NUMBER})["a"].tolist() == [1.0, 2.5, 3.0]
