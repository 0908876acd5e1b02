import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn import metrics as theirs

from core.domain.evaluation import Metric, Standing
from functions.ml.judging.evaluate import by_label, metrics, part, standards
from tests.unit.judged_rows import BINARY, CLASSES, NUMBER, judged

Scores = NDArray[np.float64]
Labels = NDArray[np.int8]
a_score = st.floats(0, 1, allow_subnormal=False)


def predicted(rows: int) -> st.SearchStrategy[tuple[Scores, Labels]]:
    return st.tuples(
        arrays(np.float64, rows, elements=a_score),
        arrays(np.int8, rows, elements=st.integers(0, 1)),
    )


predictions = st.integers(1, 60).flatmap(predicted)
both_labels = predictions.filter(lambda found: 0 < found[1].sum() < len(found[1]))


def values(found: tuple[Metric, ...]) -> dict[str, float]:
    return {metric.name: metric.version.middle for metric in found}


def some_classes(rows: int, seed: int = 3) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    return rng.dirichlet([1, 2, 1], rows), rng.integers(0, 3, rows).astype(np.float64)


def measured(scores: Scores, labels: Labels) -> dict[str, float]:
    return values(metrics(judged(scores, labels), None))


def test_four_rows_by_hand() -> None:
    found = measured(np.array([0.9, 0.4, 0.6, 0.1]), np.array([1, 1, 0, 0], dtype=np.int8))

    assert found == pytest.approx(
        {
            "brier": (0.01 + 0.36 + 0.36 + 0.01) / 4,
            "log_loss": -np.log([0.9, 0.4, 0.4, 0.9]).mean(),
            "accuracy": 0.5,
            "roc_auc": 0.75,
        }
    )


def test_three_classes_by_hand() -> None:
    said = [[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.1, 0.6, 0.3]]

    found = values(metrics(judged(said, [0, 1, 2], CLASSES), None))

    halves = [(0.09 + 0.04 + 0.01) / 2, (0.04 + 0.25 + 0.09) / 2, (0.01 + 0.36 + 0.49) / 2]
    assert found["brier"] == pytest.approx(sum(halves) / 3)
    assert found["log_loss"] == pytest.approx(-np.log([0.7, 0.5, 0.3]).mean())
    assert found["accuracy"] == pytest.approx(2 / 3)


def test_numbers_by_hand() -> None:
    found = values(metrics(judged([2, 0, 50], [0, 4, 0], NUMBER), None))

    assert found["squared_error"] == pytest.approx((4 / 1600 + 16 / 1600 + 1) / 3)
    assert found["mean_absolute_error"] == pytest.approx(56 / 3)
    assert found["root_mean_squared_error"] == pytest.approx(np.sqrt((4 + 16 + 2500) / 3))


@given(both_labels)
def test_every_metric_is_what_scikit_learn_says(found: tuple[Scores, Labels]) -> None:
    scores, labels = found

    ours = measured(scores, labels)

    assert ours["brier"] == pytest.approx(theirs.brier_score_loss(labels, scores))
    assert ours["log_loss"] == pytest.approx(theirs.log_loss(labels, scores), abs=1e-9)
    assert ours["accuracy"] == pytest.approx(theirs.accuracy_score(labels, scores > 0.5))
    assert ours["roc_auc"] == pytest.approx(theirs.roc_auc_score(labels, scores))


@pytest.mark.parametrize(
    ("metric", "asked"),
    [
        ("balanced_accuracy", theirs.balanced_accuracy_score),
        ("f1", theirs.f1_score),
        ("precision", theirs.precision_score),
        ("recall", theirs.recall_score),
    ],
)
@pytest.mark.parametrize("cut", [0.3, 0.5])
def test_every_decision_metric_is_what_scikit_learn_says(
    metric: str, asked: Callable[..., float], cut: float
) -> None:
    rng = np.random.default_rng(5)
    scores, labels = rng.uniform(size=200), rng.integers(0, 2, 200)

    found = values(metrics(judged(scores, labels, metric=metric, cut=cut), None))

    assert found[metric] == pytest.approx(asked(labels, scores > cut))


@pytest.mark.parametrize(
    ("metric", "asked"),
    [
        ("accuracy", theirs.accuracy_score),
        ("balanced_accuracy", theirs.balanced_accuracy_score),
        ("f1", lambda true, said: theirs.f1_score(true, said, average="macro")),
        ("precision", lambda true, said: theirs.precision_score(true, said, average="macro")),
        ("recall", lambda true, said: theirs.recall_score(true, said, average="macro")),
    ],
)
def test_of_several_classes_decisions_are_averaged_as_scikit_learn_does(
    metric: str, asked: Callable[..., float]
) -> None:
    said, true = some_classes(300)

    found = values(metrics(judged(said, true, CLASSES, metric=metric), None))

    assert found[metric] == pytest.approx(asked(true, said.argmax(axis=1)))
    assert found["log_loss"] == pytest.approx(theirs.log_loss(true, said))
    assert found["brier"] == pytest.approx(theirs.brier_score_loss(true, said, scale_by_half=True))


@given(both_labels, st.integers(0, 2**32 - 1))
def test_no_metric_cares_about_the_order_of_rows(found: tuple[Scores, Labels], seed: int) -> None:
    scores, labels = found
    order = np.random.default_rng(seed).permutation(len(labels))

    straight, shuffled = measured(scores, labels), measured(scores[order], labels[order])

    assert shuffled == pytest.approx(straight)


@given(both_labels)
def test_the_auc_sees_only_the_order_of_scores(found: tuple[Scores, Labels]) -> None:
    scores, labels = np.round(found[0], 3), found[1]

    straight, cubed = measured(scores, labels), measured(scores**3, labels)

    assert cubed["roc_auc"] == pytest.approx(straight["roc_auc"])


