"""A model whose partitions are checked: the words that stories about checking share."""

from typing import Any

import numpy as np
import pandas as pd

from core.domain.partition import days_before
from core.domain.partition_check import PartitionCheck, PredictionsCheck
from core.domain.watch import Watch
from functions.flows.checking.history import reference_in_use
from functions.flows.checking.learn_reference import learn_reference
from functions.ml.checking.reference import Reference
from tests.watched_model import FIRST_DAY, WatchedModel, object_created, parquet_of, some_flights

LEARNED = tuple(days_before(FIRST_DAY, -ahead) for ahead in range(14))
DAY = days_before(FIRST_DAY, -len(LEARNED))
ROWS = 200


def flights(day: str, rows: int = ROWS) -> pd.DataFrame:
    """Make a day of flights that is large enough to be judged."""
    return some_flights(day, rows)


def moved(day: str) -> pd.DataFrame:
    """Make one on which both columns move: farther, and with other carriers."""
    rng = np.random.default_rng(1)
    rows = flights(day)
    carriers = rng.choice(["UA", "B6", "AA"], len(rows), p=[0.7, 0.2, 0.1])
    return rows.assign(distance=rows["distance"] * 1.5, carrier=carriers)


def learn(watched: WatchedModel, *more: str) -> str:
    """Let the first days land and be learned, together with `more`; returns the reference's key."""
    for day in LEARNED:
        watched.lands(day, flights(day))
    return learn_reference(watched.config, [*LEARNED, *more], watched.ports)


def reference_at(key: str, watched: WatchedModel) -> Reference:
    """Read a reference."""
    in_use = reference_in_use(key, watched.ports)
    assert in_use is not None
    return in_use.reference


def checked(watched: WatchedModel, data: pd.DataFrame | bytes, day: str = DAY) -> dict[str, Any]:
    """Let a partition land, and tell the function of it as EventBridge does."""
    body = data if isinstance(data, bytes) else parquet_of(data)
    return told(watched, watched.puts("flights/features", day, body))


def told(watched: WatchedModel, key: str) -> dict[str, Any]:
    """Tell the function that an object was created; returns what it says of the one model."""
    [result] = watched.call("check_partition", object_created(key))["results"]
    return dict(result)


def check_of(watched: WatchedModel, day: str = DAY) -> PartitionCheck:
    """Read the check of a partition."""
    check = watched.ports.records.get(PartitionCheck, PartitionCheck.id_of("flights", day))
    assert check is not None
    return check


def predictions_check_of(watched: WatchedModel, day: str = DAY) -> PredictionsCheck:
    """Read the check of what was predicted of a partition."""
    check = watched.ports.records.get(PredictionsCheck, PredictionsCheck.id_of("flights", day))
    assert check is not None
    return check


def summary_of(watched: WatchedModel, day: str = DAY) -> bytes:
    """Read the bytes of the one summary of a partition."""
    stored = watched.ports.objects.list("summaries/flights/")
    [key] = [found.key for found in stored if f"/dt={day}/" in found.key]
    return watched.ports.objects.get(key)


def watch_of(watched: WatchedModel) -> Watch:
    """Read what the model is checked against."""
    watch = watched.ports.records.get(Watch, "flights")
    assert watch is not None
    return watch
