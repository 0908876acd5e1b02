import numpy as np
import pandas as pd
import pytest

from core.domain.model_config import Column
from core.domain.target import Target
from functions.arrays import Floats
from functions.ml.training.simple_model import MOST_ROWS, learn_simple, usual

COLUMNS = {
    "distance": Column(type="number"),
    "carrier": Column(type="category"),
    "empty": Column(type="number"),
}
BINARY = Target(column="late", delay_days=1)
CLASSES = Target(column="kind", task="multiclass", classes=("a", "b", "c"), delay_days=1)
NUMBER = Target(column="minutes", task="regression", between=(0.0, 100.0), delay_days=1)
QUANTILE = NUMBER.model_copy(update={"loss": "pinball", "quantile": 0.9})


def features(rows: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "distance": rng.uniform(0, 1, rows),
            "carrier": pd.Series(rng.choice(["AA", "UA"], rows), dtype="str"),
            "empty": np.full(rows, np.nan),
        }
    )


def places(given: pd.DataFrame) -> Floats:
    return np.asarray(np.floor(given["distance"].to_numpy() * 3), dtype=np.float64)


def test_it_learns_a_plain_rule_and_bears_what_it_never_saw() -> None:
    given = features()
    labels = (given["distance"].to_numpy() > 0.5).astype(np.int8)
    model = learn_simple(BINARY, COLUMNS, given, labels)

    rows = pd.DataFrame({"distance": [0.0, 1.0, np.nan], "carrier": "ZZ", "empty": 5.0})
    scores = model.predict_proba(rows.astype({"carrier": "str"}))[:, 1]

    assert scores[0] < 0.1
    assert scores[1] > 0.9
    assert np.isfinite(scores[2])


def test_it_learns_classes_and_numbers() -> None:
    given = features()
    kinds = learn_simple(CLASSES, COLUMNS, given, places(given))
    numbers = learn_simple(NUMBER, COLUMNS, given, given["distance"].to_numpy() * 100)

    assert (kinds.predict(given) == places(given)).mean() > 0.8
    assert np.abs(numbers.predict(given) - given["distance"] * 100).max() < 5


def test_it_learns_a_quantile() -> None:
    given = features(MOST_ROWS)
    spread = np.random.default_rng(6).exponential(size=len(given))
    labels = given["distance"].to_numpy() * 10 * spread

    said = learn_simple(QUANTILE, COLUMNS, given, labels).predict(given)

    assert np.mean(labels <= said) == pytest.approx(0.9, abs=0.03)


def test_a_class_that_an_even_choice_of_rows_would_miss_is_learned_all_the_same() -> None:
    given = features(MOST_ROWS + 5000)
    chosen = np.linspace(0, len(given) - 1, MOST_ROWS, dtype=np.intp)
    labels = np.zeros(len(given), np.int8)
    labels[np.setdiff1d(np.arange(len(given)), chosen)[0]] = 1

    model = learn_simple(BINARY, COLUMNS, given, labels)

    assert model.classes_.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("target", "labels", "expected"),
    [
        (BINARY, [0, 1, 1, 1], [0.75]),
        (CLASSES, [0, 0, 2, 2], [0.5, 0.0, 0.5]),
        (NUMBER, [10.0, 20.0], [15.0]),
        (QUANTILE, [10.0, 20.0, 30.0, 40.0, 50.0], [46.0]),
    ],
)
def test_what_is_usual_is_a_share_shares_or_a_mean(
    target: Target, labels: list[float], expected: list[float]
) -> None:
    assert usual(target, np.array(labels)).tolist() == expected
