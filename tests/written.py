"""Frames as the bytes of each format that a partition may have."""

import gzip
from collections.abc import Callable
from typing import Final

import pandas as pd

from tests.watched_model import parquet_of


def csv_of(frame: pd.DataFrame) -> bytes:
    """Write a frame as CSV."""
    return frame.to_csv(index=False).encode()


def json_of(frame: pd.DataFrame) -> bytes:
    """Write a frame as JSON lines, times as ISO text."""
    return frame.to_json(orient="records", lines=True, date_format="iso").encode()


def _packed(write: Callable[[pd.DataFrame], bytes]) -> Callable[[pd.DataFrame], bytes]:
    return lambda frame: gzip.compress(write(frame))


WRITERS: Final = {
    "parquet": parquet_of,
    "csv": csv_of,
    "csv.gz": _packed(csv_of),
    "jsonl": json_of,
    "ndjson.gz": _packed(json_of),
}
"""By the ending of the object's name."""
