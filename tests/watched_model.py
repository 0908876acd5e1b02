"""One model on one box: its partitions land, days pass, scheduled functions are called."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from core.config import Settings
from core.domain.alert import Alert
from core.domain.base import Record
from core.domain.cohort import Cohort
from core.domain.errors import Unavailable
from core.domain.ids import VersionId
from core.domain.job import Function
from core.domain.model_config import InForce, ModelConfig, StoredConfig
from core.domain.partition import days_before, partition_prefix
from core.domain.serving import Serving
from core.domain.version import Version
from core.ports import Ports, Write, changed, new
from core.wiring import connect, use
from functions.flows.predict_in_shadow import predict_in_shadow
from functions.flows.score import Scoring, score
from infra.local.front_door import CallContext
from tests.builders import a_config
from tests.disturbed_stores import Deadly, DisturbedRecords, OutOfReach, overtaken

FIRST_DAY = "2013-01-01"
ROWS = 40


class WatchedModel:
    """The flights of `a_config`, far fewer of them and with a rule that can be learned."""

    def __init__(self, folder: Path, config: ModelConfig | None = None) -> None:
        self.now = datetime(2013, 1, 1, tzinfo=UTC)
        settings = Settings.read({"WATCHKEEPER_FOLDER": str(folder)})
        self.ports: Ports = connect(settings, clock=lambda: self.now)
        self.folder = folder
        self.config = config or a_config()
        self.apply(self.config)

    def apply(self, config: ModelConfig) -> None:
        """Put a config in force."""
        self.config = config
        stored = StoredConfig(
            id=config.hash, config=config, applied_at=self.now, applied_by="U0ADA"
        )
        self.ports.records.commit(new(stored))  # refused where it was in force before
        before = self.ports.records.get(InForce, config.model)
        if before is None:
            self.ports.records.commit(new(InForce(id=config.model, config=config, since=self.now)))
        else:
            self.ports.records.commit(changed(before.applying(config, self.now)))

    def it_is(self, day: str) -> None:
        """Let time pass until noon of a day."""
        self.now = datetime.fromisoformat(f"{day}T12:00:00+00:00")

    def lands(self, day: str, frame: pd.DataFrame | None = None, part: str = "part-0") -> str:
        """Let features land; returns their key."""
        frame = some_flights(day) if frame is None else frame
        return self.puts(self.config.data.features, day, parquet_of(frame), part)

    def lands_and_is_scored(self, day: str, frame: pd.DataFrame | None = None) -> Scoring:
        """Let features land and be scored, and versions in shadow predict what was served."""
        self.lands(day, frame)
        return self.is_scored(day)

    def is_scored(self, day: str) -> Scoring:
        """Let what has landed be scored, and versions in shadow predict what was served."""
        scoring = score(self.config.model, day, self.ports)
        scored = predict_in_shadow(self.config.model, day, self.ports)
        return scoring.model_copy(update={"scored": scoring.scored and scored})

    def labels_land(
        self, day: str, labels: Mapping[str, int | None] | None = None, part: str = "part-0"
    ) -> str:
        """Let labels land, of all rows unless told; returns their key."""
        known = some_labels(day) if labels is None else labels
        column = pd.array(list(known.values()), dtype="Int8")
        frame = pd.DataFrame({"flight_id": list(known), "late": column})
        return self.puts(self.config.data.labels, day, parquet_of(frame), part)

    def puts(
        self, prefix: str, day: str, body: bytes, part: str = "part-0", ending: str = "parquet"
    ) -> str:
        """Copy bytes into the folder as an object of a partition; returns its key."""
        key = f"{partition_prefix(prefix, day)}{part}.{ending}"
        file = self.folder / "objects" / key
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.part")
        beside.write_bytes(body)  # not through the port, which waits for the disk each time
        beside.replace(file)
        return key

    def lived_through(self, days: int, first: str = FIRST_DAY) -> None:
        """Let so many days and all their labels land; it is noon, two days after the last one."""
        for ahead in range(days):
            day = days_before(first, -ahead)
            self.lands(day)
            self.labels_land(day)
        self.it_is(days_before(first, -days - 1))

    def version(self, version_id: VersionId | None) -> Version:
        """Read a version."""
        found = self.ports.records.get(Version, version_id or "")
        assert found is not None
        return found

    def is_of_old(self, version_id: VersionId) -> None:
        """Let a version be one of those that were trained without a simple model."""
        of_old = self.version(version_id).model_copy(update={"simple": None})
        assert self.ports.records.commit(changed(of_old))

    def serving(self) -> Serving:
        """Read what serves."""
        found = self.ports.records.get(Serving, self.config.model)
        assert found is not None
        return found

    def champion(self) -> VersionId:
        """Name the version that serves."""
        champion = self.serving().champion
        assert champion is not None
        return champion

    def challenger(self) -> VersionId:
        """Name the version in shadow."""
        challenger = self.serving().challenger
        assert challenger is not None
        return challenger

    def cohort(self, day: str) -> Cohort:
        """Read how the predictions of a day turned out."""
        found = self.ports.records.get(Cohort, Cohort.id_of(self.config.model, day))
        assert found is not None
        return found

    def call(self, function: Function, event: dict[str, Any]) -> dict[str, Any]:
        """Call a function with an event, as Lambda does."""
        use(self.ports)
        try:
            handler = import_module(f"functions.handlers.{function}").handler
            answer: dict[str, Any] = handler(event, CallContext(function))
        finally:
            use(None)
        return answer

    def while_none_is_stored(self, kind: type[Record]) -> Ports:
        """Lend ports to a run that stops when it would store a record of this kind."""

        def stop(writes: tuple[Write, ...]) -> None:
            if any(isinstance(write.record, kind) for write in writes):
                raise Unavailable("The store went away.")

        return replace(self.ports, records=DisturbedRecords(self.ports.records, stop))

    def while_cannot_be_read(self, key: str) -> Ports:
        """Lend ports to a run for which one object is out of reach."""
        return replace(self.ports, objects=OutOfReach(self.folder / "objects", key))

    @contextmanager
    def killed_when_it_writes(self, prefix: str) -> Iterator[None]:
        """Let this whole process be killed when it would write an object there."""
        before = self.ports
        self.ports = replace(before, objects=Deadly(self.folder / "objects", prefix))
        yield
        self.ports = before

    def while_overtaken_by(self, other: Callable[[], None], times: int = 1) -> Ports:
        """Lend ports to a run before whose first commits another one is quicker."""
        return overtaken(self.ports, other, times)

    def alerts(self) -> list[Alert]:
        """Read the open alerts."""
        return self.ports.records.query(Alert, "alerts:open")

    def only_alert(self) -> Alert:
        """Read the one alert that is open."""
        [alert] = self.alerts()
        return alert


def day(ahead: int) -> str:
    """Name the day that comes so many days after the first one."""
    return days_before(FIRST_DAY, -ahead)


def some_flights(day: str, rows: int = ROWS) -> pd.DataFrame:
    """Make a day of flights; the same day is always the same."""
    rng = np.random.default_rng(int(day.replace("-", "")))
    return pd.DataFrame(
        {
            "flight_id": [f"{day}-{number:03}" for number in range(rows)],
            "scheduled_departure": pd.Timestamp(day, tz="UTC"),
            "distance": rng.uniform(100, 3000, rows),
            "carrier": rng.choice(["AA", "B6", "UA"], rows),
        }
    )


def some_labels(day: str, rows: int = ROWS) -> dict[str, int]:
    """Say which of these flights are late: far ones mostly, and some by chance."""
    flights = some_flights(day, rows)
    chance = np.random.default_rng(int(day.replace("-", "")) + 1).uniform(0, 1, rows)
    late = flights["distance"] / 3000 > chance
    return dict(zip(flights["flight_id"], late.astype(int).tolist(), strict=True))


def object_created(key: str) -> dict[str, Any]:
    """Make the event by which EventBridge tells of a new object."""
    return {
        "version": "0",
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {
            "bucket": {"name": "watched"},
            "object": {"key": key, "etag": "e", "size": 1},
            "reason": "PutObject",
        },
    }


def parquet_of(frame: pd.DataFrame) -> bytes:
    """Write a frame as the bytes of a Parquet file."""
    sink = BytesIO()
    parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink)
    return sink.getvalue()


def training(**changes: Any) -> dict[str, Any]:
    """The training section of a config, ten days of which three are kept back."""
    stated = {
        "estimator": "LogisticRegression",
        "window_days": 10,
        "validation_days": 3,
        "minimum_rows": 100,
    }
    return stated | changes
