from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from core.domain.cohort import Cohort
from core.domain.errors import Unavailable, Unknown
from core.domain.ids import VersionId
from core.domain.scored import Scored
from core.domain.serving import Serving
from core.flows.promote import promote
from core.flows.rollback import rollback
from core.ports import changed, new
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.join_labels import join_labels
from functions.flows.predict_in_shadow import predict_in_shadow
from functions.flows.retrain import retrain
from functions.flows.score import score
from tests.builders import ADA, a_config
from tests.staged import passes_its_gate
from tests.watched_model import (
    ROWS,
    WatchedModel,
    object_created,
    some_flights,
    some_labels,
    training,
)

DAY = "2013-01-13"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model that has lived through twelve days."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    return watched


def trained(watched: WatchedModel, **changes: object) -> VersionId:
    """Train a version; the first one serves, the next one predicts in shadow."""
    watched.apply(a_config(training=training(**changes)))
    done = retrain("flights", "watchkeeper", "cadence", watched.ports)
    assert done.version is not None
    return done.version


def promoted(watched: WatchedModel, version: VersionId) -> None:
    seen = watched.serving().champion
    passes_its_gate(version, watched.ports)
    promote("flights", version, seen_champion=seen, by=ADA, ports=watched.ports)


def log_of(watched: WatchedModel, scored: Scored | None, place: int = 0) -> pd.DataFrame:
    assert scored is not None
    body = watched.ports.objects.get(scored.logs[place].key)
    log: pd.DataFrame = parquet.read_table(BytesIO(body)).to_pandas()
    return log


def damaged(watched: WatchedModel, version: VersionId) -> None:
    """Flip bytes of a stored model."""
    watched.ports.objects.put(watched.version(version).artefact.key, b"other bytes")


def test_without_a_champion_there_is_nothing_to_do_and_it_says_so(watched: WatchedModel) -> None:
    scoring = watched.lands_and_is_scored(DAY)

    assert (scoring.decision, scoring.scored) == ("no champion", None)
    assert watched.alerts() == []


def test_the_champion_scores_each_row_once_into_the_log(watched: WatchedModel) -> None:
    champion = trained(watched)

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.decision == "scored"
    log = log_of(watched, scoring.scored)
    assert log["prediction_id"].tolist() == some_flights(DAY)["flight_id"].tolist()
    assert set(log["version"]) == {champion}
    assert set(log["stage"]) == {"champion"}
    assert set(log["partition"]) == {DAY}
    assert (log["scored_at"] == pd.Timestamp(watched.now)).all()
    assert log["score"].between(0, 1).all()


def test_the_record_says_by_whom_how_many_and_where(watched: WatchedModel) -> None:
    champion = trained(watched)
    watched.lands_and_is_scored(DAY)

    [scored] = watched.ports.records.query(Scored, "scored:flights")

    assert scored.partition == DAY
    assert scored.scored_at == watched.now
    [logged] = scored.logs
    assert (logged.version, logged.stage, logged.rows) == (champion, "champion", ROWS)
    assert logged.key == f"predictions/flights/dt={DAY}/{champion}.champion.parquet"
    assert logged.mean_score == pytest.approx(log_of(watched, scored)["score"].mean())


def test_the_challenger_predicts_in_shadow_beside_it(watched: WatchedModel) -> None:
    champion = trained(watched)
    challenger = trained(watched, estimator="DummyClassifier")

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.scored is not None
    assert [(log.version, log.stage) for log in scoring.scored.logs] == [
        (champion, "champion"),
        (challenger, "shadow"),
    ]
    assert log_of(watched, scoring.scored, 1)["score"].std() == 0
    assert scoring.scored.served.version == champion


def test_the_champion_of_before_predicts_in_shadow_too_and_neither_is_served(
    watched: WatchedModel,
) -> None:
    guard = trained(watched)
    champion = trained(watched, estimator="DecisionTreeClassifier")
    promoted(watched, champion)
    challenger = trained(watched, estimator="DummyClassifier")
    guarded = watched.serving().model_copy(update={"guard": guard})
    assert watched.ports.records.commit(changed(guarded))

    scored = watched.lands_and_is_scored(DAY).scored

    assert scored is not None
    assert [(log.version, log.stage) for log in scored.logs] == [
        (champion, "champion"),
        (challenger, "shadow"),
        (guard, "shadow"),
    ]
    assert [log_of(watched, scored, place)["served"].count() for place in range(3)] == [ROWS, 0, 0]


