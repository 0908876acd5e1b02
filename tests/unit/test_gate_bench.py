from collections.abc import Sequence

import numpy as np
import pytest

from core.domain.bets import OF_LOSSES, OF_MISTAKES, Bet, Claim
from core.domain.days import Days, excess, lasting_excess
from functions.arrays import Floats
from functions.ml.judging.betting import weigh
from infra.local.gate_bench.bench import (
    DECISIONS,
    EFFECTS,
    SCORES,
    TO_BEAT,
    Question,
    foretold,
    watched,
)
from infra.local.gate_bench.excess import excess as excess_of_many
from infra.local.gate_bench.excess import lasting_excess as lasting_excess_of_many
from infra.local.gate_bench.methods import (
    FIXED,
    Bets,
    BetsOnRows,
    Method,
    OBrienFleming,
    OnAverage,
    Peeking,
    Seen,
)
from infra.local.gate_bench.simulate import decide
from infra.local.gate_bench.worlds import World, of_decisions, of_scores

RUNS = 500
CHANCE = 3 * np.sqrt(0.05 * 0.95 / RUNS)

ours = [Bets(OF_MISTAKES), OnAverage()]
steady = [question for question in DECISIONS if not question.takes_turns]
GAIN = Bet(margin=0.0, sign=1, stakes=OF_MISTAKES)


def quiet(_: str) -> None: ...


def counted(differences: Floats, values: Floats) -> Floats:
    return np.array([[[float(np.sum(differences == value)) for value in values]]])


@pytest.mark.parametrize("question", [q for q in steady if q.is_false], ids=lambda q: q.heading)
@pytest.mark.parametrize("method", ours, ids=lambda method: method.name)
def test_what_is_false_is_seldom_claimed_however_often_one_looks(
    method: Method, question: Question
) -> None:
    found = decide(method, question.world, question.claim, RUNS, seed=1)

    assert found.share <= 0.05 + CHANCE


@pytest.mark.parametrize(
    "question", [q for q in DECISIONS if not q.is_false], ids=lambda q: q.heading
)
def test_what_is_so_is_shown_by_fewer_pairs_than_at_first(question: Question) -> None:
    found = decide(Bets(OF_MISTAKES), question.world, question.claim, RUNS, seed=1)

    assert found.share == 1.0
    assert found.pairs <= TO_BEAT[question.heading] + 2 * found.error


def test_repeated_tests_are_wrong_far_more_often() -> None:
    found = decide(Peeking(), DECISIONS[0].world, DECISIONS[0].claim, RUNS, seed=1)

    assert found.share > 0.25


@pytest.mark.parametrize("questions", [DECISIONS, SCORES])
def test_where_weather_decides_the_gate_is_seldom_wrong_and_bets_on_rows_often_are(
    questions: tuple[Question, ...],
) -> None:
    weather = next(q for q in questions if q.world.is_random and q.world.lasts == 1)
    stakes = OF_MISTAKES if questions is DECISIONS else OF_LOSSES

    ours_wrong = decide(Bets(stakes), weather.world, weather.claim, RUNS, seed=1).share
    rows_wrong = decide(BetsOnRows(stakes), weather.world, weather.claim, RUNS, seed=1).share

    assert ours_wrong <= 0.05 + CHANCE
    assert rows_wrong > 0.25


def test_of_what_takes_turns_the_average_is_seldom_wrong() -> None:
    turns = next(q for q in SCORES if q.takes_turns)

    assert decide(OnAverage(), turns.world, turns.claim, RUNS, seed=1).share <= 0.05


def test_planned_trials_have_the_error_and_the_power_they_are_planned_for() -> None:
    planned = OBrienFleming.planned(np.random.default_rng(2), runs=20_000)
    nothing, half = of_decisions(0.0, churn=0.05), of_decisions(0.005, churn=0.05)

    assert FIXED == 17_119
    assert planned.limit == pytest.approx(1.85, abs=0.02)
    assert planned.step * planned.looks == pytest.approx(1.07 * FIXED, rel=0.03)
    assert decide(planned, nothing, GAIN, RUNS, seed=3).share <= 0.05 + CHANCE
    assert decide(planned, half, GAIN, RUNS, seed=3).share == pytest.approx(0.9, abs=0.05)


@pytest.mark.parametrize("world", [of_decisions(0.01, churn=0.06), of_scores(0.0025)])
def test_a_world_has_the_mean_that_it_says(world: World) -> None:
    assert world.turns.sum() == pytest.approx(1.0)
    assert float(world.turns[0] @ world.values) in (
        pytest.approx(0.01, abs=1e-6),
        pytest.approx(0.0025, abs=1e-6),
    )


