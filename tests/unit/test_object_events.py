import pytest

from core.domain.model_config import ModelConfig
from core.ports import ObjectInfo
from infra.local.object_events import functions_started_by, jobs_started_by, watched_prefixes
from tests.builders import NOON, a_config, served_elsewhere
from tests.weather_table import weather_config


def another_config(**changes: object) -> ModelConfig:
    data = {"features": "delays/features", "labels": "flights/labels"} | changes
    return a_config(model="delays", data={"key": "id", "event_time": "at"} | data)


@pytest.mark.parametrize(
    ("key", "functions"),
    [
        ("flights/features/dt=2013-02-08/part-0.parquet", ["check_partition", "score"]),
        ("flights/features/dt=2013-02-08/_SUCCESS", ["check_partition", "score"]),
        ("flights/features/dt=2013-02-08/manifest.json", ["check_partition", "score"]),
        ("flights/labels/dt=2013-02-08/part-0.parquet", ["join_labels"]),
        ("flights/features/dt=2013-02-08/part-0.csv.gz", ["check_partition", "score"]),
        ("flights/labels/dt=2013-02-08/part-0.jsonl", ["join_labels"]),
        ("flights/features/dt=someday/part-0.parquet", ["check_partition"]),
        ("flights/features/dt=2013-02-08T05/part-0.parquet", ["check_partition"]),
        ("flights/labels/year=2013/month=02/day=08/part-0.csv", ["check_partition"]),
        ("flights/features/part-0.parquet", ["check_partition"]),
        ("flights/features/notes/part-0.parquet", []),
        ("flights/features/dt=2013-02-08/_temporary/0/part-0.parquet", []),
        ("flights/features/more/dt=2013-02-08/part-0.parquet", []),
        ("predictions/flights/dt=2013-02-08/part-0.parquet", []),
        ("weather/observed/dt=2013-02-08/part-0.parquet", []),
    ],
)
def test_what_lands_decides_what_starts(key: str, functions: list[str]) -> None:
    assert functions_started_by(key, [weather_config()]) == functions


def test_nobody_watches_where_a_table_lands_that_is_only_joined() -> None:
    assert watched_prefixes([weather_config()]) == ["flights/features", "flights/labels"]


def test_what_another_system_predicts_is_taken_when_its_predictions_land() -> None:
    elsewhere = [served_elsewhere()]

    with_features = functions_started_by("flights/features/dt=2013-02-08/a.parquet", elsewhere)
    with_predictions = functions_started_by("others/scores/dt=2013-02-08/a.parquet", elsewhere)

    assert (with_features, with_predictions) == (["check_partition"], ["score"])


def test_data_that_two_models_read_starts_each_function_once() -> None:
    configs = [a_config(), another_config()]

    assert functions_started_by("flights/labels/dt=2013-02-08/a", configs) == ["join_labels"]
    assert watched_prefixes(configs) == ["delays/features", "flights/features", "flights/labels"]


def test_the_same_bytes_start_the_same_jobs_and_others_start_others() -> None:
    def ids(etag: str) -> list[str]:
        found = ObjectInfo("flights/features/dt=2013-02-08/a", 1, etag, modified_at=NOON)
        return [job.id for job in jobs_started_by(found, [a_config()])]

    assert ids("e1") == ids("e1")
    assert len({*ids("e1"), *ids("e2")}) == 4
