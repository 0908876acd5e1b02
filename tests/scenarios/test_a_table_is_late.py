"""A table that had not landed when its column was checked: the card says so, and how old it is."""

from pathlib import Path

import pytest

from core.domain.alert import Alert
from functions.flows.check_partition import check_partition
from functions.flows.checking.learn_reference import learn_reference
from tests.watched_model import WatchedModel
from tests.weather_table import days, some_weather, through_the_day, weather_config, weather_lands

LEARNED = days(14)[1:]
CHECKED = "2013-01-17"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """Flights of a day have landed, and no weather for three days."""
    watched = WatchedModel(tmp_path, weather_config())
    for day in LEARNED:
        watched.lands(day, through_the_day(day, 200))
    weather_lands(watched, days(14))
    learn_reference(watched.config, LEARNED, watched.ports)
    watched.lands(CHECKED, through_the_day(CHECKED, 200))
    return watched


def checked(watched: WatchedModel) -> Alert:
    check_partition("flights", CHECKED, watched.ports)
    [alert] = watched.alerts()
    return alert


def test_the_card_says_that_the_table_is_late_and_how_old_its_newest_partition_is(
    watched: WatchedModel,
) -> None:
    newest = LEARNED[-1]

    step = checked(watched).evidence.next_step

    assert step.startswith(
        "The table `weather` has nothing for 2013-01-17 under weather/observed; its newest "
        f"partition is {newest}, 3 days before. When it is there, let the partition land again"
    )


def test_once_the_table_is_there_the_partition_that_lands_again_is_fine(
    watched: WatchedModel,
) -> None:
    checked(watched)
    weather_lands(watched, ["2013-01-16", CHECKED])
    watched.lands(CHECKED, through_the_day(CHECKED, 200))

    after = checked(watched).evidence

    assert after.summary == "Checked again: Nothing unusual."
    assert "weather" not in after.next_step


def test_a_table_that_has_landed_is_not_called_late(watched: WatchedModel) -> None:
    weather_lands(watched, ["2013-01-16", CHECKED], lambda day: some_weather(day, range(2)))

    alert = checked(watched)

    assert [blame.column for blame in alert.evidence.blamed] == ["temp"]
    assert "has nothing" not in alert.evidence.next_step


def test_a_late_table_is_not_named_where_another_column_is_wrong(watched: WatchedModel) -> None:
    weather_lands(watched, ["2013-01-16"])
    spoiled = through_the_day(CHECKED, 200).assign(distance=-1.0)
    watched.lands(CHECKED, spoiled.head(8))

    alert = checked(watched)

    assert "temp" not in [blame.column for blame in alert.evidence.blamed]
    assert "weather" not in alert.evidence.next_step


def test_where_nothing_landed_for_long_that_is_said(watched: WatchedModel) -> None:
    late = "2013-06-01"
    watched.lands(late, through_the_day(late, 200))

    check_partition("flights", late, watched.ports)

    [alert] = watched.alerts()
    assert "has nothing for 2013-06-01 under weather/observed, nor for any of 62 days before." in (
        alert.evidence.next_step
    )
