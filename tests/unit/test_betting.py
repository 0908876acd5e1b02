from collections.abc import Callable
from itertools import product
from math import exp, log, prod
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.domain.bets import OF_LOSSES, OF_MISTAKES, Bet, Claim, bets_on_losses, bets_on_no_worse
from core.domain.wealth import Weighed, further_pairs, log_mean
from functions.arrays import Floats
from functions.ml.judging.betting import growths, weigh

BETS = bets_on_losses(0.002, 0.001)
HELD = bets_on_no_worse(0.01, OF_MISTAKES)
GAIN_OF_LOSSES = BETS[Claim.GAIN]
GAIN = Bet(margin=0.0, sign=1, stakes=OF_MISTAKES)

batches = arrays(np.float64, st.integers(0, 60), elements=st.floats(-1, 1))
every_bet = [*BETS.values(), *HELD.values(), GAIN]


def log_e(differences: Floats, bet: Bet) -> float:
    return log_mean(growths(differences, bet).sum(axis=0).tolist())


def expected_e(log_e: Callable[[Floats], float], means: list[float], churn: float) -> float:
    """Go through all sequences of -1, 0 and 1 in which the mean of each step is given."""
    total = 0.0
    for pairs in product((-1.0, 0.0, 1.0), repeat=len(means)):
        chance = prod(
            {-1.0: (churn - mean) / 2, 0.0: 1 - churn, 1.0: (churn + mean) / 2}[pair]
            for pair, mean in zip(pairs, means, strict=True)
        )
        total += chance * exp(log_e(np.array(pairs)))
    return total


@given(st.lists(batches, min_size=1, max_size=5), st.randoms())
def test_batches_add_in_any_order_and_any_grouping(parts: list[Floats], chance: Random) -> None:
    in_order = weigh(np.concatenate(parts), BETS)
    chance.shuffle(parts)

    merged = Weighed.nothing(BETS)
    for part in parts:
        merged = weigh(part, BETS).plus(merged)

    assert merged.pairs == in_order.pairs
    assert merged.gained == pytest.approx(in_order.gained)
    assert merged.squares == pytest.approx(in_order.squares)
    for claim in Claim:
        assert merged.growth[claim] == pytest.approx(in_order.growth[claim], abs=1e-5)


@given(batches)
def test_wealth_is_never_negative_and_never_gone(differences: Floats) -> None:
    weighed = weigh(differences, BETS)

    for claim in Claim:
        assert np.isfinite(weighed.log_e(claim, BETS[claim]))
        assert np.isfinite(weighed.log_e_on_average(BETS[claim]))


@given(batches)
def test_refresh_is_shown_wherever_gain_is_and_futile_wherever_harmful_is(
    differences: Floats,
) -> None:
    for weaker, stronger in ((Claim.REFRESH, Claim.GAIN), (Claim.FUTILE, Claim.HARMFUL)):
        least = growths(differences, BETS[stronger])
        assert np.all(growths(differences, BETS[weaker]) >= least - 1e-12)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 400))
def test_of_right_and_wrong_decisions_it_is_the_binomial_martingale(
    better: int, worse: int, same: int
) -> None:
    pairs = np.repeat([1.0, -1.0, 0.0], [better, worse, same])

    shown = weigh(pairs, {Claim.GAIN: GAIN}).log_e(Claim.GAIN, GAIN)

    martingale = np.mean([(1 + stake) ** better * (1 - stake) ** worse for stake in GAIN.stakes])
    assert shown == pytest.approx(log(martingale), abs=1e-5)


@pytest.mark.parametrize("bet", every_bet)
def test_where_the_claim_is_just_false_the_expected_e_value_is_one(bet: Bet) -> None:
    expected = expected_e(lambda pairs: log_e(pairs, bet), [bet.margin] * 5, churn=0.3)

    assert expected == pytest.approx(1.0)


@pytest.mark.parametrize("bet", every_bet)
def test_where_the_claim_is_false_on_each_day_the_expected_e_value_is_below_one(bet: Bet) -> None:
    beyond = [bet.margin - bet.sign * far for far in (0.01, 0.1, 0.05, 0.2, 0.0)]

    assert expected_e(lambda pairs: log_e(pairs, bet), beyond, churn=0.5) < 1.0


@pytest.mark.parametrize("bet", every_bet)
def test_on_average_the_expected_e_value_is_at_most_one_however_the_effect_drifts(
    bet: Bet,
) -> None:
    drifting = [bet.margin + bet.sign * change for change in (0.2, -0.2, 0.3, -0.4, 0.1)]

    def on_average(pairs: Floats) -> float:
        return weigh(pairs, {Claim.GAIN: bet}).log_e_on_average(bet)

    assert expected_e(on_average, drifting, churn=0.5) <= 1.0


@given(batches)
def test_the_average_never_claims_more_than_its_own_bets_would(differences: Floats) -> None:
    """What is lost by holding on average: at a margin of 0, each rate stays below its bet."""
    weighed = weigh(differences, BETS)
    alike = Bet(margin=0.0, sign=1, stakes=tuple(0.01 * 60 ** (place / 9) for place in range(10)))

    most = log_mean(growths(differences, alike).sum(axis=0).tolist())

    assert weighed.log_e_on_average(GAIN_OF_LOSSES) <= most + 1e-9


def test_under_daily_peeking_a_gain_of_nothing_is_claimed_by_one_run_in_twenty_at_most() -> None:
    chance = np.random.default_rng(5)
    days = chance.multinomial(100, (0.03, 0.94, 0.03), size=(2000, 60))
    grown = np.cumsum(days @ growths(np.array([-1.0, 0.0, 1.0]), GAIN), axis=1)

    is_claimed = (np.log(np.mean(np.exp(grown), axis=2)) >= log(20)).any(axis=1)

    assert 0.0 < np.mean(is_claimed) <= 0.05


@given(batches)
def test_what_pairs_can_say_is_possible(differences: Floats) -> None:
    assert weigh(differences, BETS).is_possible(BETS)


@pytest.mark.parametrize(
    "change",
    [
        {"gained": 20.0},
        {"gained": -3.0},
        {"gained": 1e9},
        {"pairs": 3},
        {"growth": dict.fromkeys(Claim, (9.0,) * 8)},
        {"growth": dict.fromkeys(Claim, (0.0,) * 7)},
        {"growth": {Claim.GAIN: (0.0,) * 8}},
    ],
)
def test_what_no_pairs_can_say_is_not(change: dict[str, object]) -> None:
    weighed = weigh(np.full(400, 0.02), BETS)

    assert not weighed.model_copy(update=change).is_possible(BETS)


def test_more_pairs_are_expected_at_the_pace_of_the_bets_so_far() -> None:
    single = [0.5]

    assert further_pairs(single, 100, log_limit=3.0) == pytest.approx(500)
    assert further_pairs(single, 100, log_limit=0.5) == 0.0
    assert further_pairs([-0.5], 100, log_limit=3.0) is None
    assert further_pairs([0.0, 0.0], 100, log_limit=3.0) is None


def test_mixing_two_bets_costs_what_it_takes_to_make_up_for_the_one_that_stands_still() -> None:
    mixed = further_pairs([0.5, 0.0], 100, log_limit=3.0)

    assert mixed == pytest.approx((log(2 * exp(3.0) - 1) / 0.5 - 1) * 100)


def test_stakes_stay_below_one_and_rise() -> None:
    for stakes in (OF_LOSSES, OF_MISTAKES):
        assert list(stakes) == sorted(stakes)
        assert stakes[0] > 0
        assert stakes[-1] < 1
