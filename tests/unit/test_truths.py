from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core.adapters.folder.objects import FolderObjects
from core.domain.model_config import ModelConfig
from functions.data.label_store import Labels, booked_labels, landed_labels, store_booked
from functions.data.truths import WrongLabels, truths_of
from functions.untyped import without_types
from tests.builders import a_config

DAY = "2013-02-08"
CLASSES = ("low", "7", "none")


def several(classes: tuple[str, ...] = CLASSES, **changes: Any) -> ModelConfig:
    target = {"column": "kind", "task": "multiclass", "classes": classes, "delay_days": 1}
    return a_config(target=target, **changes)


def a_number(**changes: Any) -> ModelConfig:
    target = {"column": "kind", "task": "regression", "between": (0, 10), "delay_days": 1}
    return a_config(target=target, **changes)


def truths(config: ModelConfig, column: pa.Array, *, is_text: bool = False) -> list[float]:
    table = pa.table({"kind": column})
    found: list[float] = truths_of(without_types(table) if is_text else table, config, DAY).tolist()
    return found


def test_names_of_classes_become_their_places() -> None:
    found = truths(several(), pa.array(["none", "low", None, "7"]))

    np.testing.assert_array_equal(found, [2, 0, np.nan, 1])


@pytest.mark.parametrize(
    "column",
    [
        pa.array([3, 1, None]),
        pa.array([3.0, 1.0, float("nan")]),
        pa.array(["3", "1", None]),
        pa.array(["3.0", "1.00", None]),
        pa.array(["3", "1", None]).dictionary_encode().cast(pa.string()),
    ],
    ids=["whole", "float", "text", "text with a point", "codes"],
)
def test_a_whole_number_may_name_a_class_however_it_is_written(column: pa.Array) -> None:
    np.testing.assert_array_equal(truths(several(("1", "2", "3")), column), [2, 0, np.nan])


def test_a_long_number_among_nulls_names_its_class_too() -> None:
    config = several(("1000000", "123456789", "7"))

    found = truths(config, pa.array([123456789.0, None, 1000000.0]))

    np.testing.assert_array_equal(found, [1, np.nan, 0])


def test_in_a_file_without_types_what_says_nothing_is_not_known_unless_a_class_is_called_so() -> (
    None
):
    found = truths(several(), pa.array(["", "NA", " low ", "none", "7.0"]), is_text=True)

    np.testing.assert_array_equal(found, [np.nan, np.nan, 0, 2, 1])


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (pa.array(["low", "high"]), "it holds `high`"),
        (pa.array([7, 8]), "it holds `8`"),
        (pa.array([7.5]), "it holds `7.5`"),
        (pa.array([""]), "it holds ` `"),
        (pa.array([["low"]]), "it is list<"),
    ],
    ids=str,
)
def test_a_stranger_among_the_classes_is_refused_by_name(column: pa.Array, found: str) -> None:
    with pytest.raises(WrongLabels, match="one of its 3 classes or nothing, but") as refused:
        truths(several(), column)

    assert found in str(refused.value)


def test_a_sensitive_label_is_refused_without_its_name() -> None:
    config = several(sensitive=("kind",))

    with pytest.raises(WrongLabels, match="but it holds something else") as refused:
        truths(config, pa.array(["a secret"]))

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("column", "is_text"),
    [
        (pa.array([1.5, -2.0, None]), False),
        (pa.array([1.5, -2.0, float("nan")]), False),
        (pa.array(["1.5", "-2", ""]), True),
        (pa.array([1.5, -2.0, None], pa.float32()), False),
    ],
    ids=["floats", "not a number", "text", "float32"],
)
def test_numbers_are_read_however_they_were_written(column: pa.Array, *, is_text: bool) -> None:
    np.testing.assert_array_equal(truths(a_number(), column, is_text=is_text), [1.5, -2.0, np.nan])


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (pa.array([1.0, float("inf")]), "it holds `inf`"),
        (pa.array([-float("inf")]), "it holds `-inf`"),
        (pa.array([1e300]), "it holds `1e\\+300`"),
        (pa.array(["1", "late"]), "it holds `late`"),
        (pa.array([date(2013, 2, 8)]), "it is date32"),
    ],
    ids=str,
)
def test_what_is_no_finite_number_is_refused(column: pa.Array, found: str) -> None:
    with pytest.raises(WrongLabels, match=f"labels of {DAY} .* `kind` .* finite number .*{found}"):
        truths(a_number(), column)


def test_a_missing_column_is_said_to_be_missing() -> None:
    with pytest.raises(WrongLabels, match=r"column `kind` .* but it is missing"):
        truths_of(pa.table({"other": [1]}), several(), DAY)


def landed(objects: FolderObjects, labels: dict[str, str], config: ModelConfig) -> Labels:
    frame = pd.DataFrame({"flight_id": list(labels), "kind": list(labels.values())})
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink)
    objects.put(f"flights/labels/dt={DAY}/part-0.parquet", sink.getvalue().to_pybytes())
    found = landed_labels(config, DAY, objects)
    assert found is not None
    return found


def test_booked_classes_are_the_same_in_any_order_of_the_config(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    labels = landed(objects, {"a": "7", "b": "low"}, several())
    key = store_booked("flights", DAY, labels, objects)

    other = landed(objects, {"a": "7", "b": "low"}, several(CLASSES[::-1]))

    assert other.content_hash == labels.content_hash
    assert other.changed_since(booked_labels(key, CLASSES[::-1], objects)) == 0


def test_a_booked_class_that_is_none_any_more_was_changed(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    labels = landed(objects, {"a": "7", "b": "low"}, several())
    key = store_booked("flights", DAY, labels, objects)

    now = landed(objects, {"a": "none", "b": "low"}, several(("low", "middle", "none")))

    assert now.changed_since(booked_labels(key, ("low", "middle", "none"), objects)) == 1
