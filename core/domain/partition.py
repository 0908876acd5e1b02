"""How partitions are named and where their objects lie."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

_YEARS = range(1000, 9000)  # others are no days of data, and arithmetic with them overflows


def _day(name: str) -> str:
    if not is_day(name):
        raise ValueError(f"there is no day {name}")
    return name


PartitionName = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_day)]
"""One day of one model's data, named by its UTC start."""

_IN_KEY = re.compile(r"^(?P<prefix>.+)/dt=(?P<name>\d{4}-\d{2}-\d{2})/(?P<file>[^/]+)$")

_FORMATS = {
    ".parquet": "Parquet",
    ".csv": "CSV",
    ".csv.gz": "CSV",
    ".jsonl": "JSON lines",
    ".jsonl.gz": "JSON lines",
    ".ndjson": "JSON lines",
    ".ndjson.gz": "JSON lines",
    ".json": "JSON lines",
    ".json.gz": "JSON lines",
}


def partition_prefix(prefix: str, partition: str) -> str:
    """Say where the objects of one partition lie; ends with a slash."""
    return f"{prefix}/dt={partition}/"


def format_of(key: str) -> str | None:
    """Say what an object holds, by its ending; `None` for what is no data.

    Names that begin with an underscore belong to whoever writes the data, as Spark has it.

    >>> format_of("dt=2013-02-08/part-0.csv.gz"), format_of("dt=2013-02-08/_SUCCESS")
    ('CSV', None)
    """
    name = key.rpartition("/")[2].lower()
    if name.startswith("_"):
        return None
    return next((said for ending, said in _FORMATS.items() if name.endswith(ending)), None)


def split_key(key: str) -> tuple[str, str] | None:
    """Split the key of a partition's object into prefix and partition; `None` for other keys.

    >>> split_key("flights/labels/dt=2013-02-08/part-0.parquet")
    ('flights/labels', '2013-02-08')
    """
    match = _IN_KEY.match(key)
    return (match["prefix"], match["name"]) if match and is_day(match["name"]) else None


def is_day(name: str) -> bool:
    """Say whether this is a day of the calendar that can hold data."""
    try:
        return date.fromisoformat(name).year in _YEARS
    except ValueError:  # 30 February
        return False


def starts_at(partition: str) -> datetime:
    """Say when the partition begins."""
    return datetime.combine(date.fromisoformat(partition), datetime.min.time(), tzinfo=UTC)


def days_before(partition: str, days: int) -> str:
    """Name the partition so many days earlier; a negative number of days means later."""
    return (date.fromisoformat(partition) - timedelta(days=days)).isoformat()


def weekdays_of(partitions: Sequence[str]) -> list[int] | None:
    """Say which day of the week each is, 0 for Monday; `None` where most do not follow a day."""
    days = [date.fromisoformat(name) for name in partitions]
    steps = sorted((later - day).days for day, later in pairwise(days))
    if not steps or steps[len(steps) // 2] != 1:
        return None
    return [day.weekday() for day in days]
