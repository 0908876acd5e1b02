from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from numpy.typing import NDArray

from core.domain.training_config import Training
from functions.data.artefacts import open_allowed, types_not_allowed
from functions.ml.training.calibrator import TooFewToCalibrate, kept_for_calibration
from functions.ml.training.config_refused import WrongChain
from functions.ml.training.pipeline import build, learn, predict
from tests.unit.trainings import BINARY, COLUMNS, NUMBER
from tests.watched_model import training

METHODS = ["isotonic", "sigmoid"]
ROWS = 2000


def calibrating(method: str | None, **changes: Any) -> Training:
    stated = {"estimator": "DecisionTreeClassifier", "calibrate": method}
    return Training.model_validate(training(**stated | changes))


def noisy_rows(seed: int) -> tuple[pd.DataFrame, NDArray[np.int8]]:
    """Rows whose label is hardly more than chance: a deep tree is far too sure of it."""
    rng = np.random.default_rng(seed)
    distance = rng.normal(size=ROWS)
    features = pd.DataFrame({"distance": distance, "carrier": rng.choice(["AA", "B6"], ROWS)})
    return features, (rng.uniform(size=ROWS) < 0.5 + 0.1 * np.tanh(distance)).astype(np.int8)


@pytest.mark.parametrize("method", METHODS)
def test_probabilities_that_were_too_sure_become_honest(method: str) -> None:
    features, labels = noisy_rows(1)
    others, truths = noisy_rows(2)

    plain = predict(learn(calibrating(None), COLUMNS, features, labels, BINARY), others)
    honest = predict(learn(calibrating(method), COLUMNS, features, labels, BINARY), others)

    assert np.mean((honest - truths) ** 2) < 0.26 < np.mean((plain - truths) ** 2)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_calibrated_is_the_same_when_it_is_read_back(method: str) -> None:
    features, labels = noisy_rows(1)
    pipeline = learn(calibrating(method), COLUMNS, features, labels, BINARY)

    body = skops.io.dumps(pipeline)

    assert types_not_allowed(body) == []
    again = predict(open_allowed(body), features)
    np.testing.assert_array_equal(again, predict(pipeline, features))


def test_the_estimator_is_not_shown_the_newest_rows_and_the_calibration_only_those() -> None:
    features, labels = noisy_rows(1)
    turned = labels.copy()
    turned[-400:] = 1 - turned[-400:]
    of_old = calibrating("sigmoid", parameters={"max_depth": 2})

    before = learn(of_old, COLUMNS, features, labels, BINARY)
    after = learn(of_old, COLUMNS, features, turned, BINARY)

    [trees] = [
        [pipeline["calibrated"].estimator.predict_proba(features) for pipeline in (before, after)]
    ]
    np.testing.assert_array_equal(*trees)
    assert np.abs(predict(before, features) - predict(after, features)).max() > 0.05


def test_a_label_that_the_newest_rows_hardly_have_is_named_with_the_numbers() -> None:
    labels = np.array([0, 1] * 40 + [0] * 18 + [1] * 2, dtype=np.int8)

    with pytest.raises(TooFewToCalibrate, match=r"of the newest 20 rows .*, only 2 .*; 5 are need"):
        kept_for_calibration(labels)


def test_a_fifth_of_the_rows_is_kept() -> None:
    assert kept_for_calibration(np.array([0, 1] * 50, dtype=np.int8)) == 20


def test_a_number_has_no_probability_to_calibrate() -> None:
    with pytest.raises(WrongChain, match=r"training.calibrate: Ridge predicts a number"):
        build(calibrating("isotonic", estimator="Ridge"), COLUMNS, NUMBER)