def test_the_same_partition_again_writes_nothing_again(watched: WatchedModel) -> None:
    trained(watched)
    first = watched.lands_and_is_scored(DAY)
    before = log_of(watched, first.scored)
    watched.it_is("2013-01-20")

    again = watched.lands_and_is_scored(DAY, some_flights(DAY).assign(distance=5.0))

    assert (again.decision, again.scored) == ("scored before", stored(watched))
    pd.testing.assert_frame_equal(log_of(watched, again.scored), before)


def stored(watched: WatchedModel) -> Scored | None:
    return watched.ports.records.get(Scored, Scored.id_of("flights", DAY))


@pytest.mark.parametrize("lost", [Scored, Cohort])
def test_a_run_that_stopped_is_finished_by_the_next_and_what_was_served_stands(
    watched: WatchedModel, lost: type[Scored | Cohort]
) -> None:
    champion = trained(watched)
    challenger = trained(watched, estimator="DummyClassifier")
    watched.lands(DAY)
    watched.labels_land(DAY)
    with pytest.raises(Unavailable):
        score("flights", DAY, watched.while_none_is_stored(lost))
    promoted(watched, challenger)

    scoring = score("flights", DAY, watched.ports)

    assert scoring.scored is not None
    assert scoring.scored.served.version == champion
    assert [log.stage for log in scoring.scored.logs] == ["champion"]
    assert watched.ports.records.get(Cohort, Cohort.id_of("flights", DAY)) is not None


def test_after_a_promotion_the_next_partition_comes_from_the_new_champion_and_back(
    watched: WatchedModel,
) -> None:
    first = trained(watched)
    second = trained(watched, estimator="DecisionTreeClassifier")

    promoted(watched, second)
    assert set(log_of(watched, watched.lands_and_is_scored(DAY).scored)["version"]) == {second}

    rollback("flights", seen_champion=second, by=ADA, ports=watched.ports)
    next_day = watched.lands_and_is_scored("2013-01-14")
    assert set(log_of(watched, next_day.scored)["version"]) == {first}


def test_a_version_is_scored_on_the_columns_it_learned_whatever_the_config_says_now(
    watched: WatchedModel,
) -> None:
    trained(watched)
    watched.apply(a_config(columns={"distance": {"type": "number"}}))

    assert watched.lands_and_is_scored(DAY).decision == "scored"


def test_scoring_goes_the_same_way_as_validation(watched: WatchedModel) -> None:
    trained(watched, estimator="HistGradientBoostingClassifier")

    one = log_of(watched, watched.lands_and_is_scored(DAY).scored)
    shuffled = some_flights("2013-01-14")
    shuffled[["distance", "carrier"]] = some_flights(DAY)[["distance", "carrier"]]
    shuffled = shuffled.sample(frac=1, random_state=1).astype({"carrier": "category"})
    other = log_of(watched, watched.lands_and_is_scored("2013-01-14", shuffled).scored)

    by_number = other.set_index(other["prediction_id"].str[-3:])["score"].sort_index()
    np.testing.assert_array_equal(by_number.to_numpy(), one["score"].to_numpy())


def test_a_changed_artefact_is_not_served_and_the_version_before_it_is(
    watched: WatchedModel,
) -> None:
    first = trained(watched)
    second = trained(watched, estimator="DecisionTreeClassifier")
    promoted(watched, second)
    damaged(watched, second)

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
    damaged(watched, version)
    watched.is_of_old(version)

    assert watched.lands_and_is_scored(DAY).decision == "no healthy version"
    assert score("flights", DAY, watched.ports).decision == "no healthy version"
    [alert] = watched.alerts()
    assert alert.evidence.next_step.startswith("Nothing is served. Restore the object")
    assert stored(watched) is None

    watched.ports.objects.put(artefact.key, body)
    assert score("flights", DAY, watched.ports).decision == "scored"


