"""Folders as people have them, and the first config that is written for one."""

from pathlib import Path

import pandas as pd

from core.domain.model_config import ModelConfig
from infra.local.config_file import read_config
from infra.local.first_config.telling import tell_first_config
from tests.watched_model import parquet_of, some_labels


def put(folder: Path, name: str, body: bytes, file: str = "part-0.parquet") -> None:
    place = folder / f"dt={name}"
    place.mkdir(parents=True, exist_ok=True)
    (place / file).write_bytes(body)


def written(folder: Path | str, out: Path) -> tuple[ModelConfig, list[str]]:
    """Write a first config; returns it, and what was said."""
    said: list[str] = []
    tell_first_config(str(folder), out, said.append)
    return read_config(out), said


def labels_of(name: str) -> bytes:
    known = some_labels(name)
    return parquet_of(pd.DataFrame({"flight_id": list(known), "late": list(known.values())}))
