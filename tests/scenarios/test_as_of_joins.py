"""Rows get the newest row of another table that was known before their event, on every path."""

from pathlib import Path

import pandas as pd
import pytest

from core.domain.evaluation import Evaluation
from core.domain.parity import Parity
from core.domain.scored import Scored
from core.wiring import use
from functions.data.feature_rows import landed_features
from functions.data.training_set import collect
from functions.flows.retrain import Retrained, retrain
from functions.flows.score import score
from infra.local.backtesting import NoTable, tell_backtest
from tests.disturbed_stores import CountingObjects
from tests.terminal import printed
from tests.watched_model import (
    ROWS,
    WatchedModel,
    object_created,
    parquet_of,
    some_labels,
    training,
)
from tests.weather_table import (
    PREFIX,
    days,
    some_weather,
    through_the_day,
    weather_config,
    weather_lands,
    with_weather,
)

DAY = "2013-01-13"


def trained(watched: WatchedModel) -> Retrained:
    return retrain("flights", "watchkeeper", "cadence", watched.ports)


def test_a_model_with_a_table_of_its_own_trains_scores_and_replays_in_parity(
    tmp_path: Path,
) -> None:
    watched = with_weather(tmp_path)
    first = trained(watched)
    watched.apply(weather_config(training=training(estimator="HistGradientBoostingClassifier")))
    trained(watched)
    weather_lands(watched, [DAY])

    scoring = watched.lands_and_is_scored(DAY, through_the_day(DAY))

    assert first.decision == "trained"
    assert scoring.decision == "scored"
    parity = watched.ports.records.get(Parity, Parity.id_of("flights", watched.challenger()))
    assert parity is not None
    assert (parity.rows, parity.differing, parity.columns) == (ROWS, 0, ())
    assert watched.alerts() == []


def test_each_row_gets_what_was_known_before_its_event_across_midnight_too(tmp_path: Path) -> None:
    watched = with_weather(tmp_path)

    rows = landed_features(watched.config, "2013-01-05", watched.ports.objects)

    assert rows is not None
    weather = pd.concat([some_weather("2013-01-04"), some_weather("2013-01-05")])
    got = rows.table.select(["carrier", "scheduled_departure", "temp"]).to_pylist()
    assert len(got) == ROWS
    for row in got:
        known = weather[
            (weather["carrier"] == row["carrier"])
            & (weather["read_at"] < row["scheduled_departure"])
        ]
        assert row["temp"] == known.sort_values("read_at")["temp"].iloc[-1]


def test_a_version_names_the_table_and_another_table_makes_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched = with_weather(tmp_path)
    first = watched.version(trained(watched).version)
    again = trained(watched)
    weather_lands(
        watched, ["2013-01-04"], lambda day: some_weather(day).assign(temp=lambda of: of.temp + 5)
    )

    second = watched.version(trained(watched).version)

    assert again.decision == "already trained"
    assert second.id != first.id
    assert {used.table for used in first.manifest.tables} == {"weather"}
    assert len(first.manifest.tables) == 8
    use(watched.ports)
    said = printed(monkeypatch, capsys, "diff", first.id, second.id)
    assert "data only" in said
    assert "1 day corrected, other rows of `weather`" in said


def ranking_of(watched: WatchedModel, done: Retrained) -> float:
    """How well a version tells late flights from others, 0.5 to 1."""
    [evaluation] = watched.ports.records.query(Evaluation, f"evaluations:{done.version}")
    [auc] = [metric.version.middle for metric in evaluation.metrics if metric.title == "ROC AUC"]
    return auc


@pytest.mark.parametrize(("ahead_us", "least", "most"), [(0, 0.0, 0.9), (1, 0.99, 1.0)])
def test_a_table_that_knows_the_label_helps_only_if_it_was_known_before_the_event(
    tmp_path: Path, ahead_us: int, least: float, most: float
) -> None:
    watched = with_weather(tmp_path, weather_config({"by": ["flight_id"]}))

    def foreseen(day: str) -> pd.DataFrame:
        flights = through_the_day(day)
        known_at = flights["scheduled_departure"] - pd.Timedelta(microseconds=ahead_us)
        late = flights["flight_id"].map(some_labels(day)).astype("float64")
        return pd.DataFrame({"flight_id": flights["flight_id"], "read_at": known_at, "temp": late})

    weather_lands(watched, days(12), foreseen)

    done = trained(watched)

    assert done.decision == "trained"
    assert least <= ranking_of(watched, done) <= most


