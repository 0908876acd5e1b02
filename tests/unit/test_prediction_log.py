from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from core.adapters.folder.objects import FolderObjects
from core.domain.ids import VersionId
from core.domain.scored import Logged, Stage
from functions.data.prediction_log import LoggedPredictions, read_log, served_log, write_log
from tests.builders import NOON

DAY, VERSION = "2013-02-08", VersionId("ver_a")
KEYS: Final = pd.Index(["a", "b"], dtype="str")
SCORES: Final = LoggedPredictions(KEYS, np.array([0.25, 0.75]))


def written(
    objects: FolderObjects, rows: LoggedPredictions = SCORES, stage: Stage = "champion"
) -> Logged:
    return write_log("flights", DAY, VERSION, stage, rows, at=NOON, objects=objects)


def by_key(predictions: LoggedPredictions) -> dict[str, float]:
    return dict(zip(predictions.keys, predictions.scores.tolist(), strict=True))


def test_what_is_written_is_read_back_by_key(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)

    logged = written(objects)

    assert (logged.rows, logged.mean_score) == (2, 0.5)
    assert by_key(read_log(logged.key, objects)) == {"a": 0.25, "b": 0.75}


def test_a_log_is_written_once_and_says_what_stands_in_it(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    first = written(objects)

    again = written(objects, LoggedPredictions(KEYS, SCORES.scores + 0.1))

    assert again == first
    assert by_key(read_log(first.key, objects)) == by_key(SCORES)


def test_no_rows_have_no_mean(tmp_path: Path) -> None:
    assert (
        written(FolderObjects(tmp_path), LoggedPredictions(KEYS[:0], np.zeros(0))).mean_score
        is None
    )


def test_what_was_served_is_found_and_a_shadow_is_not(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    written(objects, stage="shadow")
    assert served_log("flights", DAY, objects) is None

    served = written(objects)

    assert served_log("flights", DAY, objects) == served
    next_day = f"{(NOON + timedelta(days=1)):%Y-%m-%d}"
    assert served_log("flights", next_day, objects) is None
