import numpy as np
import pandas as pd
import pytest
from scipy import stats

from infra.local.alert_bench.detector import Detector, Finding
from infra.local.alert_bench.peers.by_history import ByHistory, Limit, Series, choose, injected
from infra.local.alert_bench.peers.catalogue import PEERS, chosen
from infra.local.alert_bench.peers.constraints import Constraints
from infra.local.alert_bench.peers.hand_tests import HandTests, Past
from infra.local.alert_bench.peers.neighbours import Neighbours, peculiarity
from infra.local.alert_bench.peers.pulls import Pulls
from infra.local.peer_names import NoSuchPeer
from tests.unit.test_alert_bench.tables import a_data_set, orders

HISTORY = a_data_set(20)
WRITTEN_HERE = (ByHistory, Constraints, HandTests, Neighbours, Pulls)


def findings(detector: Detector, partition: pd.DataFrame) -> dict[str, Finding]:
    detector.update(list(HISTORY.partitions[:15]), list(HISTORY.keys[:15]))
    detector.update(list(HISTORY.partitions), list(HISTORY.keys))
    said = detector.check(partition, "2026-02-06")
    names: tuple[str, ...] = detector.names  # type: ignore[attr-defined]  # all of these have it
    found = {names[0]: said} if isinstance(said, tuple) else dict(said)
    assert tuple(found) == names
    return found


@pytest.mark.parametrize("peer", WRITTEN_HERE)
def test_a_peer_blames_the_column_that_is_all_null(peer: type[Detector]) -> None:
    spoiled = orders(seed=99).assign(price=np.nan)

    for name, (alert, _, ranked) in findings(peer(), spoiled).items():
        assert alert, name
        assert ranked[0] == "price"


@pytest.mark.parametrize("peer", WRITTEN_HERE)
def test_a_peer_bears_numbers_that_became_text(peer: type[Detector]) -> None:
    spoiled = orders(seed=99).assign(pieces="7")

    for alert, score, ranked in findings(peer(), spoiled).values():
        assert alert
        assert np.isfinite(score)
        assert ranked[0] == "pieces"


@pytest.mark.parametrize("peer", [ByHistory, Constraints, Neighbours, Pulls])
def test_a_peer_is_calm_on_one_more_ordinary_partition(peer: type[Detector]) -> None:
    assert not any(alert for alert, _, _ in findings(peer(), orders(seed=99)).values())


def test_a_partition_of_a_tenth_of_the_rows_breaks_a_constraint_without_a_column() -> None:
    [(alert, score, ranked)] = findings(Constraints(), orders(seed=99).iloc[:20]).values()

    assert alert
    assert score == 1
    assert list(ranked) == []


@pytest.mark.parametrize(
    ("column", "value"), [("pieces", -1), ("city", "Lyon"), ("weight", np.nan), ("city", np.nan)]
)
def test_one_value_that_never_was_breaks_a_constraint(column: str, value: str | float) -> None:
    spoiled = orders(seed=99).astype({column: object})
    spoiled.loc[0, column] = value
    typed = spoiled if column == "city" else spoiled.astype({column: float})

    [(alert, _, ranked)] = findings(Constraints(), typed).values()

    assert alert
    assert list(ranked) == [column]


def test_hand_tests_agree_with_scipy_on_whole_columns() -> None:
    before, now = orders(2000, seed=1), orders(300, seed=2)
    for name in ("price", "city"):
        past = Past(is_numeric=name == "price")
        for part in (before.iloc[:900], before.iloc[900:]):
            past.learn(part[name])

        if name == "price":
            expected = stats.ks_2samp(before[name], now[name], method="asymp").pvalue
        else:
            table = pd.crosstab(np.repeat([0, 1], [2000, 300]), pd.concat([before, now])[name])
            expected = stats.chi2_contingency(table, correction=False).pvalue
        assert past.p_value(now[name]) == pytest.approx(expected)
        assert past.stability(before[name]) == pytest.approx(0, abs=1e-9)


def test_a_word_is_peculiar_when_its_common_pairs_meet_for_the_first_time() -> None:
    usual = ["abx", "xbc"] * 20  # "ab" and "bc" are common, "abc" never was

    assert peculiarity([*usual, "abc"]) > peculiarity([*usual, "abx"])
    assert peculiarity([]) == peculiarity(["ab"]) == 0


def test_a_weekly_rhythm_is_made_steady_by_its_lag() -> None:
    week = np.array([1.0, 2, 3, 4, 5, 9, 9])

    series = Series.of(np.tile(week, 5))

    assert series.expected == pytest.approx(week[0])
    assert series.deviation < 0.01


def test_limits_are_chosen_within_the_budget_by_what_they_catch() -> None:
    series = {"mean": Series(0.0, 1.0), "most": Series(0.0, 1.0)}
    errors = [{"mean": 6.0, "most": 0.0}, {"mean": 0.0, "most": 60.0}, {"mean": 0.1, "most": 0.1}]

    limits = choose(series, errors, budget=0.001)

    assert {limit.statistic for limit in limits} == {"mean", "most"}
    assert sum(limit.false_alarms for limit in limits) <= 0.001
    assert choose(series, errors, budget=0.0) == []


def test_a_mean_has_the_normal_bound_and_the_rest_chebyshevs() -> None:
    assert Limit("mean", 2.0).false_alarms == pytest.approx(2 * stats.norm.sf(2))
    assert Limit("most", 2.0).false_alarms == 0.25


def test_injected_errors_keep_the_rows_of_numbers_and_of_text() -> None:
    chance = np.random.default_rng(1)

    for name in ("price", "city"):
        column = orders()[name]
        errors = list(injected(column, chance))
        assert len(errors) > 10
        assert all(len(error) == len(column) and not error.equals(column) for error in errors)


def test_peers_are_chosen_by_name_or_all_or_none() -> None:
    assert chosen("1") == list(PEERS)
    assert chosen("") == []
    assert [peer.name for peer in chosen("pulls,tests")] == ["tests", "pulls"]
    with pytest.raises(NoSuchPeer, match="no peer nobody"):
        chosen("pulls,nobody")
