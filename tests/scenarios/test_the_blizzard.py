"""The real thing: January of 2013 is learned, and the month of the blizzard is watched."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from core.domain.verdict import Severity, Verdict
from functions.flows.check_partition import check_partition
from functions.flows.checking.learn_reference import learn_reference
from infra.local.config_file import read_config
from infra.local.flights import SPOILED_COLUMN, days, spoil
from tests.watched_model import WatchedModel

CONFIG = Path(__file__).parents[2] / "infra" / "models" / "flights.yaml"
FIRST_WATCHED, ORDINARY = "2013-01-29", "2013-02-20"


@pytest.fixture(scope="module")
def february(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Verdict]:
    """Watch 31 days, and one of them once more with the demo's data error in it."""
    watched = WatchedModel(tmp_path_factory.mktemp("box"), read_config(CONFIG))
    built = {day.name: day for day in days("2013-01-01", "2013-02-28")}
    for day in built.values():
        watched.ports.objects.put(day.features_key, day.features)
    learned = [name for name in built if name < FIRST_WATCHED]
    learn_reference(watched.config, learned, watched.ports)

    def verdict(name: str) -> Verdict:
        return check_partition("flights", name, watched.ports).verdict

    found = {name: verdict(name) for name in built if name >= FIRST_WATCHED}
    spoiled = built[ORDINARY]
    watched.ports.objects.put(spoiled.features_key, spoil(spoiled.features))
    return {**found, "spoiled": verdict(ORDINARY)}


def test_both_days_of_the_blizzard_alert(february: Mapping[str, Verdict]) -> None:
    for name in ("2013-02-08", "2013-02-09"):
        assert february[name].is_broken
        columns = {blame.column for blame in february[name].blamed}
        assert columns & {"plane_age", "plane_seats", "precipitation"}


def test_few_other_days_alert(february: Mapping[str, Verdict]) -> None:
    """Fog on 30 January, a wind of 1,048 mph on 12 February, a day of rain on the 23rd."""
    broken = {name for name, verdict in february.items() if verdict.is_broken}

    assert len(broken - {"2013-02-08", "2013-02-09", "spoiled"}) <= 3
    assert february["2013-02-12"].blamed[0].sentence.count("1,048 mph") == 1


def test_the_injected_error_is_blamed_on_its_column(february: Mapping[str, Verdict]) -> None:
    assert february[ORDINARY].severity is Severity.OK
    assert february["spoiled"].blamed[0].column == SPOILED_COLUMN
    assert february["spoiled"].blamed[0].sentence.startswith(f"`{SPOILED_COLUMN}`: mean 1,")
