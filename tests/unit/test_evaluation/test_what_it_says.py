"""What an evaluation says, in words, about each part of what was judged."""

import pytest

from core.domain.challenge_of_version import judged_by
from core.domain.evaluation import Calibration, Estimate, KpiFound, Metric, Standard
from core.domain.evaluation_words import (
    calibration_in_words,
    difference_in_words,
    kpi_in_words,
    part_in_words,
    standard_in_words,
    worst_in_words,
)
from core.domain.where import Condition, in_words
from tests.builders import a_challenge
from tests.unit.test_evaluation.evaluated import CHAMPION, a_part, an_evaluation, an_interval


@pytest.mark.parametrize(
    ("low", "high", "standing"),
    [
        (-0.009, 0.02, "no worse"),
        (-0.01, 0.02, "not known"),
        (-0.03, -0.01, "not known"),
        (-0.03, -0.011, "worse"),
    ],
)
def test_a_margin_that_is_exactly_reached_shows_nothing(
    low: float, high: float, standing: str
) -> None:
    gain = Estimate(middle=(low + high) / 2, low=low, high=high)

    assert Standard(name="EU", gain=gain, margin=0.01).standing == standing


@pytest.mark.parametrize("gain", [None, Estimate(middle=0.0)])
def test_what_was_not_judged_is_not_known(gain: Estimate | None) -> None:
    assert Standard(name="EU", gain=gain, margin=0.01).standing == "not known"


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        (an_interval(0.01), "better by 0.01 (0.005 to 0.015)"),
        (an_interval(-0.01), "worse by 0.01 (0.005 to 0.015)"),
        (an_interval(0.001), "no difference shown (\N{MINUS SIGN}0.004 to +0.006)"),
        (Estimate(middle=0.001), "+0.001, too few rows for an interval"),
        (None, "not compared"),
    ],
)
def test_a_difference_says_how_sure_it_is(gain: Estimate | None, said: str) -> None:
    assert difference_in_words(gain) == said


def test_the_worst_parts_come_first_and_what_was_not_judged_is_not_among_them() -> None:
    parts = (
        a_part("a", 0.02),
        a_part("b", -0.02),
        a_part("c", None, rows=7),
        a_part("storm", 0.0, kind="scenario"),
        a_part("filed failures", -0.03, kind="failures"),
        a_part("1", -0.5, kind="label"),
    )

    worst = worst_in_words(an_evaluation(parts=parts))

    assert [line.split(" (")[0] for line in worst] == [
        "filed failures",
        "slice `b`",
        "scenario `storm`",
    ]
    assert part_in_words(parts[2]) == "slice `c`: too few rows (7)"


def test_without_a_champion_the_parts_with_the_highest_loss_are_the_worst() -> None:
    alone = [
        a_part(name, 0).model_copy(
            update={"metrics": (Metric(name="brier", version=an_interval(loss)),)}
        )
        for name, loss in (("a", 0.1), ("b", 0.3))
    ]

    first, _ = worst_in_words(an_evaluation(champion=None, parts=tuple(alone)))

    assert first == "slice `b` (120 rows): Brier score 0.3 (0.295 to 0.305)"


def test_the_card_shows_all_that_was_found() -> None:
    kpi = KpiFound(
        name="Saved",
        unit="h",
        version=Estimate(middle=1234),
        champion=Estimate(middle=1100),
        gain=an_interval(134, 20),
    )
    right = Calibration(error=an_interval(0.012), part_of_loss=an_interval(0.0), bins=())
    evaluation = an_evaluation(
        parts=(a_part("night", -0.02),),
        kpi=kpi,
        calibration=right,
        champion_calibration=right,
        standards=(Standard(name="night", gain=an_interval(-0.02), margin=0.01),),
    )

    card = judged_by(a_challenge(), evaluation)

    assert card.kpi == "Saved 1,234 h, champion 1,100 h; better by 134 (114 to 154)"
    assert card.calibration == "Off by 0.012 on average (0.007 to 0.017), champion by 0.012"
    assert card.worst_slices == (
        "slice `night` (120 rows): Brier score 0.14, champion 0.12; worse by 0.02 (0.015 to 0.025)",
    )
    assert card.standards == (
        "night: *worse* than the champion by 0.01: worse by 0.02 (0.015 to 0.025)",
    )
    assert card.gain == (0.005, 0.01, 0.015)
    assert card.compared[0].difference == "better by 0.01 (0.005 to 0.015)"
    assert (card.loss, card.against) == ("Brier score", CHAMPION)


def test_what_the_config_does_not_ask_for_is_not_shown() -> None:
    card = judged_by(a_challenge(), an_evaluation(champion=None))

    assert (card.kpi, card.calibration, card.worst_slices, card.standards) == (None, None, (), ())
    assert calibration_in_words(None, None) is None


def test_a_kpi_alone_and_one_without_a_value_are_said_too() -> None:
    alone = KpiFound(name="Saved", unit=None, version=an_interval(5, 1))
    none = KpiFound(name="Saved", unit="h", version=None, trouble="it divides by zero")

    assert kpi_in_words(alone) == "Saved 5 (4 to 6)"
    assert kpi_in_words(none) == "Saved: no value, it divides by zero"


def test_a_margin_that_is_kept_is_said_so() -> None:
    standard = Standard(name="Accuracy", gain=an_interval(0.01), margin=0.01)

    assert standard_in_words(standard).startswith("Accuracy: no worse than the champion by 0.01")


def test_a_missing_category_is_said_in_words() -> None:
    assert in_words((Condition(column="carrier", one_of=("", "AA")),)) == (
        "carrier is missing or AA"
    )
