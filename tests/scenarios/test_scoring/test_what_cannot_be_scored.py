"""What cannot be scored, or not by this version, is told and loses no row."""

import pandas as pd
import pytest

from core.domain.errors import Unknown
from core.domain.ids import VersionId
from core.domain.serving import Serving
from core.ports import new
from functions.flows.score import score
from tests.builders import a_config
from tests.scenarios.faults import is_corrupted
from tests.scenarios.test_scoring.scored import DAY, log_of, stored
from tests.trained import promoted, trained
from tests.watched_model import (
    ROWS,
    WatchedModel,
    object_created,
    some_flights,
    some_labels,
    training,
)


def test_a_changed_artefact_is_not_served_and_the_version_before_it_is(
    watched: WatchedModel,
) -> None:
    first = trained(watched)
    second = trained(watched, estimator="DecisionTreeClassifier")
    promoted(watched, second)
    is_corrupted(watched, second)

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.decision == "scored by an earlier version"
    assert scoring.scored is not None
    assert (scoring.scored.served.version, scoring.scored.instead_of) == (first, second)
    assert set(log_of(watched, scoring.scored)["version"]) == {first}
    [alert] = watched.alerts()
    assert alert.rule == "artefact"
    assert alert.evidence.severity == "page"
    assert "were changed after it was stored" in alert.evidence.summary
    assert "roll the model back" in alert.evidence.next_step


def test_with_no_healthy_version_nothing_is_served_and_one_alert_says_what_to_do(
    watched: WatchedModel,
) -> None:
    version = trained(watched)
    artefact = watched.version(version).artefact
    body = watched.ports.objects.get(artefact.key)
    is_corrupted(watched, version)
    watched.is_of_old(version)

    assert watched.lands_and_is_scored(DAY).decision == "no healthy version"
    assert score("flights", DAY, watched.ports).decision == "no healthy version"
    [alert] = watched.alerts()
    assert alert.evidence.next_step.startswith("Nothing is served. Restore the object")
    assert stored(watched) is None

    watched.ports.objects.put(artefact.key, body)
    assert score("flights", DAY, watched.ports).decision == "scored"


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (some_flights(DAY).drop(columns="distance"), "column `distance` that the model reads"),
        (some_flights(DAY).astype({"distance": str}), "`distance` should be a number"),
        (some_flights(DAY).drop(columns="flight_id"), "`flight_id` must name every row"),
        (some_flights(DAY).head(0), "has no rows"),
    ],
    ids=["missing", "text", "nameless", "empty"],
)
def test_a_partition_that_breaks_its_contract_is_one_alert_and_no_predictions(
    watched: WatchedModel, frame: pd.DataFrame, sentence: str
) -> None:
    trained(watched)

    assert watched.lands_and_is_scored(DAY, frame).decision == "bad data"

    [alert] = watched.alerts()
    assert (alert.rule, alert.partition) == ("partition", DAY)
    assert sentence in alert.evidence.summary
    assert list(watched.ports.objects.list(f"predictions/flights/dt={DAY}")) == []
    assert stored(watched) is None

    watched.call("check_partition", {"model": "flights", "partition": DAY})
    assert [again.id for again in watched.alerts()] == [alert.id]


def test_a_column_that_only_an_older_version_reads_is_an_alert_of_its_own(
    watched: WatchedModel,
) -> None:
    trained(watched)
    watched.apply(a_config(columns={"distance": {"type": "number"}}))

    scoring = watched.lands_and_is_scored(DAY, some_flights(DAY).drop(columns="carrier"))

    assert scoring.decision == "bad data"
    [alert] = watched.alerts()
    assert (alert.rule, alert.partition) == ("score", DAY)


def test_a_partition_that_was_mended_is_scored(watched: WatchedModel) -> None:
    trained(watched)
    watched.puts("flights/features", DAY, b"not parquet")
    assert score("flights", DAY, watched.ports).decision == "bad data"

    assert watched.lands_and_is_scored(DAY).decision == "scored"


def test_a_partition_that_never_landed_is_unknown(watched: WatchedModel) -> None:
    trained(watched)

    with pytest.raises(Unknown, match="no partition named `2013-06-01`"):
        score("flights", "2013-06-01", watched.ports)


def test_a_pointer_to_a_version_that_is_not_stored_is_never_taken_for_another(
    watched: WatchedModel,
) -> None:
    watched.ports.records.commit(new(Serving(id="flights", champion=VersionId("ver_lost"))))

    with pytest.raises(Unknown, match="no version named `ver_lost`"):
        watched.lands_and_is_scored(DAY)


def test_a_version_of_one_model_never_serves_another_one(watched: WatchedModel) -> None:
    trained(watched)
    planted = watched.serving().model_copy(update={"id": "ferries", "revision": 0})
    watched.apply(a_config(model="ferries", training=training()))
    assert watched.ports.records.commit(new(planted))
    watched.lands(DAY)

    scoring = score("ferries", DAY, watched.ports)

    assert scoring.decision == "no healthy version"
    [alert] = watched.alerts()
    assert (alert.model, alert.rule) == ("ferries", "artefact")
    assert "does not carry our seal for `ferries`" in alert.evidence.summary


@pytest.mark.parametrize("estimator", ["RandomForestClassifier", "HistGradientBoostingClassifier"])
def test_one_number_too_large_for_trees_leaves_the_other_rows_their_predictions(
    watched: WatchedModel, estimator: str
) -> None:
    trained(watched, estimator=estimator)
    rows = some_flights(DAY)
    rows.loc[0, "distance"] = 1e300

    scoring = watched.lands_and_is_scored(DAY, rows)

    log = log_of(watched, scoring.scored)
    assert len(log) == ROWS
    assert log["score"].between(0, 1).all()


def test_labels_of_a_day_that_does_not_exist_are_nobodys(watched: WatchedModel) -> None:
    key = watched.labels_land("2013-02-30", some_labels(DAY))

    answer = watched.call("join_labels", object_created(key))

    assert answer["results"] == []
    trained(watched)  # a training passes them by


def test_objects_that_differ_in_a_column_say_which_and_that_nothing_was_scored(
    watched: WatchedModel,
) -> None:
    trained(watched)
    first, second = some_flights(DAY).head(20), some_flights(DAY).tail(20)
    watched.lands(DAY, first.assign(more="a"))
    watched.lands(DAY, second.assign(more=second["carrier"].map(lambda _: [1])), part="part-1")

    scoring = watched.is_scored(DAY)

    assert scoring.decision == "bad data"
    [alert] = watched.alerts()
    assert alert.rule == "score"
    assert alert.evidence.summary == (
        f"The objects under flights/features of {DAY} differ in their columns: "
        "`more` holds text in one and something nested in another."
    )
