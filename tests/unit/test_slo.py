from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.domain.model_config import ModelConfig
from core.domain.partition import days_before, starts_at
from core.domain.slo import SloStanding
from core.domain.slo_config import Slo
from core.domain.target import Target
from tests.builders import a_config

FIRST = "2013-01-01"
TARGET = Target(column="late", delay_days=1)
NUMBER = Target(column="delay", task="regression", between=(0, 60), unit="min", delay_days=1)
KPI = {"name": "hours saved", "expression": "true_positives - 2 * false_positives", "unit": "h"}
QUANTILE = NUMBER.model_copy(update={"loss": "pinball", "quantile": 0.9})


def an_slo(**changes: Any) -> Slo:
    return Slo.model_validate({"metric": "accuracy", "at_least": 0.8} | changes)


def values(good: int, bad: int = 0) -> dict[str, float]:
    """So many bad days, then so many good ones."""
    each = [0.7] * bad + [0.9] * good
    return {days_before(FIRST, -day): value for day, value in enumerate(each)}


def standing(good: int, bad: int = 0, **changes: Any) -> SloStanding:
    return SloStanding.of(an_slo(**changes), values(good, bad))


days = st.integers(0, 400).map(lambda day: days_before(FIRST, -day))
cohorts = st.dictionaries(days, st.floats(0, 1), max_size=60)
slos = st.builds(
    an_slo,
    objective=st.sampled_from([0.5, 0.7, 0.9, 0.95, 0.99]),
    window_days=st.integers(7, 365),
    at_least=st.floats(0.1, 0.9),
)


@given(slos, cohorts, st.data())
def test_a_good_cohort_that_turns_bad_never_raises_the_budget(
    slo: Slo, known: dict[str, float], data: st.DataObject
) -> None:
    good = sorted(name for name, value in known.items() if slo.is_good(value))
    if not good:
        return
    turned = data.draw(st.sampled_from(good))
    before = SloStanding.of(slo, known)

    after = SloStanding.of(slo, known | {turned: 0.0})

    assert after.left <= before.left
    assert after.budget == before.budget
    assert before.is_spent <= after.is_spent


@given(slos, cohorts, st.data())
def test_the_order_in_which_cohorts_come_does_not_matter(
    slo: Slo, known: dict[str, float], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(list(known.items())))

    assert SloStanding.of(slo, dict(shuffled)) == SloStanding.of(slo, known)


@given(slos, cohorts)
def test_what_lies_before_the_window_does_not_matter(slo: Slo, known: dict[str, float]) -> None:
    if not known:
        return
    newest = starts_at(max(known))
    within = {
        name: value
        for name, value in known.items()
        if newest - starts_at(name) < timedelta(days=slo.window_days)
    }

    assert SloStanding.of(slo, known) == SloStanding.of(slo, within)


@given(slos, cohorts)
def test_it_is_violated_just_when_too_small_a_share_was_good(
    slo: Slo, known: dict[str, float]
) -> None:
    found = SloStanding.of(slo, known)

    if found.state != "unknown":
        good = found.cohorts - found.bad
        is_kept = good * 100 >= round(slo.objective * 100) * found.cohorts
        assert is_kept == (found.state == "met")
        assert found.budget >= 1


@pytest.mark.parametrize(
    ("objective", "needed"), [(0.5, 2), (0.7, 4), (0.75, 4), (0.9, 10), (0.95, 20), (0.99, 100)]
)
def test_nothing_is_known_before_one_cohort_may_be_bad(objective: float, needed: int) -> None:
    few = standing(needed - 1, objective=objective, window_days=200)
    enough = standing(needed, objective=objective, window_days=200)

    assert (few.state, few.is_spent) == ("unknown", False)
    assert (enough.state, enough.budget) == ("met", 1)


def test_a_budget_of_floats_is_not_rounded_away() -> None:
    assert [an_slo().allowed(cohorts) for cohorts in (9, 10, 19, 20, 28)] == [0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("good", "bad", "state", "is_spent"),
    [(28, 0, "met", False), (27, 1, "met", False), (26, 2, "met", True), (25, 3, "violated", True)],
)
def test_a_budget_is_spent_when_no_more_may_be_bad_and_violated_when_more_were(
    good: int, bad: int, state: str, *, is_spent: bool
) -> None:
    found = standing(good, bad)

    assert (found.state, found.is_spent) == (state, is_spent)


def test_a_limit_that_is_exactly_reached_is_good() -> None:
    assert an_slo().is_good(0.8)
    assert Slo(metric="proper_score", at_most=0.2).is_good(0.2)
    assert not Slo(metric="proper_score", at_most=0.2).is_good(0.2000001)


def test_a_label_that_comes_late_and_changes_a_cohort_changes_the_state() -> None:
    known = values(26, 2)
    assert SloStanding.of(an_slo(), known).state == "met"

    corrected = SloStanding.of(an_slo(), known | {max(known): 0.1})

    assert (corrected.state, corrected.newest_bad[0]) == ("violated", max(known))


