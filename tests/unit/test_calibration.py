import numpy as np
import pytest

from core.domain.target import Target
from functions.ml.judging.calibration import calibration
from tests.unit.judged_rows import CLASSES, NUMBER, judged


def test_two_bins_by_hand() -> None:
    said = [0.2] * 20 + [0.6] * 20
    was = [1] * 4 + [0] * 16 + [1] * 17 + [0] * 3

    found = calibration(judged(said, was))

    assert found is not None
    assert found.part_of_loss is not None
    assert [one.rows for one in found.bins] == [20, 20]
    assert [one.said for one in found.bins] == pytest.approx([0.2, 0.6])
    assert [one.was for one in found.bins] == [0.2, 0.85]
    assert found.error.middle == pytest.approx((0 + 0.25) / 2)
    by_chance = (0.2 * 0.8 / 19 + 0.85 * 0.15 / 19) / 2
    assert found.part_of_loss.middle == pytest.approx(0.25**2 / 2 - by_chance)


def test_what_is_said_right_costs_nothing_on_average() -> None:
    rng = np.random.default_rng(1)
    costs = []
    for _ in range(200):
        said = rng.uniform(0.05, 0.95, 400)
        found = calibration(judged(said, rng.uniform(size=400) < said))
        assert found is not None
        assert found.part_of_loss is not None
        costs.append(found.part_of_loss.middle)

    assert abs(np.mean(costs)) < 2 * np.std(costs) / np.sqrt(200)


def test_what_is_said_too_boldly_costs_what_setting_it_right_would_save() -> None:
    rng = np.random.default_rng(2)
    true = rng.choice(np.arange(0.25, 0.8, 0.05), 40_000)
    said = np.clip(0.5 + 1.6 * (true - 0.5), 0, 1)
    was = rng.uniform(size=40_000) < true

    found = calibration(judged(said, was, days=8))

    assert found is not None
    assert found.part_of_loss is not None
    assert found.part_of_loss.low is not None
    assert found.part_of_loss.high is not None
    assert found.part_of_loss.low <= np.mean((said - true) ** 2) <= found.part_of_loss.high


def test_predictions_that_are_all_the_same_make_one_bin() -> None:
    found = calibration(judged([0.3] * 100, [1] * 30 + [0] * 70))

    assert found is not None
    assert len(found.bins) == 1
    assert found.error.middle == pytest.approx(0, abs=1e-12)


def test_too_few_rows_show_nothing() -> None:
    assert calibration(judged([0.3] * 39, [0] * 39)) is None


def test_of_several_classes_the_likeliest_is_asked_whether_it_was_right() -> None:
    said = np.tile([[0.6, 0.3, 0.1], [0.1, 0.1, 0.8]], (50, 1))
    true = np.tile([0, 2, 1, 2], 25)

    found = calibration(judged(said, true, CLASSES))

    assert found is not None
    assert [one.said for one in found.bins] == pytest.approx([0.6, 0.8])
    assert [one.was for one in found.bins] == [0.5, 1.0]


@pytest.mark.parametrize("target", [NUMBER, NUMBER.model_copy(update={"between": (-100, 300)})])
def test_the_part_of_the_loss_of_a_number_is_measured_in_its_span(target: Target) -> None:
    rng = np.random.default_rng(3)
    true = rng.uniform(0, 20, 4000)
    low, high = target.between or (0, 1)

    found = calibration(judged(true + 3, true, target))

    assert found is not None
    assert found.part_of_loss is not None
    assert found.error.middle == pytest.approx(3)
    assert found.part_of_loss.middle == pytest.approx(9 / (high - low) ** 2)


def test_of_a_quantile_the_share_of_the_truths_below_it_is_asked_for() -> None:
    quantile = NUMBER.model_copy(update={"loss": "pinball", "quantile": 0.9})
    rng = np.random.default_rng(4)
    scale = rng.choice([1.0, 10.0], 4000)
    true = rng.uniform(0, 1, 4000) * scale

    right = calibration(judged(0.9 * scale, true, quantile))
    median = calibration(judged(0.5 * scale, true, quantile))

    assert right is not None
    assert median is not None
    assert right.error.middle < 0.02
    assert median.error.middle == pytest.approx(0.4, abs=0.02)
    assert [one.said for one in median.bins] == [pytest.approx(0.9)] * 2
    assert median.part_of_loss is None
