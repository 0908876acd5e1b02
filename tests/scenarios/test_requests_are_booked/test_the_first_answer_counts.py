"""Of a row that is predicted more than once, what people got first counts."""

from datetime import datetime, timedelta

import pytest

from functions.flows.score import score
from tests.scenarios.test_requests_are_booked.asking import (
    DAY,
    NEXT,
    asked,
    brier,
    farther,
    labelled,
    requested,
    rows_of,
    said,
)
from tests.watched_model import ROWS, WatchedModel


def test_of_a_row_that_was_asked_for_twice_the_first_answer_counts(watched: WatchedModel) -> None:
    first = asked(watched)
    watched.now += timedelta(hours=1)
    asked(watched, farther(rows_of()), name="a-later-one")

    labelled(watched)

    assert said(watched, watched.serving().champion, "champion") == first
    assert watched.cohort(DAY).served.predicted == ROWS
    assert requested(watched).repeated == ROWS


def test_a_row_that_was_asked_for_before_its_partition_was_scored_counts_as_it_was_answered(
    watched: WatchedModel,
) -> None:
    answered = asked(watched, farther(rows_of(flights=range(10))))
    watched.now += timedelta(hours=1)
    watched.lands_and_is_scored(DAY)

    labelled(watched)

    counted = said(watched, watched.serving().champion, "champion")
    assert len(counted) == watched.cohort(DAY).served.predicted == ROWS
    assert {name: counted[name] for name in answered} == answered
    assert watched.cohort(DAY).served.brier == pytest.approx(brier(counted))


def test_a_row_whose_partition_was_scored_before_it_was_asked_for_counts_as_it_was_scored(
    watched: WatchedModel,
) -> None:
    watched.lands_and_is_scored(DAY)
    scored = said(watched, watched.serving().champion, "champion")
    watched.now += timedelta(hours=1)
    another = {"flight_id": "another", "distance": 100.0, "carrier": "AA"}
    asked(watched, [*farther(rows_of()), another | {"scheduled_departure": DAY}])

    labelled(watched)

    counted = said(watched, watched.serving().champion, "champion")
    assert set(counted) == {*scored, "another"}
    assert {name: counted[name] for name in scored} == scored
    assert (watched.cohort(DAY).served.predicted, watched.cohort(DAY).served.labelled) == (
        ROWS + 1,
        ROWS,
    )


def test_the_first_answer_is_the_earliest_and_not_the_first_by_name(
    watched: WatchedModel,
) -> None:
    first = asked(watched, name="c")
    for name in ("a", "b"):
        watched.now += timedelta(minutes=1)
        asked(watched, farther(rows_of()), name)

    labelled(watched)

    assert said(watched, watched.serving().champion, "champion") == first
    assert requested(watched).repeated == 2 * ROWS


def test_a_score_that_overtakes_changes_who_counts_and_is_booked_anew(
    watched: WatchedModel,
) -> None:
    asked(watched, farther(rows_of()), name="r1")
    labelled(watched)
    watched.now = datetime.fromisoformat(f"{NEXT}T13:00:00+00:00")
    watched.lands(DAY)

    score("flights", DAY, watched.ports)

    assert watched.cohort(DAY).served.predicted == ROWS
    assert requested(watched).repeated == 0
