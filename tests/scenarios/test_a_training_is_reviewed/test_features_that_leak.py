"""Features that know what nobody could know before the event, and rows on both sides of the cut."""

import numpy as np
import pandas as pd
import pytest

from core.domain.partition import days_before
from core.domain.review import Probe
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.retrain import retrain
from tests.builders import ADA, a_config
from tests.scenarios.test_a_training_is_reviewed.reviewing import ROWS, only, reviewed, some_days
from tests.watched_model import FIRST_DAY, WatchedModel, some_flights


def test_a_feature_that_is_known_only_after_the_event_is_told(watched: WatchedModel) -> None:
    rng = np.random.default_rng(1)
    days = [
        (frame.assign(taxi_in=late * 10 + rng.normal(scale=3, size=ROWS)), late)
        for frame, late in some_days()
    ]

    leak = only(reviewed(days, watched), Probe.LEAK)

    assert not leak.is_blocking
    assert leak.sentence.startswith("`taxi_in`")


def test_a_copy_of_the_target_is_called_one(watched: WatchedModel) -> None:
    days = [
        (frame.assign(refund=late.map({0: "none", 1: "paid"})), late) for frame, late in some_days()
    ]

    leak = only(reviewed(days, watched), Probe.LEAK)

    assert leak.sentence == (
        "`refund` says the target all but exactly on later rows: it is a copy of it."
    )
    assert leak.is_blocking


def test_a_partition_that_landed_again_under_another_day_is_found(watched: WatchedModel) -> None:
    days = some_days()
    days[17] = days[3]

    found = only(reviewed(days, watched), Probe.DUPLICATES)

    assert found.is_blocking
    assert found.sentence.startswith("17 % of the rows it is judged by are events that it learned")


def test_rows_that_were_copied_across_the_cut_in_time_are_found(watched: WatchedModel) -> None:
    days = some_days()
    for number in (15, 18):
        copied, late = days[number - 10]
        fresh = days[number][0]
        days[number] = (copied.assign(flight_id=fresh["flight_id"]), late)
        days[number][0]["scheduled_departure"] = fresh["scheduled_departure"]

    found = only(reviewed(days, watched), Probe.DUPLICATES)

    assert found.sentence == (
        "33 % of the rows it is judged by are exact copies of rows that it learned from; "
        "0.0 % are usual in these data."
    )


def test_rows_of_few_values_that_meet_by_chance_are_no_copies(watched: WatchedModel) -> None:
    rng = np.random.default_rng(1)
    days = [
        (
            frame[["flight_id", "scheduled_departure"]].assign(
                hour=rng.integers(0, 24, ROWS) * 1.0
            ),
            late,
        )
        for frame, late in some_days()
    ]

    assert reviewed(days, watched) == ()


def test_a_date_that_lies_behind_the_event_is_told(watched: WatchedModel) -> None:
    hours = pd.Timedelta(hours=3)
    days = [
        (
            f.assign(
                touchdown=(f["scheduled_departure"] + hours).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
            ),
            late,
        )
        for f, late in some_days()
    ]

    found = only(reviewed(days, watched), Probe.FUTURE)

    assert not found.is_blocking
    assert found.sentence.startswith("`touchdown` holds dates, and 100 % of them lie behind")


@pytest.mark.parametrize(("last_row", "blocks"), [(20, False), (ROWS, True)])
def test_events_behind_their_own_label_are_told_and_many_block(
    watched: WatchedModel, last_row: int, *, blocks: bool
) -> None:
    days = some_days()
    days[8][0].loc[:last_row, "scheduled_departure"] += pd.Timedelta(days=365)

    found = only(reviewed(days, watched), Probe.FUTURE)

    assert found.is_blocking is blocks
    assert "first in 2013-01-09" in found.sentence


def test_a_feature_that_is_what_was_served_blocks(watched: WatchedModel) -> None:
    watched.lived_through(12)
    retrain("flights", ADA.id, "cadence", watched.ports)
    scoring = watched.lands_and_is_scored("2013-01-13")
    assert scoring.scored is not None
    served = LoggedPredictions.read(scoring.scored.served, watched.ports.objects)
    watched.apply(
        a_config(columns=a_config().model_dump()["columns"] | {"risk": {"type": "number"}})
    )
    for number in range(12):
        day = days_before(FIRST_DAY, -number)
        frame = some_flights(day)
        watched.lands(day, frame.assign(risk=np.linspace(0, 1, len(frame))))
    watched.lands("2013-01-13", some_flights("2013-01-13").assign(risk=served.said))
    watched.labels_land("2013-01-13")
    watched.it_is("2013-01-15")

    done = retrain("flights", ADA.id, "asked", watched.ports)

    found = only(watched.version(done.version).findings, Probe.LEAK)
    assert found.sentence.startswith("`risk` of 2013-01-13 is what this model predicted")
