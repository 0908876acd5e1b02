import numpy as np
import pytest

from infra.local.alert_bench.budget import Realised, Table, realised, table_of
from infra.local.alert_bench.data_sets import DataSet, read

COLUMNS = ["carrier", "origin", "hour", "distance", "air_time", "dep_delay"]
BUDGET = 20


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """A year of real flights."""
    whole = read("nyc_flights", tmp_path_factory.mktemp("cache"))
    some = tuple(part[COLUMNS] for part in whole.partitions)
    return table_of(DataSet(whole.name, whole.keys, some), BUDGET)


def test_checks_and_comparisons_together_keep_to_the_budget_within_a_factor_of_two(
    flights: Table,
) -> None:
    found = realised(flights, np.random.default_rng(0))

    assert found.partitions == 336
    assert BUDGET / 2 <= found.per_alarm <= BUDGET * 2


def test_an_order_drawn_by_lot_keeps_weeks_whole(flights: Table) -> None:
    rows = flights.in_an_order(np.random.default_rng(0)).rows

    assert rows.tolist() != flights.summaries.rows[: len(rows)].tolist()
    weeks = {tuple(week) for week in flights.summaries.rows[:364].reshape(-1, 7).tolist()}
    assert {tuple(week) for week in rows.reshape(-1, 7).tolist()} == weeks


def test_a_run_without_alarms_counts_as_one_at_the_most() -> None:
    assert Realised(100, 0, 0).per_alarm == 100
    assert (Realised(100, 3, 1) + Realised(100, 1, 0)).per_alarm == 40