def test_bad_days_leave_the_window() -> None:
    assert standing(25, 3).state == "violated"
    assert standing(28, 3).state == "met"


def test_it_is_forgotten_when_no_labels_came_for_a_window() -> None:
    found = standing(25, 3)
    last = starts_at(found.known_up_to or "")

    assert found.seen_at(last + timedelta(days=30), TARGET) == found
    forgotten = found.seen_at(last + timedelta(days=30, seconds=1), TARGET)

    assert (forgotten.state, forgotten.is_spent) == ("unknown", False)
    assert SloStanding(slo=an_slo()).seen_at(last, TARGET).state == "unknown"


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        (4, 0, "unknown, 4 of the 10 cohorts it takes"),
        (27, 1, "met, 1 of 28 cohorts bad, 1 more may be"),
        (26, 2, "met, but its error budget is spent: 2 of 28 cohorts bad, no more may be"),
        (25, 3, "violated, 3 of 28 cohorts bad, 2 may be"),
    ],
)
def test_it_says_what_is_promised_and_how_that_stands(good: int, bad: int, says: str) -> None:
    promised = "accuracy at least 80 % on 90 % of the cohorts of 28 days"
    known = f"known up to {max(values(good, bad))}"

    assert standing(good, bad).sentence(a_config()) == f"{promised}: {says}, {known}"


def test_a_promise_is_not_rounded_to_whole_percents() -> None:
    slo = an_slo(at_least=0.805, objective=0.975)

    assert slo.words(TARGET, None).startswith("accuracy at least 80.5 % on 97.5 % of the cohorts")


def test_errors_of_numbers_are_said_in_their_unit() -> None:
    slo = Slo(metric="mean_absolute_error", at_most=12.5)

    words = SloStanding(slo=slo).sentence(a_config(target=NUMBER.model_dump()))

    assert words == (
        "mean absolute error at most 12.5 min on 90 % of the cohorts of 28 days: unknown, 0 of the "
        "10 cohorts it takes"
    )


def test_a_kpi_is_said_by_its_name_and_in_its_unit() -> None:
    slo = Slo(metric="kpi", at_least=-2.5, window_days=56)
    config = a_config(slo=slo.model_dump(), evaluation={"kpi": KPI})

    assert SloStanding(slo=slo).sentence(config) == (
        "hours saved at least \N{MINUS SIGN}2.5 h on 90 % of the cohorts of 56 days: unknown, 0 of "
        "the 10 cohorts it takes"
    )


@pytest.mark.parametrize(
    ("limit", "kpi", "said"),
    [
        ({"at_least": 1}, None, "slo: metric: `kpi` needs one under `evaluation`"),
        ({"at_most": 1}, {}, "`hours saved` is better the higher it is: turn the limit round"),
        ({"at_least": 1}, {"is_better": "lower"}, "is better the lower it is: turn the limit"),
    ],
)
def test_a_kpi_needs_an_expression_and_a_limit_on_its_good_side(
    limit: dict[str, Any], kpi: dict[str, Any] | None, said: str
) -> None:
    evaluation = {} if kpi is None else {"kpi": KPI | kpi}

    with pytest.raises(ValidationError, match=said):
        a_config(slo={"metric": "kpi", **limit}, evaluation=evaluation)


@pytest.mark.parametrize(
    "wrong",
    [
        {"metric": "kpi", "at_most": 0.2},
        {"at_least": None},
        {"at_least": None, "at_most": 0.2},
        {"at_most": 0.2},
        {"metric": "proper_score"},
        {"metric": "auc"},
        {"at_least": 80},
        {"metric": "proper_score", "at_least": None, "at_most": -0.1},
        {"objective": 1.0},
        {"window_days": 3},
    ],
)
def test_an_slo_that_nobody_could_keep_or_break_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        an_slo(**wrong)


@pytest.mark.parametrize(
    ("slo", "target"),
    [
        ({"metric": "mean_absolute_error", "at_most": 1}, TARGET),
        ({"metric": "accuracy", "at_least": 0.8}, NUMBER),
        ({"metric": "log_loss", "at_most": 0.8}, NUMBER),
        ({"metric": "mean_pinball_loss", "at_most": 1}, NUMBER),
        ({"metric": "mean_absolute_error", "at_most": 1}, QUANTILE),
        ({"metric": "mean_pinball_loss", "at_most": 1}, TARGET),
    ],
)
def test_a_metric_that_the_target_does_not_have_is_refused_in_words(
    slo: dict[str, Any], target: Target
) -> None:
    with pytest.raises(ValidationError, match=f"slo: metric: `{slo['metric']}` does not go with"):
        a_config(slo=slo, target=target.model_dump())


def test_a_config_without_an_slo_is_named_as_before() -> None:
    dumped = a_config().model_dump(mode="json")

    assert "slo" not in dumped
    assert ModelConfig.model_validate(dumped).hash == a_config().hash
