"""A month of the past that landed before anybody watched it, three of its days wrong."""

from core.ports import Ports
from functions.flows.backfill import backfill, past_of
from tests.checked_model import flights, reference_at, watch_of
from tests.watched_model import WatchedModel, day, parquet_of

DAYS = 30
METRES, MISSING, GARBAGE = 17, 19, 21
"""Days on which distances are in metres, a column is missing, a file is no Parquet."""


NEXT = day(DAYS)


def landed(ahead: int) -> bytes:
    frame = flights(day(ahead), rows=100)
    if ahead == METRES:
        frame = frame.assign(distance=-1.0)
    if ahead == MISSING:
        frame = frame.drop(columns="distance")
    return b"no parquet" if ahead == GARBAGE else parquet_of(frame)


def filled(watched: WatchedModel, ports: Ports | None = None) -> list[str]:
    outside = ports or watched.ports
    names = past_of(watched.config, outside)
    return [one.partition for one in backfill(watched.config, names, outside)]


def history(watched: WatchedModel) -> tuple[str, ...]:
    return reference_at(watch_of(watched).reference_key or "", watched).partitions


GOOD = tuple(day(ahead) for ahead in range(DAYS) if ahead not in {METRES, MISSING, GARBAGE})