def test_a_broken_challenger_harms_nothing_that_is_served(watched: WatchedModel) -> None:
    champion = trained(watched)
    damaged(watched, trained(watched, estimator="DummyClassifier"))

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.decision == "scored"
    assert scoring.scored is not None
    assert [log.version for log in scoring.scored.logs] == [champion]
    [alert] = watched.alerts()
    assert (alert.rule, alert.evidence.severity) == ("shadow", "warn")


def test_a_challenger_that_breaks_the_function_is_tried_again_after_the_champion_has_served(
    watched: WatchedModel,
) -> None:
    champion = trained(watched)
    challenger = trained(watched, estimator="DummyClassifier")
    artefact = watched.version(challenger).artefact
    watched.lands(DAY)
    score("flights", DAY, watched.ports)
    with pytest.raises(Unavailable):
        predict_in_shadow("flights", DAY, watched.while_cannot_be_read(artefact.key))

    before = stored(watched)
    after = predict_in_shadow("flights", DAY, watched.ports)

    assert before is not None
    assert [log.version for log in before.logs] == [champion]
    assert after is not None
    assert [log.version for log in after.logs] == [champion, challenger]


def test_a_challenger_never_predicts_other_rows_than_those_that_were_served(
    watched: WatchedModel,
) -> None:
    champion = trained(watched)
    watched.lands_and_is_scored(DAY)
    trained(watched, estimator="DummyClassifier")

    scoring = watched.lands_and_is_scored(DAY, some_flights(DAY).assign(distance=5.0))

    assert scoring.scored is not None
    assert [log.version for log in scoring.scored.logs] == [champion]


def test_a_row_that_landed_twice_is_scored_once_and_counted(watched: WatchedModel) -> None:
    trained(watched)
    twice = pd.concat([some_flights(DAY), some_flights(DAY).head(3)])

    scoring = watched.lands_and_is_scored(DAY, twice)

    assert scoring.scored is not None
    assert scoring.scored.served.rows == ROWS
    assert scoring.scored.duplicates == 3


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


def test_of_two_runs_at_once_one_is_recorded(watched: WatchedModel) -> None:
    trained(watched)
    watched.lands(DAY)

    def meanwhile() -> None:
        score("flights", DAY, watched.ports)

    scoring = score("flights", DAY, watched.while_overtaken_by(meanwhile))

    assert scoring.scored == stored(watched)


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


def test_a_landed_object_is_scored_for_every_model_that_reads_it(watched: WatchedModel) -> None:
    trained(watched)
    watched.apply(a_config(model="twin"))
    retrain("twin", "watchkeeper", "cadence", watched.ports)
    key = watched.lands(DAY)

    answer = watched.call("score", object_created(key))

    assert [found["decision"] for found in answer["results"]] == ["scored", "scored"]
    assert {found["scored"]["model"] for found in answer["results"]} == {"flights", "twin"}


@pytest.mark.parametrize(
    "key", ["strangers/features/dt=2013-01-13/part-0.parquet", "flights/features/readme.txt"]
)
def test_an_object_that_no_model_reads_concerns_nobody(watched: WatchedModel, key: str) -> None:
    assert watched.call("score", object_created(key)) == {"results": []}


def test_a_partition_can_be_named_directly(watched: WatchedModel) -> None:
    trained(watched)
    watched.lands(DAY)

    answer = watched.call("score", {"model": "flights", "partition": DAY})

    assert answer["results"][0]["scored"]["partition"] == DAY


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
    damaged(watched, champion)

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


@pytest.mark.parametrize("kind", [pa.dictionary(pa.int32(), pa.string()), pa.string_view()])
def test_rows_are_named_by_keys_that_are_stored_as_codes_or_views(
    watched: WatchedModel, kind: pa.DataType
) -> None:
    trained(watched)
    table = pa.Table.from_pandas(some_flights(DAY), preserve_index=False)
    keys = table.column("flight_id").cast(kind)
    table = pa.concat_tables([table, table.slice(0, 3)]).set_column(
        0, "flight_id", pa.chunked_array([*keys.chunks, *keys.slice(0, 3).chunks])
    )
    sink = BytesIO()
    parquet.write_table(table, sink)
    watched.puts("flights/features", DAY, sink.getvalue())

    scoring = score("flights", DAY, watched.ports)

    assert scoring.scored is not None
    assert (scoring.scored.served.rows, scoring.scored.duplicates) == (ROWS, 3)
