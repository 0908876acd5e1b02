import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.ml.training.label_flips import flipped_days

DAYS, ROWS = 28, 300


def some_days(seed: int, days: int = DAYS, rows: int = ROWS) -> tuple[np.ndarray, ...]:
    """Days of labels with scores that know most of them; some days are bad for everybody."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), rows)
    known = rng.normal(scale=1.5, size=days * rows) - 1.5
    bad = rng.normal(scale=0.5, size=days)[day]
    labels = (rng.random(days * rows) < 1 / (1 + np.exp(-known - bad))).astype(np.float64)
    return 1 / (1 + np.exp(-known)), labels, day


def turned_round(labels: np.ndarray, where: np.ndarray, share: float, seed: int) -> np.ndarray:
    is_turned = where & (np.random.default_rng(seed).random(len(labels)) < share)
    return np.where(is_turned, 1 - labels, labels)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_days_that_are_merely_bad_are_not_suspected(seed: int) -> None:
    scores, labels, days = some_days(seed)

    assert flipped_days(scores, labels, days, seed=0) is None


def test_a_fifth_of_the_newest_labels_turned_round_is_found_nine_times_of_ten() -> None:
    found = []
    for seed in range(20):
        scores, labels, days = some_days(seed)
        wrong = turned_round(labels, days >= 20, 0.2, seed)
        flips = flipped_days(scores, wrong, days, seed=0)
        found += [flips] if flips else []

    assert len(found) >= 18
    assert all(abs(flips.first - 20) <= 3 and flips.last == DAYS - 1 for flips in found)
    assert np.mean([flips.share for flips in found]) == pytest.approx(0.2, abs=0.03)


def test_when_all_that_was_learned_is_turned_round_the_older_days_are_named() -> None:
    scores, labels, days = some_days(1)
    wrong = turned_round(labels, days < 21, 0.2, 1)

    found = flipped_days(scores, wrong, days, seed=0)

    assert found is not None
    assert found.first == 0
    assert abs(found.last - 20) <= 2


def test_it_does_not_matter_which_label_is_called_one() -> None:
    scores, labels, days = some_days(2)
    wrong = turned_round(labels, days >= 20, 0.2, 2)

    found, mirrored = (
        flipped_days(scores, wrong, days, seed=0),
        flipped_days(1 - scores, 1 - wrong, days, seed=0),
    )

    assert found is not None
    assert mirrored is not None
    assert (mirrored.first, mirrored.last) == (found.first, found.last)
    assert mirrored.share == pytest.approx(found.share, abs=0.02)


@pytest.mark.parametrize(("days", "rows"), [(9, 300), (28, 40)])
def test_of_few_days_or_few_rows_nothing_is_said(days: int, rows: int) -> None:
    scores, labels, day = some_days(3, days, rows)

    assert flipped_days(scores, 1 - labels, day, seed=0) is None


def test_scores_that_know_nothing_show_nothing() -> None:
    _, labels, days = some_days(4)

    assert flipped_days(np.full(len(labels), 0.5), labels, days, seed=0) is None
