"""Columns that are added, dropped or renamed, and columns that nobody watches."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.domain.partition import days_before
from core.domain.verdict import ErrorClass, Severity
from functions.flows.check_partition import check_partition
from functions.flows.checking.learn_reference import learn_reference
from infra.local.backtesting import tell_backtest
from tests.builders import a_config
from tests.checked_model import DAY, LEARNED, check_of, checked, flights, told, watch_of
from tests.disturbed_stores import CountingObjects
from tests.watched_model import FIRST_DAY, WatchedModel, parquet_of, training
from tests.written import WRITERS

COLUMNS = {
    "distance": {"type": "number"},
    "carrier": {"type": "category"},
    "dep_delay": {"type": "number"},
    "arr_delay": {"type": "number"},
}


def delays(day: str) -> pd.DataFrame:
    rng = np.random.default_rng(int(day.replace("-", "")))
    frame = flights(day)
    late = rng.exponential(20, len(frame))
    return frame.assign(dep_delay=late, arr_delay=late * 0.8 + rng.normal(40, 4, len(frame)))


def with_delays(tmp_path: Path, **changes: object) -> WatchedModel:
    seldom = {"partitions_per_false_alarm": 250}
    watched = WatchedModel(tmp_path, a_config(columns=COLUMNS, alerts=seldom, **changes))
    for day in LEARNED:
        watched.lands(day, delays(day))
    learn_reference(watched.config, LEARNED, watched.ports)
    return watched


def test_an_added_column_is_told_and_alerts_nobody(known: WatchedModel) -> None:
    answer = checked(known, flights(DAY).assign(gate="A1"))

    assert (answer["severity"], answer["added"]) == (Severity.OK, ["gate"])
    assert check_of(known).verdict.sentence == "Nothing unusual. New: `gate`."
    assert check_of(known).unwatched == {"gate": "text"}
    assert known.alerts() == []


def test_of_many_objects_a_few_tell_which_column_was_renamed(known: WatchedModel) -> None:
    renamed = flights(DAY).rename(columns={"distance": "miles"})
    for place, rows in enumerate(np.array_split(np.arange(len(renamed)), 5)):
        folder = known.folder / "objects/flights/features" / f"dt={DAY}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"part-{place}.parquet").write_bytes(parquet_of(renamed.iloc[rows]))
    objects = CountingObjects(known.folder / "objects")

    check_partition("flights", DAY, replace(known.ports, objects=objects))

    assert "`miles` looks like it" in check_of(known).verdict.sentence
    assert len(objects.read) == 5 + 3


def test_a_column_is_new_once(known: WatchedModel) -> None:
    later = days_before(DAY, -1)
    checked(known, flights(DAY).assign(gate="A1"))

    answer = checked(known, flights(later).assign(gate="A1"), later)

    assert answer["added"] == []
    assert check_of(known, later).unwatched == {"gate": "text"}


def test_a_column_stays_new_while_no_trusted_partition_has_it(known: WatchedModel) -> None:
    later = days_before(DAY, -1)
    checked(known, flights(DAY).drop(columns="carrier").assign(gate="A1"))

    answer = checked(known, flights(later).assign(gate="A1"), later)

    assert answer["added"] == ["gate"]


def test_an_alert_tells_what_is_new_beside_what_is_wrong(known: WatchedModel) -> None:
    frame = flights(DAY).assign(distance=lambda rows: rows["distance"] * 1609, gate="A1")

    checked(known, frame)

    [alert] = known.alerts()
    assert alert.evidence.summary.endswith("; new: `gate`")


def test_a_column_that_was_there_all_the_time_is_never_new(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path)
    for day in LEARNED:
        watched.lands(day, flights(day).assign(gate="A1"))
    learn_reference(watched.config, LEARNED, watched.ports)

    assert checked(watched, flights(DAY).assign(gate="A1"))["added"] == []


def test_a_column_that_leaves_the_config_is_not_new(known: WatchedModel) -> None:
    known.apply(a_config(columns={"carrier": {"type": "category"}}))

    answer = checked(known, flights(DAY))

    assert answer["added"] == []
    assert check_of(known).unwatched == {"distance": "numbers"}


def test_while_nothing_is_known_nothing_is_new(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path)

    assert checked(watched, flights(DAY).assign(gate="A1"))["added"] == []
    later = days_before(DAY, -1)
    assert checked(watched, flights(later).assign(gate="A1", stand=1), later)["added"] == ["stand"]


@pytest.mark.parametrize("ending", list(WRITERS))
@pytest.mark.parametrize(
    ("before", "after"), [("dep_delay", "departure_delay"), ("carrier", "airline")]
)
def test_a_renamed_column_is_one_finding_with_both_names(
    tmp_path: Path, ending: str, before: str, after: str
) -> None:
    watched = with_delays(tmp_path)
    frame = delays(DAY).rename(columns={before: after}).assign(noise=np.arange(200), gate="A1")

    key = watched.puts("flights/features", DAY, WRITERS[ending](frame), ending=ending)
    told(watched, key)

    [alert] = watched.alerts()
    [blame] = alert.evidence.blamed
    assert blame.sentence == f"`{before}` is missing; `{after}` looks like it"
    assert blame.error_class is ErrorClass.HARD
    assert alert.evidence.summary == f"{blame.sentence}; new: `gate`, `noise`"


def test_of_two_renamed_columns_each_finds_its_own(tmp_path: Path) -> None:
    watched = with_delays(tmp_path)
    names = {"dep_delay": "departure", "arr_delay": "arrival"}

    checked(watched, delays(DAY).rename(columns=names))

    [alert] = watched.alerts()
    assert {blame.sentence for blame in alert.evidence.blamed} == {
        "`dep_delay` is missing; `departure` looks like it",
        "`arr_delay` is missing; `arrival` looks like it",
    }


@pytest.mark.parametrize(
    "stranger",
    [
        lambda rows: rows["dep_delay"] * 60,
        lambda rows: rows["carrier"],
        lambda _: "A1",
        lambda rows: pd.Series([[1]] * len(rows)),
    ],
    ids=["other unit", "other type", "constant", "nested"],
)
def test_a_new_column_with_other_content_is_not_taken_for_the_missing_one(
    tmp_path: Path, stranger: Callable[[pd.DataFrame], Any]
) -> None:
    watched = with_delays(tmp_path)

    checked(watched, delays(DAY).assign(gate=stranger).drop(columns="dep_delay"))

    [alert] = watched.alerts()
    assert alert.evidence.blamed[0].sentence == "`dep_delay` is missing"
    assert alert.evidence.summary.endswith("; new: `gate`")


def test_a_renamed_sensitive_column_is_found_without_its_values(tmp_path: Path) -> None:
    watched = with_delays(tmp_path, sensitive=("carrier",))

    checked(watched, delays(DAY).rename(columns={"carrier": "airline"}))

    [alert] = watched.alerts()
    assert alert.evidence.blamed[0].sentence == "`carrier` is missing; `airline` looks like it"


def test_odd_names_are_told_in_a_sentence_all_the_same(known: WatchedModel) -> None:
    odd = {"a`b\n": 1, "": 1, "x" * 5000: 1, "y1": 1, "y2": 1}

    checked(known, flights(DAY).assign(**odd))

    assert check_of(known).verdict.sentence == (
        f"Nothing unusual. New: ` `, `a'b `, `{'x' * 60}…`, `y1` and 1 more."
    )


def test_a_table_with_very_many_other_columns_is_checked(known: WatchedModel) -> None:
    more = pd.DataFrame({f"x{i:04}": np.ones(200) for i in range(2500)})

    days = [DAY, days_before(DAY, -1)]

    answers = [checked(known, pd.concat([flights(day), more], axis=1), day) for day in days]

    assert [answer["severity"] for answer in answers] == [Severity.OK, Severity.OK]
    assert [len(answer["added"]) for answer in answers] == [100, 0]
    assert len(check_of(known, DAY).unwatched) == 100
    assert len(watch_of(known).others or ()) == 2000


def test_nested_columns_are_told_to_be_unwatched(known: WatchedModel) -> None:
    legs = pd.Series([[{"from": "JFK"}]] * 200)

    checked(known, flights(DAY).assign(legs=legs, seen=pd.Timestamp(DAY)))

    assert check_of(known).unwatched == {"legs": "something nested", "seen": "times"}


def test_a_backtest_tells_renames_and_what_is_not_watched(tmp_path: Path) -> None:
    config = a_config(columns=COLUMNS, training=training(window_days=14))
    for ahead in range(17):
        day = days_before(FIRST_DAY, -ahead)
        frame = delays(day).assign(legs=pd.Series([[1]] * 200))
        if ahead == 15:
            frame = frame.rename(columns={"dep_delay": "delay"})
        place = tmp_path / f"features/dt={day}"
        place.mkdir(parents=True)
        (place / "part-0.parquet").write_bytes(parquet_of(frame))
    said: list[str] = []

    tell_backtest(config, tmp_path / "features", said.append, as_json=False)

    assert said[0].endswith("`dep_delay` is missing; `delay` looks like it")
    assert said[1] == (
        "Not watched, for the config does not name them: `delay` (numbers), "
        "`legs` (something nested)."
    )
    assert said[2].startswith("With this config you would have had 1 alert in 3 partitions")