@pytest.mark.parametrize("better", [5, 20, 40])
def test_the_bench_looks_as_the_product_does(better: int) -> None:
    values = np.array([-1.0, 0.0, 1.0])
    differences = np.repeat(values, [5, 245 - better, better])
    weighed = weigh(differences, {Claim.GAIN: GAIN})

    counts = counted(differences, values)

    alike = np.tile(counts, (1, 7, 1))
    seen = Seen(alike, counts, values)

    by_bets = BetsOnRows(OF_MISTAKES).shows(seen, GAIN)[0, 0]
    on_average = OnAverage().shows(seen, GAIN)[0, 0]
    assert on_average == (weighed.log_e_on_average(GAIN) >= np.log(20))
    assert by_bets == (weighed.log_e(Claim.GAIN, GAIN) >= np.log(20))


def test_the_bench_says_as_the_product_does_how_much_days_differ_and_last() -> None:
    world = of_scores(0.01, -0.01, is_random=True, lasts=3)
    drawn = world.drawn(7 + 20, 250, np.random.default_rng(4), 1).astype(np.float64)
    before, since = drawn[:, :7], drawn[:, 7:]
    listed = [
        Days.of(250, float(day @ world.values), float(day @ np.square(world.values)))
        for day in drawn[0]
    ]

    plain = excess_of_many(before, since, world.values)[0]
    lasting = lasting_excess_of_many(before, since, world.values)[0]

    validation, trial = row_of(listed[:7]), row_of(listed[7:])
    assert plain[-1] == pytest.approx(excess(validation, trial))
    assert lasting[-1] == pytest.approx(lasting_excess(validation.plus(trial)))
    assert lasting[4] == pytest.approx(lasting_excess(row_of(listed[:12])))
    assert lasting[-1] > plain[-1] > 2


def row_of(days: Sequence[Days]) -> Days:
    row = Days()
    for day in days:
        row = row.plus(day)
    return row


def test_a_look_sees_as_much_of_each_day_as_lies_between_it_and_the_one_before() -> None:
    world = World(np.array([0.0, 1.0]), np.array([[1.0, 0.0], [0.0, 1.0]]))

    drawn = world.drawn(2, 375, np.random.default_rng(1), 2_000)

    # 250 pairs of a day of nothing and 125 of the next one; then the rest of that and a third one.
    assert drawn[..., 1].mean(axis=0) == pytest.approx([125, 125], abs=2)


def test_a_weather_lasts_as_many_days_as_it_says() -> None:
    values, turns = np.array([-1.0, 1.0]), np.array([[1.0, 0.0], [0.0, 1.0]])
    world = World(values, turns, is_random=True, lasts=7)

    means = world.drawn(210, 250, np.random.default_rng(1), 40) @ values / 250

    changes = means[:, 1:] != means[:, :-1]
    assert changes.mean() == pytest.approx(1 / 14, abs=0.01)  # one week in two is like the last
    assert all(np.all(np.diff(np.flatnonzero(row)) % 7 == 0) for row in changes)


def test_weather_by_weeks_misleads_the_gate_less_than_it_did() -> None:
    weeks = next(q for q in SCORES if q.world.lasts > 1)

    ours_wrong = decide(Bets(OF_LOSSES), weeks.world, weeks.claim, RUNS, seed=1).share
    rows_wrong = decide(BetsOnRows(OF_LOSSES), weeks.world, weeks.claim, RUNS, seed=1).share

    assert ours_wrong < rows_wrong / 2
    assert rows_wrong > 0.7


def test_the_day_of_a_decision_is_foretold_within_a_factor_of_two() -> None:
    found = foretold(12, seed=4, say=quiet)

    ratios = [ratio for one in found for ratio in one.ratios]
    assert [one.effect for one in found] == list(EFFECTS)
    assert 0.5 <= float(np.median(ratios)) <= 2.0
    worst, best = found[0], found[-1]
    assert worst.decisions == {"harmful": 12}
    assert best.decisions == {"gain": 12}


def test_the_watch_after_a_promotion_sees_a_turn_and_is_quiet_otherwise() -> None:
    watch = watched(30, seed=4, say=quiet)

    assert watch.false_share <= 0.1
    assert watch.seen_share == 1.0
    assert 7 <= watch.days <= 21
