from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from core.adapters.folder.objects import FolderObjects
from core.domain.ids import VersionId
from core.domain.scored import Logged, Stage
from functions.data.logged_predictions import LoggedPredictions
from functions.data.prediction_log import Predicted, log_key, served_log, write_log
from tests.builders import NOON

DAY, VERSION = "2013-02-08", VersionId("ver_a")
SCORES: Final = pd.Series([0.25, 0.75], index=["a", "b"])


def written(
    objects: FolderObjects, rows: "pd.Series[float]" = SCORES, stage: Stage = "champion"
) -> Logged:
    said = np.asarray(rows, dtype=np.float64)
    predicted = Predicted(
        version=VERSION,
        stage=stage,
        keys=pa.chunked_array([pa.array(rows.index, pa.string())]),
        said=said,
        served=said,
        hits=np.zeros(len(said), np.int64),
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
