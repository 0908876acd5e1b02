from pathlib import Path

import pandas as pd
import pytest

from core.domain.alert import Alert
from core.domain.cohort import Cohort
from core.domain.scored import Scored
from functions.flows.join_labels import join_labels
from functions.flows.score import score
from tests.builders import served_elsewhere
from tests.watched_model import WatchedModel, parquet_of, some_labels

DAY = "2013-02-08"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    model = WatchedModel(tmp_path, served_elsewhere())
    model.it_is(DAY)
    return model


def predictions_land(watched: WatchedModel, probability: object = 0.25) -> str:
    frame = pd.DataFrame({"flight_id": list(some_labels(DAY)), "probability": probability})
    return watched.puts("others/scores", DAY, parquet_of(frame))


def scored(watched: WatchedModel) -> Scored | None:
    return watched.ports.records.get(Scored, Scored.id_of("flights", DAY))


def test_predictions_that_land_are_logged_and_labels_are_booked_to_them(
    watched: WatchedModel,
) -> None:
    key = predictions_land(watched)

    answer = watched.call("score", {"detail": {"object": {"key": key}}})

    [result] = answer["results"]
    assert result["decision"] == "served elsewhere"
    taken = scored(watched)
    assert taken is not None
    assert (taken.served.rows, taken.served.mean_score) == (len(some_labels(DAY)), 0.25)
    watched.labels_land(DAY)
    join_labels("flights", DAY, watched.ports)
    cohort = watched.ports.records.get(Cohort, Cohort.id_of("flights", DAY))
    assert cohort is not None
    assert cohort.labelled_share == 1
    assert cohort.served.brier is not None


def test_features_alone_are_not_scored(watched: WatchedModel) -> None:
    watched.lands(DAY)

    assert score("flights", DAY, watched.ports).scored is None


def test_rewritten_predictions_take_the_place_of_the_earlier_ones(watched: WatchedModel) -> None:
    predictions_land(watched, 0.25)
    score("flights", DAY, watched.ports)
    before = scored(watched)

    predictions_land(watched, 0.75)
    score("flights", DAY, watched.ports)
    score("flights", DAY, watched.ports)

    after = scored(watched)
    assert before is not None
    assert after is not None
    assert (before.served.mean_score, after.served.mean_score) == (0.25, 0.75)
    assert before.served.key != after.served.key


@pytest.mark.parametrize("probability", [1.2, None, "likely", float("nan")])
def test_predictions_that_are_no_probabilities_are_told_to_the_owner(
    watched: WatchedModel, probability: object
) -> None:
    predictions_land(watched, probability=probability)

    assert score("flights", DAY, watched.ports).decision == "bad data"

    [alert] = watched.ports.records.query(Alert, "alerts:open")
    assert "a column `probability` that holds a probability, 0 to 1" in alert.evidence.summary
    assert scored(watched) is None
