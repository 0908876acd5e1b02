"""What the bench trains on: a month of flights, and a million rows of thirty columns."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from infra.local.config_file import read_config
from infra.local.flights_folder import write_flights

_CONFIG: Final = Path(__file__).parents[2] / "models/flights.yaml"
_DAYS: Final = 28
_FIRST: Final = "2013-01-01"
_ROWS: Final = 1_000_000
_NUMBERS, _CATEGORIES = 24, 6
_WORDS: Final = 40  # of one category
_NULL_SHARE: Final = 0.02
_OTHERS: Final[dict[str, Any]] = {
    "owner": "U0ADA",
    "channel": "C0MLALERTS",
}


@dataclass(frozen=True)
class Workload:
    """One folder of partitions, and how a version is made of it."""

    name: str
    folder: Path
    config: ModelConfig

    @property
    def now(self) -> datetime:
        """A moment at which all its labels are known."""
        last = datetime.fromisoformat(days_before(_FIRST, -_DAYS)).replace(tzinfo=UTC)
        return last + timedelta(days=10)


def flights(cache: Path) -> Workload:
    """The flights of 28 days, with the config of the demo."""
    folder = cache / "flights"
    if not (folder / "written").exists():
        write_flights(folder / "objects", _FIRST, days_before(_FIRST, 1 - _DAYS))
        (folder / "written").touch()
    return Workload("the flights of 28 days", folder, read_config(_CONFIG))


def million(cache: Path) -> Workload:
    """A million rows: 24 numbers and 6 categories, two in a hundred of their values missing."""
    folder = cache / "million"
    if not (folder / "written").exists():
        rng = np.random.default_rng(1)
        for ahead in range(_DAYS):
            _write_day(folder / "objects", days_before(_FIRST, -ahead), rng)
        (folder / "written").touch()
    return Workload("1 M rows of 30 columns", folder, _million_config())


def _write_day(folder: Path, day: str, rng: np.random.Generator) -> None:
    rows = _ROWS // _DAYS
    keys = pa.array([f"{day}-{row:06d}" for row in range(rows)])
    numbers = rng.normal(size=(_NUMBERS, rows))
    words = rng.integers(0, _WORDS, size=(_CATEGORIES, rows))
    odds = numbers[0] + 0.5 * numbers[1] * numbers[2] + (words[0] % 3) - 1
    columns = {"row": keys, "at": pa.array([f"{day}T12:00:00"] * rows)}
    for i, values in enumerate(numbers):
        columns[f"n{i:02d}"] = pa.array(values, mask=rng.uniform(size=rows) < _NULL_SHARE)
    named = np.array([f"word {i:02d}" for i in range(_WORDS)])
    for i, places in enumerate(words):
        mask = rng.uniform(size=rows) < _NULL_SHARE
        columns[f"c{i}"] = pa.array(named[places], mask=mask)
    late = (odds + rng.logistic(size=rows) > 0).astype(np.int8)
    _write(folder / f"million/features/dt={day}/part-0.parquet", pa.table(columns))
    _write(folder / f"million/labels/dt={day}/part-0.parquet", pa.table({"row": keys, "y": late}))


def _write(file: Path, table: pa.Table) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, file)


def _million_config() -> ModelConfig:
    numbers = {f"n{i:02d}": {"type": "number"} for i in range(_NUMBERS)}
    categories = {f"c{i}": {"type": "category"} for i in range(_CATEGORIES)}
    return ModelConfig.model_validate(
        {
            "model": "million",
            "about": "What a bench learns.",
            "data": {
                "features": "million/features",
                "labels": "million/labels",
                "key": "row",
                "event_time": "at",
            },
            "target": {"column": "y", "delay_days": 1},
            "columns": {**numbers, **categories},
            "training": {
                "estimator": "HistGradientBoostingClassifier",
                "window_days": _DAYS,
                "validation_days": 7,
            },
            **_OTHERS,
        }
    )


WORKLOADS: Final = {"flights": flights, "million": million}
