from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from random import Random

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from core.adapters.folder.objects import FolderObjects
from functions.data.label_store import (
    Labels,
    booked_labels,
    landed_labels,
    store_booked,
)
from functions.data.object_tables import UnreadableObject
from functions.data.partition_rows import NoKey
from functions.data.truths import WrongLabels
from tests.builders import a_config
from tests.watched_model import parquet_of

DAY = "2013-02-08"
CONFIG = a_config()


def land(
    objects: FolderObjects, keys: Sequence[str | None], labels: Sequence[object], part: int = 0
) -> None:
    frame = pd.DataFrame({"flight_id": keys, "late": labels})
    objects.put(f"flights/labels/dt={DAY}/part-{part}.parquet", parquet_of(frame))


def landed(objects: FolderObjects) -> Labels:
    found = landed_labels(CONFIG, DAY, objects)
    assert found is not None
    return found


def test_no_object_is_no_labels(tmp_path: Path) -> None:
    assert landed_labels(CONFIG, DAY, FolderObjects(tmp_path)) is None


@pytest.mark.parametrize(
    "written", [[1, 0, None], [True, False, None], [1.0, 0.0, float("nan")]], ids=str
)
def test_labels_are_read_however_they_were_written(tmp_path: Path, written: list[object]) -> None:
    objects = FolderObjects(tmp_path)
    land(objects, ["a", "b", "c"], written)

    assert landed(objects).by_key.to_dict() == {"a": 1, "b": 0}


def test_the_last_word_on_a_row_counts(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    land(objects, ["a", "b", "b"], [0, 0, 1])
    land(objects, ["a"], [1], part=1)

    assert landed(objects).by_key.to_dict() == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ([2, 0], "it holds `2`"),
        ([0.5, 1], "it holds `0.5`"),
        ([float("inf"), 1], "it holds `inf`"),
        (["yes", "no"], "it holds `yes`"),
        ([[1], [0]], "it is list<"),
    ],
    ids=str,
)
def test_a_label_that_is_neither_0_nor_1_is_refused(
    tmp_path: Path, wrong: list[object], found: str
) -> None:
    objects = FolderObjects(tmp_path)
    land(objects, ["a", "b"], wrong)

    needed = f"labels of {DAY} need a column `late` that holds 0, 1 or nothing, but {found}"
    with pytest.raises(WrongLabels, match=needed):
        landed_labels(CONFIG, DAY, objects)


def test_labels_without_their_column_are_refused(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    frame = pd.DataFrame({"flight_id": ["a"], "delay": [3]})
    objects.put(f"flights/labels/dt={DAY}/part-0.parquet", parquet_of(frame))

    with pytest.raises(WrongLabels):
        landed_labels(CONFIG, DAY, objects)


def test_a_label_of_nobody_is_refused(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    land(objects, ["a", None], [1, 0])

    with pytest.raises(NoKey, match="the column `flight_id` must name every row"):
        landed_labels(CONFIG, DAY, objects)


def test_an_object_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    objects.put(f"flights/labels/dt={DAY}/part-0.parquet", b"flight_id,late\n")

    with pytest.raises(UnreadableObject, match=r"flights/labels/dt=2013-02-08/part-0\.parquet"):
        landed_labels(CONFIG, DAY, objects)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 1), min_size=1),
    st.randoms(use_true_random=False),
)
def test_labels_are_named_by_what_they_say_not_by_their_order_or_objects(
    tmp_path: Path,
    labels: dict[str, int],
    random: Random,
) -> None:
    objects = FolderObjects(tmp_path)
    land(objects, list(labels), list(labels.values()))
    before = landed(objects)
    keys = list(labels)
    random.shuffle(keys)

    land(objects, keys * 2, [labels[key] for key in keys] * 2)

    assert landed(objects).content_hash == before.content_hash
    flipped = {**labels, keys[0]: 1 - labels[keys[0]]}
    land(objects, list(flipped), list(flipped.values()))
    assert landed(objects).content_hash != before.content_hash
    assert landed(objects).changed_since(before) == 1


def test_booked_labels_are_read_back_as_they_were(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    land(objects, ["b", "a"], [1, 0])
    labels = landed(objects)

    again = booked_labels(store_booked("flights", DAY, labels, objects), (), objects)

    assert again.content_hash == labels.content_hash
    assert again.changed_since(labels) == 0


def test_labels_that_were_booked_as_small_whole_numbers_are_the_same_labels(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    land(objects, ["b", "a"], [1, 0])
    sink = BytesIO()
    small = pa.array([0, 1], pa.int8())
    parquet.write_table(pa.table({"key": ["a", "b"], "label": small}), sink)
    objects.put("booked/earlier.parquet", sink.getvalue())

    assert landed(objects).changed_since(booked_labels("booked/earlier.parquet", (), objects)) == 0


def test_a_label_that_is_withdrawn_is_a_change_and_a_new_one_is_not(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    land(objects, ["a", "b"], [1, 0])
    before = landed(objects)

    land(objects, ["b", "c"], [0, 1])

    assert landed(objects).changed_since(before) == 1