def test_labels_that_are_all_the_same_have_no_auc() -> None:
    found = measured(np.array([0.2]), np.array([0], dtype=np.int8))

    assert "roc_auc" not in found
    assert found["brier"] == pytest.approx(0.04)


def test_a_certain_score_that_is_wrong_costs_much_but_not_infinitely() -> None:
    found = measured(np.array([1.0]), np.array([0], dtype=np.int8))

    assert found["log_loss"] == pytest.approx(36.04, abs=0.01)


def test_a_metric_that_is_not_defined_is_left_out_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = values(metrics(judged([0.1, 0.2, 0.3], [0, 0, 1], metric="precision"), None))

    assert "precision" not in found
    assert "brier" in found


@given(st.integers(2, 60).flatmap(lambda rows: st.tuples(predicted(rows), predicted(rows))))
def test_a_gain_is_the_difference_of_the_losses_and_turns_with_the_sides(
    found: tuple[tuple[Scores, Labels], tuple[Scores, Labels]],
) -> None:
    (scores, labels), (others, _) = found
    version, champion = judged(scores, labels), judged(others, labels)

    gain = metrics(version, champion)[0].gain
    other_way = metrics(champion, version)[0].gain

    assert gain is not None
    assert other_way is not None
    expected = np.mean((others - labels) ** 2) - np.mean((scores - labels) ** 2)
    assert gain.middle == pytest.approx(expected, abs=1e-12)
    assert gain.low is not None
    assert gain.high is not None
    assert gain.low <= gain.middle <= gain.high
    assert (other_way.low, other_way.high) == pytest.approx((-gain.high, -gain.low), abs=1e-12)


def test_a_version_gains_nothing_over_itself_whatever_is_measured() -> None:
    scores, labels = np.array([0.3, 0.8, 0.6, 0.1]), np.array([0, 1, 0, 1])
    version = judged(scores, labels)

    gains = [metric.gain for metric in metrics(version, version)]

    assert [gain.model_dump() for gain in gains if gain] == [
        {"low": 0, "middle": 0, "high": 0} for _ in range(4)
    ]


def test_a_higher_accuracy_and_a_lower_loss_are_both_gains() -> None:
    better, worse = [0.9, 0.1, 0.8, 0.2], [0.4, 0.6, 0.8, 0.2]

    found = metrics(judged(better, [1, 0, 1, 0]), judged(worse, [1, 0, 1, 0]))

    assert [metric.gain.middle > 0 for metric in found if metric.gain] == [True] * 4


def test_rows_of_one_label_are_judged_by_themselves() -> None:
    labels = [1] * 10 + [0] * 30
    version = judged([0.9] * 8 + [0.1] * 2 + [0.2] * 30, labels, minimum_rows=10)

    zeros, ones = by_label(version, None)

    assert (ones.name, ones.rows, zeros.name, zeros.rows) == ("1", 10, "0", 30)
    assert values(ones.metrics) == pytest.approx(
        {"brier": (8 * 0.01 + 2 * 0.81) / 10, "accuracy": 0.8}
    )


def test_a_part_with_too_few_rows_is_counted_and_never_judged() -> None:
    small = part("slice", "night", judged([0.5] * 9, [1] * 9), None, 10)

    assert (small.rows, small.metrics, small.gain) == (9, (), None)


def test_a_part_without_rows_is_never_judged() -> None:
    assert part("failures", "filed failures", judged([], []), None, 0).metrics == ()


@pytest.mark.parametrize(
    ("worse_by", "expected"), [(0.0, "no worse"), (0.05, "worse"), (0.0101, "not known")]
)
def test_a_protected_slice_has_to_be_no_worse_by_the_margin(
    worse_by: float, expected: Standing
) -> None:
    rng = np.random.default_rng(2)
    labels = np.tile([0.0, 1.0], 300)
    champion = np.abs(labels - 0.3)
    off = np.sqrt(0.09 + worse_by) + rng.normal(0, 0.004, 600) * (worse_by > 0)
    version = np.abs(labels - off)
    found = part("slice", "EU", judged(version, labels), judged(champion, labels), 100)

    [standard] = standards((), [found.model_copy(update={"is_protected": True})], BINARY, 0.01)

    assert (standard.name, standard.standing) == ("EU", expected)


def test_the_decision_of_a_number_is_compared_with_a_share_of_the_span() -> None:
    rng = np.random.default_rng(4)
    true = rng.uniform(-10, 30, 400)
    found = metrics(judged(true + 1.2, true, NUMBER), judged(true + 1.0, true, NUMBER))

    [standard] = standards(found, (), NUMBER, 0.01)

    assert standard.margin == pytest.approx(0.4)
    assert standard.gain is not None
    assert standard.gain.middle == pytest.approx(-0.2)
    assert standard.standing == "no worse"


def test_a_quantile_is_judged_by_its_pinball_loss_alone() -> None:
    quantile = NUMBER.model_copy(update={"loss": "pinball", "quantile": 0.8})
    rng = np.random.default_rng(8)
    truths = rng.uniform(-10, 30, 500)
    said = truths + rng.normal(2, 3, 500)

    found = metrics(judged(said, truths, quantile), judged(said - 4, truths, quantile))

    expected = theirs.mean_pinball_loss(truths, said, alpha=0.8)
    assert values(found) == pytest.approx(
        {"pinball_loss": expected / 40, "mean_pinball_loss": expected}
    )
    assert all(metric.gain is not None and metric.gain.middle > 0 for metric in found)
    [standard] = standards(found, (), quantile, 0.01)
    assert standard.name == "Mean pinball loss"
    assert standard.margin == pytest.approx(0.4)
