"""What a person is told on the first day: of slips by which a model would be watched in vain."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.domain.partition import days_before
from core.flows.first_look import first_look
from core.flows.tell_unwatched import tell_unwatched
from infra.local.notebook import retrain
from tests.builders import a_config
from tests.scenarios.placeholders import WITH_PLACEHOLDERS
from tests.terminal import ran
from tests.watched_model import (
    FIRST_DAY,
    WatchedModel,
    object_created,
    parquet_of,
    some_flights,
    training,
)

FEATURES, LABELS = "flights/features", "flights/labels"
AN_HOUR = f"{FEATURES}/dt=2013-02-08T05/part-0.parquet"


def lies(watched: WatchedModel, key: str) -> None:
    watched.ports.objects.put(key, parquet_of(some_flights(FIRST_DAY)))


def landed(watched: WatchedModel, key: str) -> dict[str, Any]:
    lies(watched, key)
    return watched.call("check_partition", object_created(key))


def test_an_hour_that_nobody_reads_is_one_alert_a_day_with_where_it_has_to_lie(
    watched: WatchedModel,
) -> None:
    answers = [landed(watched, AN_HOUR.replace("T05", f"T{hour}")) for hour in ("05", "06")]

    assert answers == [{"results": []}] * 2
    [alert] = watched.alerts()
    assert (alert.rule, alert.partition, alert.evidence.severity) == ("layout", None, "warn")
    assert alert.evidence.summary.startswith(f"What lands under `{FEATURES}` is read by nobody")
    assert f"{AN_HOUR} has to lie in {FEATURES}/dt=2013-02-08/" in alert.evidence.next_step


def test_labels_in_folders_of_hive_are_told_of_too(watched: WatchedModel) -> None:
    landed(watched, f"{LABELS}/year=2013/month=02/day=08/part-0.parquet")

    [alert] = watched.alerts()
    assert f"under `{LABELS}`" in alert.evidence.summary
    assert f"directly in {LABELS}/dt=2013-02-08/" in alert.evidence.next_step


@pytest.mark.parametrize(
    "key",
    [
        f"{FEATURES}/dt=2013-02-08/_temporary/0/part-0.parquet",
        f"{FEATURES}/archive/part-0.parquet",
        f"{FEATURES}/dt=2013-02-08T05/_SUCCESS",
        "elsewhere/dt=2013-02-08T05/part-0.parquet",
    ],
)
def test_what_was_meant_for_no_partition_is_nobodys_news(watched: WatchedModel, key: str) -> None:
    landed(watched, key)

    assert watched.alerts() == []


def test_a_place_where_all_is_well_is_no_news(watched: WatchedModel) -> None:
    watched.lived_through(12)

    assert first_look(watched.config, watched.ports) == []


def test_a_mistyped_place_is_told_with_what_was_probably_meant(watched: WatchedModel) -> None:
    watched.lived_through(12)
    data = watched.config.data.model_copy(update={"features": "flights/feature"})

    [said] = first_look(watched.config.model_copy(update={"data": data}), watched.ports)

    assert said == (
        "No features lie under flights/feature: until the first partition lands there nothing can "
        f"be checked. Did you mean {FEATURES}?"
    )


def test_a_model_without_labels_is_told_what_it_cannot_do(watched: WatchedModel) -> None:
    lies(watched, f"{FEATURES}/dt={FIRST_DAY}/part-0.parquet")

    [said] = first_look(watched.config, watched.ports)

    assert said == (
        f"No labels lie under {LABELS}: until the first partition lands there nothing can be "
        "trained, nor predictions judged."
    )


def test_an_empty_place_is_told_on_both_sides(watched: WatchedModel) -> None:
    features, labels = first_look(watched.config, watched.ports)

    assert features.startswith("No features lie under")
    assert labels.startswith("No labels lie under")


def test_too_few_days_to_train_are_counted(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_config(training=training(every_days=7)))
    watched.lived_through(2)

    [said] = first_look(watched.config, watched.ports)

    assert said.startswith("Labels of 2 partitions lie under flights/labels, and the newest are")


def test_history_in_folders_of_another_name_is_counted_when_a_config_is_applied(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    lies(watched, AN_HOUR)
    lies(watched, AN_HOUR.replace("T05", "T06"))

    [said] = first_look(watched.config, watched.ports)

    assert said.startswith(f"2 objects under {FEATURES} will be read by nobody: {AN_HOUR} has to")


def test_labels_under_other_keys_are_told_when_a_training_finds_none_that_fits(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path, a_config(training=training()))
    for ahead in range(12):
        day = days_before(FIRST_DAY, -ahead)
        watched.lands(day)
        watched.labels_land(day, {f"another {row}": row % 2 for row in range(40)})
    watched.it_is(days_before(FIRST_DAY, -20))

    retrain(watched.config, ports=watched.ports)

    [alert] = watched.alerts()
    assert alert.evidence.summary == (
        "Not retrained: labels of 10 partitions lie there, but none has the `flight_id` of a row "
        "of its partition's features."
    )


def hours_later(watched: WatchedModel, hours: int) -> int:
    watched.now += timedelta(hours=hours)
    return tell_unwatched(watched.ports)


def test_a_model_of_which_nothing_ever_came_is_told_once(watched: WatchedModel) -> None:
    raised = [hours_later(watched, hours) for hours in (1, 8 * 24, 1, 24)]

    assert raised == [0, 1, 0, 0]
    [alert] = watched.alerts()
    assert (alert.rule, alert.evidence.severity) == ("silence", "warn")
    assert alert.evidence.summary == (
        "Nothing was checked since this config was put in force on 2013-01-01: no partition has "
        f"landed under `{FEATURES}`."
    )


def test_a_model_of_which_something_was_checked_is_not_silent(watched: WatchedModel) -> None:
    key = watched.lands(FIRST_DAY)
    watched.call("check_partition", object_created(key))

    assert hours_later(watched, 9 * 24) == 0


def test_validating_and_applying_name_what_nobody_has_decided_and_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "flights.yaml"
    file.write_text(WITH_PLACEHOLDERS)
    monkeypatch.setenv("WATCHKEEPER_FOLDER", str(tmp_path / "watch"))

    assert ran(monkeypatch, "validate", str(file)) == 0
    validated = capsys.readouterr().out
    assert ran(monkeypatch, "apply", str(file)) == 0
    applied = capsys.readouterr().out

    undecided = (
        "Note: nobody has decided yet on owner (U0DECIDE), channel (C0DECIDE), "
        "data.key (DECIDE_KEY), columns."
    )
    assert undecided in validated
    assert undecided in applied
    assert f"Note: No features lie under {FEATURES}" in applied


def test_a_backtest_of_the_wrong_folder_is_told_which_one_is_meant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "flights.yaml"
    file.write_text(WITH_PLACEHOLDERS)
    (tmp_path / "flights/other/dt=2013-02-08").mkdir(parents=True)

    assert ran(monkeypatch, "backtest", str(file), str(tmp_path / "flights")) == 1

    told = capsys.readouterr()
    assert "No partition lies in the folder `flights`: name the one that holds dt=" in told.err
    assert "Note: nobody has decided yet on owner (U0DECIDE)" in told.out


def test_a_backfill_of_an_empty_place_says_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("WATCHKEEPER_FOLDER", str(tmp_path))
    WatchedModel(tmp_path)

    assert ran(monkeypatch, "backfill", "flights") == 1
    assert ran(monkeypatch, "backfill", "flights", "--from", days_before(FIRST_DAY, 1)) == 1

    first, second = capsys.readouterr().err.strip().splitlines()
    assert first == f"No partition of `flights` lies under {FEATURES}."
    assert second == f"No partition of `flights` lies under {FEATURES} in that time."
