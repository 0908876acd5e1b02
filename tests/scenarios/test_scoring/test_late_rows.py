"""Rows that land after their partition was scored, and rows that are written anew."""

import pytest

from core.domain.cohort import Cohort
from core.domain.errors import Unavailable
from core.domain.scored import Scored
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.join_labels import join_labels
from functions.flows.score import score
from tests.scenarios.faults import is_corrupted
from tests.scenarios.test_scoring.scored import DAY
from tests.trained import promoted, trained
from tests.watched_model import ROWS, WatchedModel, some_flights, some_labels

LATE = some_flights("2013-02-13", rows=7)


def test_rows_that_land_after_a_partition_was_scored_are_scored_and_told(
    watched: WatchedModel,
) -> None:
    champion = trained(watched)
    before = watched.lands_and_is_scored(DAY).scored
    assert before is not None
    first = watched.ports.objects.get(before.served.key)

    watched.lands(DAY, LATE, part="part-1")
    scoring = score("flights", DAY, watched.ports)

    assert scoring.scored is not None
    served = scoring.scored.served
    assert (served.version, served.rows, len(served.late)) == (champion, ROWS + 7, 1)
    assert watched.ports.objects.get(served.key) == first
    scores = LoggedPredictions.read(served, watched.ports.objects)
    assert list(scores.keys) == [*some_flights(DAY)["flight_id"], *LATE["flight_id"]]
    assert served.mean_score == pytest.approx(scores.scores.mean())
    [alert] = watched.alerts()
    assert alert.evidence.summary == "7 rows landed after it was scored; they were scored then."


def test_late_rows_are_scored_once_however_often_the_event_comes(watched: WatchedModel) -> None:
    trained(watched)
    watched.lands_and_is_scored(DAY)
    watched.lands(DAY, LATE, part="part-1")
    with pytest.raises(Unavailable):
        score("flights", DAY, watched.while_none_is_stored(Scored))

    first = score("flights", DAY, watched.ports).scored
    again = score("flights", DAY, watched.ports).scored

    assert first is not None
    assert again is not None
    assert first.logs == again.logs
    assert len(list(watched.ports.objects.list(f"predictions/flights/dt={DAY}/"))) == 2


def test_late_rows_are_scored_by_the_version_that_scored_the_others_and_in_shadow_too(
    watched: WatchedModel,
) -> None:
    champion = trained(watched)
    challenger = trained(watched, estimator="DummyClassifier")
    watched.lands_and_is_scored(DAY)
    promoted(watched, challenger)

    watched.lands(DAY, LATE, part="part-1")
    scoring = watched.is_scored(DAY)

    assert scoring.scored is not None
    assert [(log.version, log.rows) for log in scoring.scored.logs] == [
        (champion, ROWS + 7),
        (challenger, ROWS + 7),
    ]


def test_labels_of_late_rows_are_booked_to_their_predictions(watched: WatchedModel) -> None:
    trained(watched)
    watched.lands_and_is_scored(DAY)
    labels = some_labels(DAY) | dict.fromkeys(LATE["flight_id"], 1)
    watched.labels_land(DAY, labels)
    assert join_labels("flights", DAY, watched.ports).cohort is not None

    watched.lands(DAY, LATE, part="part-1")
    score("flights", DAY, watched.ports)

    cohort = watched.ports.records.get(Cohort, Cohort.id_of("flights", DAY))
    assert cohort is not None
    assert (cohort.served.predicted, cohort.served.labelled, cohort.unmatched) == (47, 47, 0)


def test_late_rows_that_cannot_be_scored_are_told_and_a_challenger_does_not_predict_them(
    watched: WatchedModel,
) -> None:
    champion = trained(watched)
    challenger = trained(watched, estimator="DummyClassifier")
    watched.lands_and_is_scored(DAY)
    is_corrupted(watched, champion)

    watched.lands(DAY, LATE, part="part-1")
    scoring = score("flights", DAY, watched.ports)

    assert scoring.scored is not None
    assert [log.rows for log in scoring.scored.logs] == [ROWS, ROWS]
    assert challenger == scoring.scored.logs[1].version
    [told] = [alert for alert in watched.alerts() if alert.rule == "rewritten"]
    assert "40 rows have predictions, 47 are there now" in told.evidence.summary


def test_rows_that_are_written_anew_keep_what_was_served_and_that_is_told(
    watched: WatchedModel,
) -> None:
    trained(watched)
    before = watched.lands_and_is_scored(DAY).scored

    watched.lands(DAY, some_flights(DAY).assign(distance=5.0))
    scoring = score("flights", DAY, watched.ports)

    assert scoring.decision == "scored before"
    assert before is not None
    assert scoring.scored is not None
    assert scoring.scored.logs == before.logs
    [alert] = watched.alerts()
    assert "It was changed after it was scored" in alert.evidence.summary
