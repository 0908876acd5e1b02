"""The newest row known before each event: the join itself, beside one that looks at every pair."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.data_config import AsOf
from functions.data.as_of_join import KNOWN_AT, KnownRows, as_text, events_of, moments

HOUR = 3600 * 10**6
TEN = datetime(2013, 2, 8, 10, tzinfo=UTC)


def weather(**changes: Any) -> AsOf:
    stated = {
        "name": "weather",
        "prefix": "weather/observed",
        "by": ["origin"],
        "known_at": "read_at",
        "columns": ["temp"],
        "at_most_hours": 6,
    }
    return AsOf.model_validate(stated | changes)


def known(rows: list[tuple[str | None, int | None, float]], **changes: Any) -> KnownRows:
    """Rows of the weather: where, when in microseconds, how warm."""
    table = pa.table(
        {
            "origin": pa.array([row[0] for row in rows], pa.string()),
            KNOWN_AT: pa.array([row[1] for row in rows], pa.int64()),
            "temp": pa.array([row[2] for row in rows], pa.float64()),
        }
    )
    return KnownRows.of(weather(**changes), table)


def temps(of: KnownRows, events: list[tuple[str | None, int]]) -> list[float | None]:
    times = np.array([event[1] for event in events], np.int64)
    by = pa.chunked_array([pa.array([event[0] for event in events], pa.string())])
    found: list[float | None] = of.column("temp", of.places(times, [by])).to_pylist()
    return found


def test_the_newest_row_known_before_the_event_counts() -> None:
    of = known([("JFK", 3 * HOUR, 30.0), ("JFK", HOUR, 10.0), ("EWR", 4 * HOUR, 99.0)])

    assert temps(of, [("JFK", 4 * HOUR), ("JFK", 2 * HOUR), ("EWR", 5 * HOUR)]) == [30, 10, 99]


def test_what_becomes_known_in_the_moment_of_the_event_does_not_count() -> None:
    of = known([("JFK", HOUR, 10.0)])

    assert temps(of, [("JFK", HOUR), ("JFK", HOUR + 1)]) == [None, 10]


def test_a_row_counts_for_as_long_as_the_config_says_and_to_the_microsecond() -> None:
    of = known([("JFK", HOUR, 10.0)])

    assert temps(of, [("JFK", 7 * HOUR), ("JFK", 7 * HOUR + 1)]) == [10, None]


def test_what_becomes_known_after_a_row_is_predicted_does_not_count() -> None:
    of = known([("JFK", HOUR, 10.0), ("JFK", 3 * HOUR, 30.0)], known_minutes_before=60)

    assert temps(of, [("JFK", 4 * HOUR), ("JFK", 4 * HOUR + 1)]) == [10, 30]


def test_of_two_rows_known_at_once_the_last_one_counts() -> None:
    of = known([("JFK", HOUR, 10.0), ("JFK", HOUR, 11.0), ("JFK", HOUR, 12.0)])

    assert temps(of, [("JFK", 2 * HOUR)]) == [12]


def test_a_null_meets_nothing_not_even_a_null() -> None:
    of = known([(None, HOUR, 10.0), ("JFK", None, 20.0)])

    assert temps(of, [(None, 2 * HOUR), ("JFK", 2 * HOUR), ("LGA", 2 * HOUR)]) == [None] * 3


def test_without_any_column_to_match_the_newest_row_counts_for_all() -> None:
    rows = pa.table({KNOWN_AT: pa.array([HOUR, 2 * HOUR]), "temp": [10.0, 20.0]})
    of = KnownRows.of(weather(by=[]), rows)

    places = of.places(np.array([3 * HOUR, HOUR + 1, 0], np.int64), [])

    assert of.column("temp", places).to_pylist() == [20, 10, None]


def test_rows_are_matched_by_several_columns_together() -> None:
    columns = {"origin": ["JFK", "JFK", "EWR"], "runway": ["1", "2", None]}
    rows = pa.table(columns | {KNOWN_AT: [HOUR] * 3, "temp": [1.0, 2.0, 3.0]})
    of = KnownRows.of(weather(by=["origin", "runway"]), rows)
    asked = [["JFK", "EWR", "JFK", "EWR", "1"], ["2", "1", None, None, "JFK"]]
    by = [pa.chunked_array([pa.array(column, pa.string())]) for column in asked]

    places = of.places(np.full(5, 2 * HOUR, np.int64), by)

    assert of.column("temp", places).to_pylist() == [2, None, None, None, None]


_ORIGINS = st.sampled_from(["EWR", "JFK", "LGA", None])
_MINUTES = st.integers(0, 600)


@given(
    st.lists(st.tuples(_ORIGINS, st.none() | _MINUTES, st.floats(-9, 99)), max_size=40),
    st.lists(st.tuples(_ORIGINS, _MINUTES), min_size=1, max_size=40),
    st.integers(1, 5),
    st.sampled_from([0, 1, 30]),
)
def test_it_equals_looking_at_every_pair(
    rows: list[tuple[str | None, int | None, float]],
    events: list[tuple[str | None, int]],
    hours: int,
    ahead: int,
) -> None:
    def by_hand(origin: str | None, event: int) -> float | None:
        newest: tuple[int, float] | None = None
        for where, at, temp in rows:
            if where is None or at is None or where != origin:
                continue
            if at < event - ahead and event - at <= hours * 60 and (not newest or at >= newest[0]):
                newest = at, temp
        return newest[1] if newest else None

    minute = 60 * 10**6
    of = known(
        [(where, None if at is None else at * minute, temp) for where, at, temp in rows],
        at_most_hours=hours,
        known_minutes_before=ahead,
    )

    found = temps(of, [(origin, event * minute) for origin, event in events])

    assert found == [by_hand(*event) for event in events]


def test_it_agrees_with_the_join_of_pandas() -> None:
    rng = np.random.default_rng(3)
    right = pd.DataFrame(
        {
            "origin": rng.choice(["EWR", "JFK", "LGA"], 300),
            "at": rng.choice(24 * 3600, 300, replace=False) * 10**6,
            "temp": rng.normal(size=300),
        }
    ).sort_values("at")
    left = pd.DataFrame(
        {
            "origin": rng.choice(["EWR", "JFK", "LGA", "BOS"], 500),
            "at": np.sort(rng.integers(0, 24 * 3600, 500)) * 10**6,
        }
    )
    merged = pd.merge_asof(
        left, right, on="at", by="origin", allow_exact_matches=False, tolerance=6 * HOUR
    )
    of = known(list(right.itertuples(index=False, name=None)))

    found = temps(of, list(left.itertuples(index=False, name=None)))

    expected = [None if np.isnan(temp) else temp for temp in merged["temp"]]
    assert found == expected


@pytest.mark.parametrize(
    "written",
    [
        pa.array([TEN], pa.timestamp("ns", "America/New_York")),
        pa.array([TEN.replace(tzinfo=None)], pa.timestamp("s")),
        pa.array([TEN.astimezone(timezone(timedelta(hours=-5))).isoformat()]),
        pa.array(["2013-02-08T10:00:00Z"]),
        pa.array(["2013-02-08 10:00:00"]).dictionary_encode(),
        pa.array(["2013-02-08 10:00:00.000000001+00:00"]),
    ],
)
def test_a_moment_is_the_same_however_it_is_written(written: pa.Array) -> None:
    read = moments(pa.chunked_array([written]))

    assert read is not None
    assert read[0].to_pylist() == [int(TEN.timestamp()) * 10**6]


def test_a_day_begins_at_midnight_of_utc() -> None:
    column = pa.chunked_array([pa.array([TEN.date(), None])])

    events = events_of(column)

    assert events is not None
    assert events[0] == int(datetime(2013, 2, 8, tzinfo=UTC).timestamp()) * 10**6


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, 2]),
        pa.array(["ten o'clock"]),
        pa.array(["2013-02-08T10:00:00Z", "2013-02-08T10:00:00"]),
    ],
)
def test_what_is_no_time_or_has_a_zone_only_sometimes_is_not_guessed(column: pa.Array) -> None:
    assert moments(pa.chunked_array([column])) is None


def test_what_rows_are_matched_by_is_compared_as_text() -> None:
    whole, broken = pa.array([7, None]), pa.array([7.0, float("nan")])

    texts = [as_text(pa.chunked_array([column])) for column in (whole, broken)]

    assert [text and text.to_pylist() for text in texts] == [["7", None]] * 2
    assert as_text(pa.chunked_array([pa.array([[1]])])) is None
