"""Days to learn from, clean unless a test spoils them, and what their review finds."""

from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from pyarrow import parquet
from sklearn.pipeline import Pipeline

from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from core.domain.review import Probe, ReviewFinding
from core.domain.version import UsedPartition
from functions.data.training_set import LabelledPartition, LabelledRows, TrainingSet
from functions.flows.training.review_training import review_training
from functions.ml.columns import select_all
from functions.ml.training.pipeline import learn
from tests.builders import a_config
from tests.watched_model import FIRST_DAY, WatchedModel, parquet_of, training

DAYS, ROWS, KEPT_BACK = 20, 120, 6
CLEAN_FROM = "2013-03-01"
Day = tuple[pd.DataFrame, "pd.Series[int]"]


def a_day(number: int, rows: int = ROWS) -> Day:
    """Flights of one day, late by wind, rain and traffic, none of which says it all."""
    rng = np.random.default_rng(number)
    day = pd.Timestamp(days_before(FIRST_DAY, -number), tz="UTC")
    causes = {name: rng.normal(size=rows) for name in ("wind", "rain", "traffic")}
    frame = pd.DataFrame(
        {
            "flight_id": [f"{day:%m-%d}-{row:03}" for row in range(rows)],
            "scheduled_departure": day + pd.to_timedelta(rng.integers(0, 1440, rows), unit="min"),
            **causes,
        }
    )
    late = 3 * sum(causes.values()) + rng.normal(scale=2, size=rows) > 3
    return frame, pd.Series(late.astype(int))


def some_days(rows: int = ROWS) -> list[Day]:
    return [a_day(number, rows) for number in range(DAYS)]


def config_for(frame: pd.DataFrame, **changes: Any) -> ModelConfig:
    """The config of a model that reads all columns but the key and the time."""
    numbers = set(frame.select_dtypes("number"))
    read = [name for name in frame if name not in {"flight_id", "scheduled_departure"}]
    columns = {name: {"type": "number" if name in numbers else "category"} for name in read}
    stated = {"training": training(window_days=DAYS, validation_days=KEPT_BACK), "columns": columns}
    return a_config(**stated | changes)


def training_set(days: list[Day], first: str = FIRST_DAY) -> TrainingSet:
    partitions = []
    for number, (frame, labels) in enumerate(days):
        used = UsedPartition(
            partition=days_before(first, -number),
            features_hash="f",
            labels_hash="l",
            rows=len(frame),
        )
        table = parquet.read_table(BytesIO(parquet_of(frame)))
        partitions.append(LabelledPartition(used, table, np.asarray(labels, dtype=np.int8)))
    cut = len(partitions) - KEPT_BACK
    return TrainingSet(LabelledRows(tuple(partitions[:cut])), LabelledRows(tuple(partitions[cut:])))


def trained(config: ModelConfig, rows: TrainingSet) -> Pipeline:
    features = select_all(rows.learning.features, config.columns)
    return learn(config.training, config.columns, features, rows.learning.labels, config.target)


def reviewed(
    days: list[Day], watched: WatchedModel, first: str = FIRST_DAY
) -> tuple[ReviewFinding, ...]:
    config, rows = config_for(days[-1][0]), training_set(days, first)
    return review_training(config, rows, trained(config, rows), watched.ports)


def only(found: tuple[ReviewFinding, ...], name: Probe) -> ReviewFinding:
    [finding] = found
    assert finding.name is name
    return finding
