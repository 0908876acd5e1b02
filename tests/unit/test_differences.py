import numpy as np
import pytest

from core.domain.bets import OF_LOSSES, Bet
from core.domain.target import Target
from functions.ml.judging.betting import growths
from functions.ml.judging.differences import of_arms
from functions.ml.judging.mistakes import mistakes

BINARY = Target(column="late", delay_days=1)
CLASSES = Target(column="kind", delay_days=1, task="multiclass", classes=("a", "b", "c"))
NUMBER = Target(column="delay", delay_days=1, task="regression", between=(0, 100))


def test_each_row_of_the_smaller_arm_stands_beside_its_share_of_the_larger_one() -> None:
    served, version = np.array([0.2, 0.4, 0.6, 0.8, 1.0]), np.array([0.1, 0.5])

    differences = of_arms(served, version)

    assert differences == pytest.approx([0.3 - 0.1, 0.7 - 0.5])
    assert of_arms(version, served) == pytest.approx(-differences)


def test_arms_of_the_same_size_are_paired() -> None:
    assert of_arms(np.array([0.5, 0.2]), np.array([0.1, 0.3])) == pytest.approx([0.4, -0.1])


def test_an_empty_arm_compares_nothing() -> None:
    assert len(of_arms(np.array([0.1]), np.empty(0))) == 0
    assert len(of_arms(np.empty(0), np.array([0.1]))) == 0


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_of_versions_that_are_alike_one_run_in_twenty_at_most_calls_one_better(
    share: float,
) -> None:
    chance = np.random.default_rng(11)
    gain = Bet(margin=0.0, sign=1, stakes=OF_LOSSES)
    claimed = 0
    for _ in range(400):
        wealth, is_claimed = np.zeros(len(OF_LOSSES)), False
        for _ in range(25):
            losses = chance.beta(0.4, 1.6, 400)
            is_version = chance.uniform(size=400) < share
            differences = of_arms(losses[~is_version], losses[is_version])
            wealth += growths(differences, gain).sum(axis=0)
            is_claimed |= bool(np.mean(np.exp(wealth)) >= 20)
        claimed += is_claimed

    assert claimed / 400 <= 0.05


def test_a_version_that_is_better_in_its_arm_is_found_out() -> None:
    chance = np.random.default_rng(3)
    gain = Bet(margin=0.0, sign=1, stakes=OF_LOSSES)
    differences = of_arms(chance.beta(0.4, 1.6, 9000), chance.beta(0.4, 2.0, 1000))

    assert np.mean(np.exp(growths(differences, gain).sum(axis=0))) >= 20


def test_a_decision_is_right_or_wrong() -> None:
    scores, labels = np.array([0.2, 0.4, 0.6, 0.3]), np.array([0.0, 1.0, 1.0, 1.0])

    assert mistakes(BINARY, 0.5, scores, labels).tolist() == [0, 1, 0, 1]
    assert mistakes(BINARY, 0.3, scores, labels).tolist() == [0, 0, 0, 1]


def test_of_several_classes_the_likeliest_is_decided() -> None:
    scores = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]])

    assert mistakes(CLASSES, 0.5, scores, np.array([1.0, 2.0])).tolist() == [0, 1]


def test_a_number_is_off_by_a_share_of_its_span_and_by_all_of_it_at_most() -> None:
    said, is_so = np.array([10.0, 50.0, 300.0]), np.array([20.0, 50.0, 10.0])

    assert mistakes(NUMBER, 0.5, said, is_so) == pytest.approx([0.1, 0.0, 1.0])
