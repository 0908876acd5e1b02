from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from core.adapters.folder.objects import FolderObjects
from core.domain.ids import VersionId
from core.domain.scored import Logged, Scored, Stage
from functions.arrays import Floats
from functions.data.logged_predictions import LoggedPredictions, served_to_people
from functions.data.predicted import Predicted
from functions.data.prediction_log import log_key, read_keys, served_log, what_stands, write_log
from functions.placing import BINARY, MadeFor
from tests.builders import NOON

DAY, VERSION = "2013-02-08", VersionId("ver_a")
SCORES: Final = pd.Series([0.25, 0.75], index=["a", "b"])


def written(
    objects: FolderObjects, rows: "pd.Series[float]" = SCORES, stage: Stage = "champion"
) -> Logged:
    said = np.asarray(rows, dtype=np.float64)
    return written_as(objects, said, stage, keys=list(rows.index))


def written_as(
    objects: FolderObjects,
    said: Floats,
    stage: Stage = "champion",
    made_for: MadeFor = BINARY,
    keys: Sequence[str] = ("a", "b"),
) -> Logged:
    predicted = Predicted(
        version=VERSION,
        stage=stage,
        keys=pa.chunked_array([pa.array(keys, pa.string())]),
        said=said,
        served=said,
        hits=np.zeros(len(said), np.int64),
        made_for=made_for,
    )
    return write_log(log_key("flights", DAY, VERSION, stage), DAY, predicted, NOON, objects)


def by_key(logged: Logged, objects: FolderObjects) -> dict[str, float]:
    predictions = LoggedPredictions.read(logged, objects)
    return dict(zip(predictions.keys, predictions.scores.tolist(), strict=True))


def test_what_is_written_is_read_back_by_key(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)

    logged = written(objects)

    assert (logged.rows, logged.mean_score) == (2, 0.5)
    assert by_key(logged, objects) == {"a": 0.25, "b": 0.75}


def test_a_log_is_written_once_and_says_what_stands_in_it(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    first = written(objects)

    again = written(objects, SCORES + 0.1)

    assert again == first
    assert by_key(first, objects) == SCORES.to_dict()


def test_of_several_classes_the_log_says_all_probabilities_and_which_one_was_decided_for(
    tmp_path: Path,
) -> None:
    objects = FolderObjects(tmp_path)
    classes = MadeFor("multiclass", ("x", "y", "z"))
    values = np.array([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2]])

    logged = written_as(objects, values, made_for=classes)

    assert logged.mean_score == pytest.approx(0.45)
    table = parquet.read_table(BytesIO(objects.get(logged.key)))
    assert table.column("decided").to_pylist() == ["y", "x"]
    assert table.column("score").to_pylist() == [0.5, 0.4]
    assert table.column("scores").to_pylist() == values.tolist()
    again = LoggedPredictions.read(logged, objects)
    assert again.made_for == classes
    np.testing.assert_array_equal(again.scores, [0.5, 0.4])


def test_a_number_is_not_read_back_as_a_probability(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)

    logged = written_as(objects, np.array([-3.0, 12.0]), made_for=MadeFor("regression"))

    assert LoggedPredictions.read(logged, objects).made_for.task == "regression"
    assert by_key(logged, objects) == {"a": -3.0, "b": 12.0}


def test_no_rows_have_no_mean(tmp_path: Path) -> None:
    assert written(FolderObjects(tmp_path), SCORES.head(0)).mean_score is None


def test_what_was_served_is_found_and_a_shadow_is_not(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    written(objects, stage="shadow")
    assert served_log("flights", DAY, objects) is None

    served = written(objects)

    assert served_log("flights", DAY, objects) == served
    next_day = f"{(NOON + timedelta(days=1)):%Y-%m-%d}"
    assert served_log("flights", next_day, objects) is None


def test_classes_are_read_back_as_the_model_said_beside_what_was_served(tmp_path: Path) -> None:
    objects, classes = FolderObjects(tmp_path), ("a", "b", "c")
    said = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1]])
    served = np.array([[1.0, 0.0, 0.0], [np.nan] * 3, [0.1, 0.8, 0.1]])
    predicted = Predicted(
        version=VERSION,
        stage="champion",
        keys=pa.chunked_array([pa.array(["x", "y", "z"])]),
        said=said,
        served=served,
        hits=np.array([1, 2, 0]),
        overrides=("first", "second"),
        made_for=MadeFor("multiclass", classes),
        ms_per_1000_rows=4.0,
    )

    logged = write_log("predictions/a.parquet", DAY, predicted, NOON, objects)

    table = parquet.read_table(BytesIO(objects.get(logged.key)))
    assert table.column("decided").to_pylist() == ["c", "a", "b"]
    assert table.column("served_class").to_pylist() == ["a", None, "b"]
    assert table.column("score").to_pylist() == [0.5, 0.6, 0.8]
    assert table.column("served").to_pylist() == [1.0, None, 0.8]
    assert set(table.column("ms_per_1000_rows").to_pylist()) == {4.0}
    assert logged.hits == {"first": 1, "second": 1}
    found = LoggedPredictions.read(logged, objects)
    np.testing.assert_array_equal(found.said, said)
    np.testing.assert_array_equal(
        found.at(pd.Index(["z", "nobody"], dtype="str")), [said[2], [np.nan] * 3]
    )


def test_a_log_of_old_is_read_as_one_whose_predictions_were_served_as_they_were(
    tmp_path: Path,
) -> None:
    objects = FolderObjects(tmp_path)
    table = pa.table({"prediction_id": ["a", "b"], "score": [0.25, 0.75]})
    sink = BytesIO()
    parquet.write_table(table, sink)
    objects.put(log_key("flights", DAY, VERSION, "champion"), sink.getvalue())

    logged = served_log("flights", DAY, objects)

    assert logged is not None
    assert (logged.rows, logged.mean_score, logged.maker, logged.hits) == (2, 0.5, "version", {})
    assert LoggedPredictions.read(logged, objects).said.tolist() == [0.25, 0.75]
    scored = Scored(
        id="s", model="flights", partition=DAY, logs=(logged,), features_hash="f", scored_at=NOON
    )
    assert served_to_people(scored, objects).to_dict() == {"a": 0.25, "b": 0.75}


def test_what_an_unfinished_fallback_has_served_is_known_again(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    simple = VersionId("ver_a.simple")
    said = np.array([0.5])
    predicted = Predicted(
        version=simple,
        stage="fallback",
        keys=pa.chunked_array([pa.array(["x"])]),
        said=said,
        served=said,
        hits=np.zeros(1, np.int64),
        maker="simple",
        trained_with=VERSION,
    )

    logged = write_log(log_key("flights", DAY, simple, "fallback"), DAY, predicted, NOON, objects)

    assert served_log("flights", DAY, objects) == logged
    assert (logged.maker, logged.trained_with, logged.version) == ("simple", VERSION, simple)


def test_a_row_without_a_number_is_kept_in_the_log_and_counts_nowhere(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)

    logged = written(objects, pd.Series([0.25, np.nan, np.inf], index=["a", "b", "c"]))

    assert (logged.rows, logged.mean_score) == (3, 0.25)
    assert what_stands(logged.key, VERSION, "champion", objects) == logged
    assert LoggedPredictions.read(logged, objects).numbered().keys.tolist() == ["a"]
    assert read_keys(logged, objects).tolist() == ["a", "b", "c"]
