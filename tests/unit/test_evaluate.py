import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score

from functions.ml.evaluate import brier_gain, measure

Scores = NDArray[np.float64]
Labels = NDArray[np.int8]

a_score = st.floats(0, 1, allow_subnormal=False)


def judged(rows: int) -> st.SearchStrategy[tuple[Scores, Labels]]:
    return st.tuples(
        arrays(np.float64, rows, elements=a_score),
        arrays(np.int8, rows, elements=st.integers(0, 1)),
    )


predictions = st.integers(1, 60).flatmap(judged)
both_labels = predictions.filter(lambda found: 0 < found[1].sum() < len(found[1]))


def test_four_rows_by_hand() -> None:
    metrics = measure(np.array([0.9, 0.4, 0.6, 0.1]), np.array([1, 1, 0, 0], dtype=np.int8))

    assert metrics.rows == 4
    assert metrics.base_rate == 0.5
    assert metrics.brier == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)
    assert metrics.log_loss == pytest.approx(-np.log([0.9, 0.4, 0.4, 0.9]).mean())
    assert metrics.accuracy == 0.5
    assert metrics.roc_auc == 0.75


@settings(deadline=None)  # scikit-learn's own functions take their time when first called
@given(both_labels)
def test_every_metric_is_what_scikit_learn_says(found: tuple[Scores, Labels]) -> None:
    scores, labels = found

    metrics = measure(scores, labels)

    assert metrics.brier == pytest.approx(brier_score_loss(labels, scores))
    assert metrics.log_loss == pytest.approx(log_loss(labels, scores), abs=1e-9)
    assert metrics.accuracy == pytest.approx(accuracy_score(labels, scores > 0.5))
    assert metrics.roc_auc == pytest.approx(roc_auc_score(labels, scores))


@given(both_labels, st.integers(0, 2**32 - 1))
def test_no_metric_cares_about_the_order_of_rows(found: tuple[Scores, Labels], seed: int) -> None:
    scores, labels = found
    order = np.random.default_rng(seed).permutation(len(labels))

    metrics, shuffled = measure(scores, labels), measure(scores[order], labels[order])

    assert shuffled.model_dump() == pytest.approx(metrics.model_dump())


@given(both_labels)
def test_the_auc_sees_only_the_order_of_scores(found: tuple[Scores, Labels]) -> None:
    scores, labels = np.round(found[0], 3), found[1]

    assert measure(scores**3, labels).roc_auc == measure(scores, labels).roc_auc


def test_labels_that_are_all_the_same_have_no_auc() -> None:
    metrics = measure(np.array([0.2]), np.array([0], dtype=np.int8))

    assert metrics.roc_auc is None
    assert metrics.brier == pytest.approx(0.04)


def test_a_certain_score_that_is_wrong_costs_much_but_not_infinitely() -> None:
    metrics = measure(np.array([1.0]), np.array([0], dtype=np.int8))

    assert metrics.log_loss == pytest.approx(36.04, abs=0.01)


@given(st.integers(2, 60).flatmap(lambda rows: st.tuples(judged(rows), judged(rows))))
def test_a_gain_is_the_difference_of_the_brier_scores(
    found: tuple[tuple[Scores, Labels], tuple[Scores, Labels]],
) -> None:
    (version, labels), (champion, _) = found

    gain = brier_gain(version, champion, labels)
    other_way = brier_gain(champion, version, labels)

    theirs, ours = measure(champion, labels).brier, measure(version, labels).brier
    assert theirs is not None
    assert ours is not None
    expected = theirs - ours
    assert gain.middle == pytest.approx(expected, abs=1e-12)
    assert gain.low <= gain.middle <= gain.high
    assert (other_way.low, other_way.high) == pytest.approx((-gain.high, -gain.low))


def test_a_version_gains_nothing_over_itself() -> None:
    scores, labels = np.array([0.3, 0.8]), np.array([0, 1], dtype=np.int8)

    assert brier_gain(scores, scores, labels).model_dump() == {"low": 0, "middle": 0, "high": 0}


def test_the_interval_holds_the_true_gain_19_times_of_20() -> None:
    rng = np.random.default_rng(7)
    true_gain = 0.01  # the champion misses the probability of 0.3 by 0.1
    held = 0
    for _ in range(1000):
        labels = (rng.uniform(size=400) < 0.3).astype(np.int8)
        gain = brier_gain(np.full(400, 0.3), np.full(400, 0.4), labels)
        held += gain.low <= true_gain <= gain.high

    assert 930 <= held <= 970
