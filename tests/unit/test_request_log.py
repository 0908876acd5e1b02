from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.adapters.folder.objects import FolderObjects
from core.domain.ids import VersionId
from functions.data.predicted import Predicted
from functions.data.request_log import (
    Serving,
    features_of,
    read_answers,
    scored_at,
    where_sent,
    write_answer,
)
from tests.builders import NOON

V = VersionId("ver_a")


def answered(objects: FolderObjects, name: str, rows: pa.Table, minutes: int = 0) -> str:
    """Write the answer about these rows, who are named by their place."""
    keys = pa.chunked_array([pa.array([f"{name}{at}" for at in range(rows.num_rows)])])
    predicted = Predicted.unserved(V, keys, np.full(rows.num_rows, 0.5))
    key = f"predictions/m/requests/dt=2013-02-08/{name}.shadow.parquet"
    at = NOON + timedelta(minutes=minutes)
    write_answer(key, "2013-02-08", predicted, rows, Serving(champion=V), at, objects)
    return key


def test_answers_of_one_version_are_put_together_with_the_rows_as_they_were_sent(
    tmp_path: Path,
) -> None:
    objects = FolderObjects(tmp_path)
    keys = [
        answered(objects, "a", pa.table({"distance": [1.0, 2.0], "carrier": ["AA", None]})),
        answered(objects, "b", pa.table({"distance": [3.0]})),
    ]

    [answers] = read_answers(keys, objects)

    assert answers.names.tolist() == ["a0", "a1", "b0"]
    assert features_of(answers, ["distance"]).to_pydict() == {"distance": [1.0, 2.0, 3.0]}
    assert where_sent(answers, ["distance", "carrier"]).tolist() == [True, True, False]
    assert set(answers.table.column("champion").to_pylist()) == {V}


def test_a_column_that_was_of_another_kind_later_counts_as_not_sent(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    keys = [
        answered(objects, "a", pa.table({"distance": [1.0], "gate": ["B2"]})),
        answered(objects, "b", pa.table({"distance": [3.0], "gate": [2.0]})),
    ]

    [answers] = read_answers(keys, objects)

    assert features_of(answers, ["distance", "gate"]).column_names == ["distance"]
    assert where_sent(answers, ["gate"]).tolist() == [False, False]
    assert where_sent(answers, ["distance"]).all()


def test_what_is_gone_or_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    key = answered(objects, "a", pa.table({"distance": [1.0]}))
    objects.put("odd", b"no Parquet")

    [answers] = read_answers([key, "odd", "gone"], objects)

    assert answers.names.tolist() == ["a0"]


def test_of_a_row_that_was_predicted_twice_the_first_time_is_said(tmp_path: Path) -> None:
    objects, elsewhere = FolderObjects(tmp_path / "one"), FolderObjects(tmp_path / "other")
    first = answered(objects, "a", pa.table({"distance": [1.0]}), minutes=5)
    later = answered(elsewhere, "a", pa.table({"distance": [1.0]}), minutes=9)
    objects.put("later", elsewhere.get(later))

    known = scored_at(["later", first], ["a0", "unknown"], objects)

    assert known == {"a0": int((NOON + timedelta(minutes=5)).timestamp() * 1e6)}
