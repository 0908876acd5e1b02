"""Rows of a request that lack the columns of a table get them as rows of a partition do."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import pyarrow as pa
from pydantic import JsonValue

from core.domain.data_config import AsOf
from core.domain.model_config import ModelConfig
from functions.data.around import Around

Row = Mapping[str, JsonValue]

MOST_DAYS: Final = 10
"""Of events in one request: each has partitions of its own to read."""


@dataclass
class JoinedRequest:
    """The rows with what could be joined to them."""

    rows: list[Row]
    refused: dict[int, str] = field(default_factory=dict)
    """By place, why nothing could be joined to a row that needs it."""


def join_request(
    rows: Sequence[Row],
    config: ModelConfig,
    columns: Collection[str],
    around: Callable[[str], Around],
) -> JoinedRequest:
    """Join rows that say when their event takes place to the tables whose columns they lack.

    A row that brings a column along keeps it, `null` too.

    Args:
        rows: as they were sent.
        config: names the tables.
        columns: what has to stand in a row.
        around: reads what was known around a partition.

    Raises:
        CannotJoin: a table is not what the config says.
    """
    joined = JoinedRequest(list(rows))
    tables = [of for of in config.data.as_of if not {*of.columns}.isdisjoint(columns)]
    lacking = {
        place: [of for of in tables if any(n in columns and n not in row for n in of.columns)]
        for place, row in enumerate(rows)
    }
    by_day: dict[str, dict[int, datetime]] = {}
    for place, wanted in lacking.items():
        when = _event(place, wanted, config, joined) if wanted else None
        if when is not None:
            by_day.setdefault(when.date().isoformat(), {})[place] = when
    for number, (day, events) in enumerate(sorted(by_day.items())):
        if number < MOST_DAYS:
            _join(events, lacking, config, around(day), joined)
            continue
        why = f"its event lies on one day of more than {MOST_DAYS}; send it by itself"
        joined.refused |= dict.fromkeys(events, why)
    return joined


def _event(
    place: int, wanted: Sequence[AsOf], config: ModelConfig, joined: JoinedRequest
) -> datetime | None:
    """Read when the event of a row takes place; `None`, and it is refused, if nobody knows."""
    row, time = joined.rows[place], config.data.event_time
    needed = dict.fromkeys((time, *(name for of in wanted for name in of.by)))
    column = next(name for name in wanted[0].columns if name not in row)
    if missing := [name for name in needed if name not in row]:
        why = f"`{column}` is missing, and `{missing[0]}`, by which it would be joined"
        joined.refused[place] = why
        return None
    try:
        when = datetime.fromisoformat(str(row[time]))
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        joined.refused[place] = f"`{column}` cannot be joined: `{time}` is no time"
        return None


def _join(
    events: Mapping[int, datetime],
    lacking: Mapping[int, Sequence[AsOf]],
    config: ModelConfig,
    known: Around,
    joined: JoinedRequest,
) -> None:
    for of in known.known:
        places = [place for place in events if of.table in lacking[place]]
        times = pa.array([events[place] for place in places], pa.timestamp("us", "UTC"))
        by = {n: pa.array([_text(joined.rows[p][n]) for p in places]) for n in of.table.by}
        found = known.places(of, pa.table({config.data.event_time: times, **by}))
        for name in of.table.columns:
            values = of.column(name, found)
            is_number = config.columns[name].type == "number"
            said: list[Any] = values.cast(pa.float64() if is_number else pa.string()).to_pylist()
            for place, value in zip(places, said, strict=True):
                joined.rows[place] = {name: value, **joined.rows[place]}


def _text(value: JsonValue) -> str | None:
    """Write what rows are matched by as partitions have it: 7.0 is 7, and a truth is `true`."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # Arrow counts to 2**63 alone
    text: str = pa.scalar(value).cast(pa.string()).as_py()
    return text
