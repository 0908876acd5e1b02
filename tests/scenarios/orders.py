"""Orders of a shop and which of them came back, in files of any format, day by day."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.domain.errors import OpsError
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from infra.local.config_file import read_config
from infra.local.first_config.telling import tell_first_config
from tests.watched_model import FIRST_DAY

DAYS = [days_before(FIRST_DAY, -ahead) for ahead in range(30)]
Write = Callable[[pd.DataFrame, Path], None]


def as_csv(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_csv(folder / "part-0.csv", index=False)


def as_csv_gz(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_csv(folder / "part-0.csv.gz", index=False)


def as_json_lines(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_json(folder / "part-0.jsonl", orient="records", lines=True)


def as_json_lines_gz(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_json(folder / "part-0.jsonl.gz", orient="records", lines=True)


def as_parquet(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_parquet(folder / "part-0.parquet", index=False)


def put(rows: pd.DataFrame, folder: Path, day: str, write: Write = as_csv) -> None:
    place = folder / f"dt={day}"
    place.mkdir(parents=True, exist_ok=True)
    write(rows, place)


def orders(day: str, rows: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(DAYS.index(day))
    at = pd.Timestamp(day) + pd.to_timedelta(np.sort(rng.integers(0, 86_400, rows)), unit="s")
    return pd.DataFrame(
        {
            "order_no": [f"{day}-{i}" for i in range(rows)],
            "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "amount": rng.gamma(2, 10, rows).round(2),
            "items": rng.integers(1, 9, rows),
            "is_gift": rng.random(rows) < 0.1,
            "zip": rng.choice(["01067", "50667"], rows),
        }
    )


def returned(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"order_no": rows["order_no"], "returned": np.arange(len(rows)) % 2})


def lay_out(folder: Path, writes: Iterator[Write]) -> Path:
    for day in DAYS:
        write, rows = next(writes), orders(day)
        put(rows, folder / "features", day, write)
        put(returned(rows), folder / "labels", day, write)
    return folder


def again_and_again(*writes: Write) -> Iterator[Write]:
    while True:
        yield from writes


def proposed(folder: Path) -> tuple[ModelConfig, list[str]]:
    """Write a first config beside a folder; returns it, and what was said."""
    said: list[str] = []
    out = folder.parent / f"{folder.name}.yaml"
    tell_first_config(str(folder), out, said.append)
    return read_config(out), said


def refusal_of(place: Path) -> str:
    with pytest.raises(OpsError) as refused:
        proposed(place)
    return str(refused.value)
