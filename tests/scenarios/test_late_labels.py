from pathlib import Path

import pytest
from sklearn import metrics as theirs

from core.domain.cohort import Cohort
from core.domain.errors import Busy, Unknown
from core.domain.ids import VersionId
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.join_labels import Booking, join_labels
from functions.flows.retrain import retrain
from functions.flows.score import score
from tests.builders import a_config
from tests.watched_model import ROWS, WatchedModel, object_created, some_labels, training

DAY = "2013-01-13"
LABELS = some_labels(DAY)
HALF = dict(list(LABELS.items())[: ROWS // 2])


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model whose first version has scored a day."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    watched.it_is(DAY)
    watched.lands_and_is_scored(DAY)
    watched.it_is("2013-01-14")
    return watched


def booked(watched: WatchedModel) -> Booking:
    return join_labels("flights", DAY, watched.ports)


def flipped(*rows: str) -> dict[str, int | None]:
    return {row: 1 - LABELS[row] for row in rows}


def test_labels_are_booked_to_the_partition_that_was_predicted(watched: WatchedModel) -> None:
    watched.labels_land(DAY)

    assert booked(watched).decision == "booked"

    known = watched.cohort(DAY)
    assert (known.partition, known.labelled_share) == (DAY, 1.0)
    assert (known.served.predicted, known.served.labelled) == (ROWS, ROWS)
    assert known.known_until == watched.now
    assert (known.corrections, known.unmatched) == (0, 0)
    body = watched.ports.objects.get(known.served.key)
    scores = LoggedPredictions.of(body)
    said, true = scores.said, scores.keys.map(LABELS).to_numpy("float64")
    assert known.served.brier == pytest.approx(theirs.brier_score_loss(true, said))
    assert known.served.log_loss == pytest.approx(theirs.log_loss(true, said))
    assert known.served.accuracy == theirs.accuracy_score(true, said > 0.5)


def test_the_same_labels_again_change_nothing(watched: WatchedModel) -> None:
    watched.labels_land(DAY)
    booked(watched)
    before = watched.cohort(DAY)
    watched.it_is("2013-01-20")

    watched.labels_land(DAY)
    watched.labels_land(DAY, LABELS, part="the-same-again")

    assert booked(watched).decision == "unchanged"
    assert watched.cohort(DAY) == before


def test_labels_that_come_late_are_added_and_are_no_corrections(watched: WatchedModel) -> None:
    watched.labels_land(DAY, HALF)
    booked(watched)
    assert watched.cohort(DAY).labelled_share == 0.5
    watched.it_is("2013-01-20")

    watched.labels_land(DAY, LABELS, part="part-1")

    assert booked(watched).decision == "booked"
    assert watched.cohort(DAY).labelled_share == 1.0
    assert watched.cohort(DAY).corrections == 0
    assert watched.cohort(DAY).known_until == watched.now


def test_corrected_labels_replace_the_numbers_and_are_counted(watched: WatchedModel) -> None:
    watched.labels_land(DAY)
    booked(watched)
    before = watched.cohort(DAY)

    watched.labels_land(DAY, flipped(f"{DAY}-000", f"{DAY}-001"), part="part-1")
    booked(watched)
    assert watched.cohort(DAY).corrections == 2
    assert watched.cohort(DAY).served.brier != before.served.brier

    watched.labels_land(DAY, {f"{DAY}-000": LABELS[f"{DAY}-000"]}, part="part-2")
    booked(watched)
    assert watched.cohort(DAY).corrections == 3

    watched.labels_land(DAY, {f"{DAY}-001": LABELS[f"{DAY}-001"]}, part="part-3")
    booked(watched)
    assert watched.cohort(DAY).served == before.served
    assert watched.cohort(DAY).corrections == 4


def test_a_label_that_is_taken_back_is_a_correction(watched: WatchedModel) -> None:
    watched.labels_land(DAY)
    booked(watched)

    watched.labels_land(DAY, HALF)

    booked(watched)
    assert watched.cohort(DAY).labelled_share == 0.5
    assert watched.cohort(DAY).corrections == ROWS // 2


def test_a_label_of_a_row_that_was_never_predicted_is_counted(watched: WatchedModel) -> None:
    watched.labels_land(DAY, {**LABELS, "2013-01-13-999": 1})

    booked(watched)

    assert watched.cohort(DAY).unmatched == 1
    assert watched.cohort(DAY).served.labelled == ROWS
    assert watched.alerts() == []


def test_labels_that_came_before_the_predictions_are_booked_when_these_are_there(
    watched: WatchedModel,
) -> None:
    later = "2013-01-14"
    watched.lands(later)
    watched.labels_land(later)
    assert join_labels("flights", later, watched.ports).decision == "not predicted"

    score("flights", later, watched.ports)

    found = watched.ports.records.get(Cohort, Cohort.id_of("flights", later))
    assert found is not None
    assert found.labelled_share == 1.0


def test_champion_and_challenger_are_judged_on_the_same_rows(watched: WatchedModel) -> None:
    watched.apply(a_config(training=training(estimator="DummyClassifier")))
    second = retrain("flights", "watchkeeper", "idea", watched.ports).version
    later = "2013-01-14"
    watched.labels_land(later)

    watched.lands_and_is_scored(later)

    found = watched.ports.records.get(Cohort, Cohort.id_of("flights", later))
    assert found is not None
    assert [outcome.stage for outcome in found.outcomes] == ["champion", "shadow"]
    assert found.outcomes[1].version == VersionId(second or "")
    assert {outcome.labelled for outcome in found.outcomes} == {ROWS}


def test_a_cohort_with_few_labels_is_mature_only_when_no_more_are_waited_for(
    watched: WatchedModel,
) -> None:
    watched.labels_land(DAY, HALF)
    booked(watched)

    assert not watched.cohort(DAY).is_mature(watched.now)
    watched.it_is("2013-01-15")
    assert watched.cohort(DAY).is_mature(watched.now)


def test_a_cohort_with_its_labels_is_mature_when_they_are_due(watched: WatchedModel) -> None:
    watched.labels_land(DAY)
    booked(watched)

    assert watched.cohort(DAY).is_mature(watched.now)


def test_labels_that_nobody_knows_yet_give_a_cohort_without_numbers(
    watched: WatchedModel,
) -> None:
    watched.labels_land(DAY, dict.fromkeys(LABELS))

    booked(watched)

    assert watched.cohort(DAY).labelled_share == 0.0
    assert watched.cohort(DAY).served.brier is None


def test_no_labels_are_no_cohort(watched: WatchedModel) -> None:
    assert booked(watched) == Booking(decision="no labels")


def test_wrong_labels_are_told_to_the_owner_and_what_was_booked_stands(
    watched: WatchedModel,
) -> None:
    watched.labels_land(DAY)
    booked(watched)
    before = watched.cohort(DAY)
    watched.labels_land(DAY, {f"{DAY}-000": 7}, part="part-1")

    assert booked(watched).decision == "bad data"
    assert booked(watched).decision == "bad data"

    assert watched.cohort(DAY) == before
    [alert] = watched.alerts()
    assert (alert.rule, alert.partition) == ("labels", DAY)
    assert "holds 0, 1 or nothing" in alert.evidence.summary


def test_of_two_runs_at_once_the_later_labels_win(watched: WatchedModel) -> None:
    watched.labels_land(DAY, HALF)

    def meanwhile() -> None:
        watched.labels_land(DAY)
        booked(watched)

    join_labels("flights", DAY, watched.while_overtaken_by(meanwhile))

    assert watched.cohort(DAY).labelled_share == 1.0


def test_a_run_that_is_overtaken_again_and_again_gives_up_and_is_retried(
    watched: WatchedModel,
) -> None:
    corrections = iter(LABELS)

    def meanwhile() -> None:
        watched.labels_land(DAY, flipped(next(corrections)), part="part-1")
        booked(watched)
        watched.labels_land(DAY, flipped(next(corrections)), part="part-1")

    watched.labels_land(DAY)
    with pytest.raises(Busy):
        join_labels("flights", DAY, watched.while_overtaken_by(meanwhile, times=9))


def test_labels_of_an_unknown_model_are_refused(watched: WatchedModel) -> None:
    with pytest.raises(Unknown):
        join_labels("trains", DAY, watched.ports)


def test_the_cohorts_of_a_model_are_listed_by_partition(watched: WatchedModel) -> None:
    watched.labels_land(DAY)
    watched.labels_land("2013-01-14")
    watched.lands_and_is_scored("2013-01-14")
    booked(watched)

    listed = watched.ports.records.query(Cohort, "cohorts:flights")

    assert [found.partition for found in listed] == [DAY, "2013-01-14"]


def test_a_landed_object_of_labels_is_booked(watched: WatchedModel) -> None:
    key = watched.labels_land(DAY)

    answer = watched.call("join_labels", object_created(key))

    [result] = answer["results"]
    assert result["decision"] == "booked"
    assert result["cohort"]["labelled_share"] == 1.0


def test_an_object_of_features_is_nothing_to_join(watched: WatchedModel) -> None:
    key = watched.lands(DAY)

    assert watched.call("join_labels", object_created(key)) == {"results": []}


def test_labels_that_name_no_row_that_was_scored_are_told(watched: WatchedModel) -> None:
    watched.labels_land(DAY, {f"{number}": 1 for number in range(12)})

    booked(watched)

    [alert] = watched.alerts()
    assert alert.evidence.summary == (
        "None of 12 labels names a row that was scored: compare `flight_id` in flights/labels and "
        "in flights/features."
    )