def test_an_object_of_a_table_starts_nothing(tmp_path: Path) -> None:
    watched = with_weather(tmp_path)
    key = watched.puts(PREFIX, DAY, parquet_of(some_weather(DAY)))

    for function in ("check_partition", "score", "join_labels"):
        assert watched.call(function, object_created(key))["results"] == []


def test_rows_known_after_a_scoring_do_not_pass_for_those_that_were_scored(tmp_path: Path) -> None:
    watched = with_weather(tmp_path)
    trained(watched)
    weather_lands(watched, [DAY], lambda day: some_weather(day, range(6)))
    watched.lands_and_is_scored(DAY, through_the_day(DAY))
    before = watched.ports.records.get(Scored, Scored.id_of("flights", DAY))
    weather_lands(watched, [DAY])

    again = watched.lands_and_is_scored(DAY, through_the_day(DAY))

    rows = landed_features(watched.config, DAY, watched.ports.objects)
    assert before is not None
    assert rows is not None
    assert again.decision == "scored before"
    assert before.joined != rows.joined_hash
    assert before.features_hash == rows.content_hash
    assert watched.alerts() == []


def test_a_wrong_table_is_told_by_a_training_and_by_a_scoring(tmp_path: Path) -> None:
    watched = with_weather(tmp_path)
    trained(watched)
    watched.apply(weather_config({"prefix": "weather/nowhere"}))

    training_done = trained(watched)
    scoring = watched.lands_and_is_scored(DAY, through_the_day(DAY))

    assert training_done.decision == scoring.decision == "bad data"
    told = {alert.rule: alert.evidence.summary for alert in watched.alerts()}
    assert set(told) == {"partition", "retrain"}
    for summary in told.values():
        assert summary == (
            "The column `temp` cannot be joined from `weather`: nothing lies under weather/nowhere."
        )


def reviewed_after_scoring(watched: WatchedModel, hours: int) -> list[str]:
    """Score days for which so many hours of weather are known, and learn when all of it is."""
    trained(watched)
    scored = days(12)[1:]
    weather_lands(watched, scored, lambda day: some_weather(day, range(hours)))
    for day in scored:
        score("flights", day, watched.ports)
    weather_lands(watched, scored)
    watched.apply(weather_config(training=training(seed=5)))
    return [
        finding.sentence
        for finding in watched.version(trained(watched).version).findings
        if finding.name == "known later"
    ]


def test_a_review_finds_what_became_known_after_the_scoring(tmp_path: Path) -> None:
    watched = with_weather(tmp_path)

    [sentence] = reviewed_after_scoring(watched, hours=6)

    assert sentence.startswith(
        "In 10 of 10 partitions that were scored, `temp` said something else then"
    )


def test_a_review_finds_nothing_where_all_was_known_at_the_scoring(tmp_path: Path) -> None:
    assert reviewed_after_scoring(with_weather(tmp_path), hours=24) == []


def test_a_backtest_finds_the_tables_beside_the_folder_or_says_where_it_looked(
    tmp_path: Path,
) -> None:
    config = weather_config(training=training(window_days=12))
    watched = with_weather(tmp_path, config, 14)
    folder, said = tmp_path / "objects/flights/features", list[str]()

    tell_backtest(config, folder, said.append, as_json=False)

    assert said == [
        "With this config you would have had 0 alerts in 2 partitions, 12 more to learn from."
    ]
    alone = tmp_path / "alone"
    folder.rename(alone)
    with pytest.raises(NoTable, match=f"looked for in {tmp_path}/weather/observed, and no"):
        tell_backtest(watched.config, alone, said.append, as_json=False)


def test_a_training_reads_each_partition_of_a_table_once(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, weather_config({"at_most_hours": 72}))
    watched.lived_through(12)
    for day in days(12):
        watched.puts(PREFIX, day, parquet_of(some_weather(day)), f"weather-{day}")
    objects = CountingObjects(tmp_path / "objects")

    rows = collect(watched.config, objects, now=watched.now, up_to=None)

    assert len(rows.used) == 10
    assert len(objects.read) == len(set(objects.read)) == 13
