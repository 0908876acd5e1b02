import pytest

from infra.local.alert_bench.data_sets import DataSet, read
from infra.local.alert_bench.spoiled_windows import AGAIN, LEARNED, Counted, tried

COLUMNS = ["carrier", "origin", "hour", "distance", "air_time", "dep_delay"]


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    """The first real flights of a year."""
    whole = read("nyc_flights", tmp_path_factory.mktemp("cache"))
    some = slice(LEARNED + AGAIN)
    parts = tuple(part[COLUMNS] for part in whole.partitions[some])
    return DataSet(whole.name, whole.keys[some], parts)


def test_of_a_window_of_real_days_none_is_left_out(flights: DataSet) -> None:
    found = tried(flights, 0, 0, seed=7)

    assert found == Counted(good=LEARNED)


def test_errors_come_again_and_are_found_as_if_the_window_had_held_none(flights: DataSet) -> None:
    found = tried(flights, 0, 2, seed=3)

    of_all, robust, unspoiled = found.found
    assert (found.left_out, found.wrongly) == (2, 0)
    assert of_all < robust == unspoiled == found.again


def test_the_windows_of_a_data_set_are_counted_together() -> None:
    one = Counted(28, 0, 2, 1, 6, (1, 5, 6))

    assert one + Counted(30, 1) == Counted(58, 1, 2, 1, 6, (1, 5, 6))
