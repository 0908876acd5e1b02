"""Several classes and a number: real sets that scikit-learn brings, beside its own metrics."""

import numpy as np
import pytest
from sklearn import metrics as theirs
from sklearn.base import BaseEstimator
from sklearn.datasets import load_diabetes, load_digits, load_wine
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.domain.evaluation import Metric
from core.domain.target import Target
from functions.arrays import Floats
from functions.ml.judging.calibration import calibration
from functions.ml.judging.evaluate import by_label, metrics
from functions.ml.judging.judged import Judged
from tests.unit.judged_rows import judged

DAYS = 6


def cut_in_two(data: Floats, truths: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Deal the rows to learning and judging, in an order of chance."""
    order = np.random.default_rng(0).permutation(len(truths))
    half = len(order) // 2
    learn, judge = order[:half], order[half:]
    return data[learn], truths[learn], data[judge], truths[judge]


def one_of_several(loaded: dict[str, Floats]) -> tuple[Judged, Judged]:
    """Judge a regression beside one that knows only how frequent each class is."""
    data, truths, unseen, true = cut_in_two(loaded["data"], loaded["target"])
    names = tuple(str(name) for name in np.unique(truths))
    target = Target(column="class", task="multiclass", classes=names, delay_days=0)

    def of(model: BaseEstimator) -> Judged:
        said = model.fit(data, truths).predict_proba(unseen)
        return judged(said, true, target, DAYS, minimum_rows=10)

    regression = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    return of(regression), of(DummyClassifier(strategy="prior"))


def by_name(found: tuple[Metric, ...]) -> dict[str, Metric]:
    return {metric.name: metric for metric in found}


@pytest.mark.parametrize("load", [load_wine, load_digits])
def test_classes_are_judged_as_scikit_learn_does_and_the_better_model_is_seen(load: object) -> None:
    assert callable(load)
    version, champion = one_of_several(load())

    found = by_name(metrics(version, champion))

    true, said = version.truths, version.predictions
    assert found["accuracy"].version.middle == theirs.accuracy_score(true, said.argmax(axis=1))
    assert found["log_loss"].version.middle == pytest.approx(theirs.log_loss(true, said))
    assert found["brier"].version.middle == pytest.approx(
        theirs.brier_score_loss(true, said, scale_by_half=True)
    )
    for metric in found.values():
        assert metric.gain is not None
        assert metric.gain.low is not None
        assert metric.gain.low > 0
    labels = by_label(version, champion)
    assert [label.name for label in labels] == list(version.target.classes)
    assert sum(label.rows for label in labels) == len(true)
    assert all(label.metrics for label in labels)
    assert calibration(version) is not None


def test_a_number_is_judged_as_scikit_learn_does_and_the_better_model_is_seen() -> None:
    loaded = load_diabetes()
    data, truths, unseen, true = cut_in_two(loaded["data"], loaded["target"])
    target = Target(column="progress", task="regression", between=(25, 346), delay_days=0)
    said = Ridge(0.1).fit(data, truths).predict(unseen)
    mean = DummyRegressor().fit(data, truths).predict(unseen)

    found = by_name(metrics(judged(said, true, target, DAYS), judged(mean, true, target, DAYS)))

    error, span = theirs.mean_squared_error(true, said), 346 - 25
    assert found["squared_error"].version.middle == pytest.approx(error / span**2)
    assert found["root_mean_squared_error"].version.middle == pytest.approx(np.sqrt(error))
    assert found["mean_absolute_error"].version.middle == pytest.approx(
        theirs.mean_absolute_error(true, said)
    )
    for metric in found.values():
        assert metric.gain is not None
        assert metric.gain.low is not None
        assert metric.gain.low > 0
