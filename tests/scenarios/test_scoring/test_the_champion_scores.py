"""The champion scores each row of a partition once, and the pointer says who that is."""

from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from core.domain.cohort import Cohort
from core.domain.errors import Unavailable
from core.domain.scored import Scored
from core.flows.rollback import rollback
from functions.flows.retrain import retrain
from functions.flows.score import score
from tests.builders import ADA, a_config
from tests.scenarios.test_scoring.scored import DAY, log_of, stored
from tests.trained import promoted, trained
from tests.watched_model import ROWS, WatchedModel, object_created, some_flights


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


def test_the_same_partition_again_writes_nothing_again(watched: WatchedModel) -> None:
    trained(watched)
    first = watched.lands_and_is_scored(DAY)
    before = log_of(watched, first.scored)
    watched.it_is("2013-01-20")

    again = watched.lands_and_is_scored(DAY, some_flights(DAY).assign(distance=5.0))

    assert (again.decision, again.scored) == ("scored before", stored(watched))
    pd.testing.assert_frame_equal(log_of(watched, again.scored), before)


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


def test_a_row_that_landed_twice_is_scored_once_and_counted(watched: WatchedModel) -> None:
    trained(watched)
    twice = pd.concat([some_flights(DAY), some_flights(DAY).head(3)])

    scoring = watched.lands_and_is_scored(DAY, twice)

    assert scoring.scored is not None
    assert scoring.scored.served.rows == ROWS
    assert scoring.scored.duplicates == 3


def test_of_two_runs_at_once_one_is_recorded(watched: WatchedModel) -> None:
    trained(watched)
    watched.lands(DAY)

    def meanwhile() -> None:
        score("flights", DAY, watched.ports)

    scoring = score("flights", DAY, watched.while_overtaken_by(meanwhile))

    assert scoring.scored == stored(watched)


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
