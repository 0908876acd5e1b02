"""One box with a champion for the flights' columns, and days of made-up rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet
from sklearn.pipeline import Pipeline

from core.config import Settings
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before, partition_prefix
from core.domain.person import Person
from core.domain.serving import Serving
from core.domain.version import Version
from core.flows.apply_config import apply_config
from core.ports import Ports
from core.wiring import connect
from functions.data.artefacts import load
from functions.flows.retrain import retrain
from functions.ml.training.pipeline import predict
from infra.local.config_file import read_config

_CONFIG: Final = Path(__file__).parents[2] / "models/flights.yaml"
_FIRST: Final = "2013-01-01"
_LEARNED_DAYS: Final = 10
_LEARNED_ROWS: Final = 2000  # of a day
_NOW: Final = datetime(2013, 2, 1, 12, tzinfo=UTC)
_WORDS: Final = {"carrier": 16, "origin": 3, "destination": 105}


@dataclass(frozen=True)
class World:
    """What is measured, and what it is measured with."""

    ports: Ports
    config: ModelConfig
    pipeline: Pipeline
    folder: Path

    @classmethod
    @contextmanager
    def made(cls) -> Iterator[Self]:
        """Train a champion on ten days of made-up flights."""
        with TemporaryDirectory() as folder:
            settings = Settings.read({"WATCHKEEPER_FOLDER": folder})
            ports = connect(settings, clock=lambda: _NOW)
            config = _config()
            apply_config(config, Person.command_line(), ports)
            world = cls(ports, config, Pipeline([]), Path(folder) / "objects")
            for ahead in range(_LEARNED_DAYS):
                world.lands(days_before(_FIRST, -ahead), _LEARNED_ROWS, labels=True)
            retrain(config.model, "watchkeeper", "bench", ports)
            yield cls(ports, config, world.champion(), world.folder)

    def lands(self, day: str, rows: int, *, labels: bool = False) -> Path:
        """Let a day land; returns the file of its features."""
        flights = some_rows(day, rows)
        file = self._put(self.config.data.features, day, flights)
        if labels:
            chance = np.random.default_rng(rows).uniform(0, 1, rows)
            late = (flights["distance"] / 3000 > chance).astype("int8")
            truths = pd.DataFrame({"flight_id": flights["flight_id"], "late": late})
            self._put(self.config.data.labels, day, truths)
        return file

    def champion(self) -> Pipeline:
        """Load the pipeline that serves, as somebody would who had nothing but scikit-learn."""
        serving = self.ports.records.get(Serving, self.config.model)
        champion = serving.champion if serving else None
        version = self.ports.records.get(Version, champion or VersionId(""))
        if version is None:
            raise ValueError("nothing was trained")
        ports = self.ports
        return load(self.config.model, version, predict, ports.objects, ports.signer)

    def _put(self, prefix: str, day: str, frame: pd.DataFrame) -> Path:
        file = self.folder / f"{partition_prefix(prefix, day)}part-0.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        sink = BytesIO()
        parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink)
        file.write_bytes(sink.getvalue())
        return file


def some_rows(day: str, rows: int) -> pd.DataFrame:
    """Make flights with the columns of the config: 14 numbers and 3 categories."""
    rng = np.random.default_rng(int(day.replace("-", "")))
    columns: dict[str, object] = {"flight_id": [f"{day}-{number:08}" for number in range(rows)]}
    for name, column in _config().columns.items():
        if column.type == "category":
            words = np.array([f"{name[:3]}{number}" for number in range(_WORDS[name])])
            columns[name] = rng.choice(words, rows)
        else:
            columns[name] = rng.uniform(0, 3000, rows).round(2)
    return pd.DataFrame(columns)


def _config() -> ModelConfig:
    config = read_config(_CONFIG)
    changes = {"window_days": _LEARNED_DAYS, "validation_days": 2, "every_days": None}
    return config.model_copy(update={"training": config.training.model_copy(update=changes)})
