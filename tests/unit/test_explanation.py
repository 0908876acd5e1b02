import numpy as np
import pytest

from core.domain.curve import Curve
from core.domain.explanation import Cause, Explanation, NoWindow, Window, mix_and_meaning
from core.domain.target import Target
from functions.ml.judging.said_bins import curve_of
from tests.unit.judged_rows import BINARY


def curve(target: Target, seed: int, *, centre: float, flipped: float = 0.0) -> Curve:
    """Rows around a centre whose model is calibrated, of which some come true the other way."""
    rng = np.random.default_rng(seed)
    said = np.clip(rng.normal(centre, 0.15, 20_000), 0.01, 0.99)
    truths = (rng.uniform(0, 1, len(said)) < said).astype(np.float64)
    is_flipped = rng.uniform(0, 1, len(said)) < flipped
    return curve_of(target, 0.5, said, np.where(is_flipped, 1 - truths, truths))


def test_rows_that_are_harder_are_told_from_rows_that_come_true_in_another_way() -> None:
    usual = curve(BINARY, 1, centre=0.2)
    harder, turned = curve(BINARY, 2, centre=0.45), curve(BINARY, 3, centre=0.2, flipped=0.2)

    mix, meaning = mix_and_meaning(usual, harder)
    other_mix, other_meaning = mix_and_meaning(usual, turned)

    assert mix.points == pytest.approx(0.09, abs=0.03)
    assert abs(meaning.points or 0) < 0.01
    assert abs(other_mix.points or 0) < 0.01
    assert (other_meaning.points or 0) > 0.05


def test_both_parts_add_up_to_the_change() -> None:
    before, after = curve(BINARY, 4, centre=0.3), curve(BINARY, 5, centre=0.5, flipped=0.1)

    parts = mix_and_meaning(before, after)

    change = sum(after.losses) / after.labelled - sum(before.losses) / before.labelled
    assert sum(part.points or 0 for part in parts) == pytest.approx(change)


def test_of_few_labelled_rows_nothing_is_parted() -> None:
    few = curve_of(BINARY, 0.5, np.full(50, 0.3), np.zeros(50))

    assert mix_and_meaning(few, curve(BINARY, 6, centre=0.3)) == []
    assert mix_and_meaning(None, few) == []


def test_what_costs_most_comes_first_and_what_nobody_can_weigh_last() -> None:
    causes = [
        Cause(sentence="a guess", rank=3),
        Cause(sentence="small", points=0.01),
        Cause(sentence="a better guess", rank=30),
        Cause(sentence="large and good", points=-0.2),
    ]

    found = Explanation.of("A, then B", causes)

    assert [cause.sentence for cause in found.causes] == [
        "large and good",
        "small",
        "a better guess",
        "a guess",
    ]


def test_a_window_is_a_day_or_a_first_and_a_last_one() -> None:
    assert Window.of("2013-02-01").words == "2013-02-01"
    assert Window.of("2013-02-01..2013-02-07").has("2013-02-07")
    assert not Window.of("2013-02-01..2013-02-07").has("2013-02-08")


@pytest.mark.parametrize(
    "given",
    ["", "..", "2013-02-30", "2013-02-07..2013-02-01", "2013-01-01..2013-12-31", "last week"],
)
def test_what_names_no_days_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(NoWindow, match=r"is no window: write a day like 2026-11-17"):
        Window.of(given)
