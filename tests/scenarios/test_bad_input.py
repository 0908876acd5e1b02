"""Whatever lands, a check ends in a record with a sensible sentence, and the next check works."""

import json
import math
import shutil
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from core.domain.partition import days_before
from core.domain.partition_check import PartitionCheck
from core.domain.verdict import Basis, Severity
from functions.flows.check_partition import check_partition
from functions.flows.checking.learn_reference import learn_reference
from tests.builders import NOON
from tests.checked_model import DAY, LEARNED, ROWS, check_of, checked, flights, learn, watch_of
from tests.watched_model import FIRST_DAY, WatchedModel, parquet_of

NEXT = days_before(DAY, -1)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model whose first days are learned; to be copied."""
    folder = tmp_path_factory.mktemp("learned")
    learn(WatchedModel(folder))
    return folder


@pytest.fixture
def known(learned: Path, tmp_path: Path) -> WatchedModel:
    """A model whose first days are learned."""
    shutil.copytree(learned, tmp_path, dirs_exist_ok=True)
    return WatchedModel(tmp_path)


def written(table: pa.Table, **how: Any) -> bytes:
    sink = BytesIO()
    parquet.write_table(table, sink, **how)
    return sink.getvalue()


def table_of(frame: pd.DataFrame | None = None) -> pa.Table:
    return pa.Table.from_pandas(flights(DAY) if frame is None else frame, preserve_index=False)


def with_column(name: str, values: pa.Array) -> bytes:
    table = table_of()
    return written(table.set_column(table.column_names.index(name), name, values))


def sentence(watched: WatchedModel, body: bytes | pd.DataFrame) -> str:
    """Let a partition land, and hear what its check says; the next day is then judged as ever."""
    checked(watched, body)
    said = check_of(watched).verdict.sentence

    assert checked(watched, flights(NEXT), NEXT)["severity"] == Severity.OK
    PartitionCheck.model_validate_json(check_of(watched).model_dump_json())
    return said


def sentences(watched: WatchedModel, *parts: pa.Table) -> dict[str, str]:
    """Let several objects land as one partition, and hear what is said of each column."""
    for number, part in enumerate(parts):
        watched.puts("flights/features", DAY, written(part), part=f"part-{number}")
    check = check_partition("flights", DAY, watched.ports)
    assert checked(watched, flights(NEXT), NEXT)["severity"] == Severity.OK
    return {blame.column: blame.sentence for blame in check.verdict.blamed}


def test_a_table_without_columns_lacks_them_all(known: WatchedModel) -> None:
    frame = flights(DAY)[["scheduled_departure"]]

    assert sentence(known, frame) == "`carrier` is missing (and 2 more)"


def test_a_table_without_rows_and_columns_is_empty(known: WatchedModel) -> None:
    assert sentence(known, written(pa.table({}))) == "The partition has no rows"


@pytest.mark.parametrize("cut", [0, 4, 100, 1000, -1, -8])
def test_a_truncated_object_cannot_be_read(known: WatchedModel, cut: int) -> None:
    body = parquet_of(flights(DAY))

    assert sentence(known, body[:cut]) == "`part-0.parquet` cannot be read as Parquet"


def test_damage_inside_an_object_makes_it_unreadable(known: WatchedModel) -> None:
    body = bytearray(written(table_of(), compression="zstd"))
    body[200:400] = bytes(200)

    assert sentence(known, bytes(body)) == "`part-0.parquet` cannot be read as Parquet"


def test_text_that_is_none_makes_an_object_unreadable(known: WatchedModel) -> None:
    column = pa.array([b"\xff"] * ROWS).view(pa.binary()).cast(pa.string(), safe=False)
    body = with_column("carrier", column)

    assert sentence(known, body) == "`part-0.parquet` cannot be read as Parquet"


def test_one_row_is_judged_by_the_contract(known: WatchedModel) -> None:
    said = sentence(known, flights(DAY).head(1))

    assert said == "The contract is kept; too few rows to judge distributions."


def test_parts_with_other_numbers_and_columns_in_another_order_are_one_partition(
    known: WatchedModel,
) -> None:
    frame = flights(DAY).assign(distance=lambda rows: rows["distance"].round())
    head, tail = table_of(frame.head(100)), table_of(frame.tail(100))
    other = tail.set_column(2, "distance", tail.column("distance").cast(pa.int32()))

    assert sentences(known, head, other.select(tail.column_names[::-1])).keys() <= {"distance"}


def test_a_part_with_text_turns_the_column_to_text(known: WatchedModel) -> None:
    frame = flights(DAY)
    text = frame.tail(100).astype({"distance": str})

    said = sentences(known, table_of(frame.head(100)), table_of(text))

    assert said["distance"] == "`distance` holds text, a number is expected"


def test_a_part_that_lacks_a_column_makes_it_missing(known: WatchedModel) -> None:
    frame = flights(DAY)

    said = sentences(
        known, table_of(frame.head(100)), table_of(frame.tail(100).drop(columns="carrier"))
    )

    assert said["carrier"] == "`carrier` is missing"


@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, 1e308, -1e308, 5e-324, float(np.finfo(np.float32).max), 2.0**63]
)
@pytest.mark.parametrize("rows", [1, 20, ROWS])
def test_extreme_numbers_are_judged_and_learned_from(
    known: WatchedModel, value: float, rows: int
) -> None:
    frame = flights(DAY)
    frame.loc[: rows - 1, "distance"] = value

    said = sentence(known, frame)

    assert "nan" not in said
    assert "1e+100" not in said
    learn_reference(known.config, [DAY], known.ports)
    later = days_before(DAY, -2)
    assert checked(known, flights(later), later)["score"] < 1000


@pytest.mark.parametrize("value", [1e308, -1e308, math.inf])
def test_a_history_that_is_all_extreme_measures_what_comes_next(
    tmp_path: Path, value: float
) -> None:
    watched = WatchedModel(tmp_path)
    for day in LEARNED:
        frame = flights(day)
        frame.loc[::2, "distance"] = value
        watched.lands(day, frame)
    learn_reference(watched.config, LEARNED, watched.ports)
    same = flights(DAY)
    same.loc[::2, "distance"] = value

    assert checked(watched, same)["severity"] == Severity.OK
    assert checked(watched, flights(NEXT).assign(distance=7.0), NEXT)["severity"] != Severity.OK


@pytest.mark.parametrize("nothing", [pa.nulls(ROWS), pa.array([math.nan] * ROWS)])
@pytest.mark.parametrize("name", ["distance", "carrier"])
def test_a_column_that_lost_all_values_is_said_to(
    known: WatchedModel, nothing: pa.Array, name: str
) -> None:
    assert sentence(known, with_column(name, nothing)) == f"`{name}`: 100 % missing, never before"


def test_a_key_that_lost_all_values_is_said_to(known: WatchedModel) -> None:
    said = sentence(known, with_column("flight_id", pa.nulls(ROWS)))

    assert said == "`flight_id`: 100 % missing, never before"


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", None])
def test_times_of_other_zones_are_no_news(known: WatchedModel, zone: str | None) -> None:
    frame = flights(DAY)
    head, tail = table_of(frame.head(100)), table_of(frame.tail(100))
    kind = pa.timestamp("ms", tz=zone)
    other = tail.set_column(1, "scheduled_departure", tail.column(1).cast(kind))

    assert sentences(known, head, other) == {}


def test_a_category_that_holds_times_of_several_zones_is_judged_as_text(
    known: WatchedModel,
) -> None:
    frame = flights(DAY).assign(carrier=pd.Timestamp(DAY, tz="UTC"))
    head, tail = table_of(frame.head(100)), table_of(frame.tail(100))
    elsewhere = tail.column("carrier").cast(pa.timestamp("ms", tz="America/New_York"))

    said = sentences(known, head, tail.set_column(3, "carrier", elsewhere))

    assert said["carrier"] == "`carrier`: 50 % in capitals, usually 100 %"


@pytest.mark.parametrize("name", ["distance", "carrier", "flight_id"])
def test_a_column_that_is_there_twice_is_said_to_be(known: WatchedModel, name: str) -> None:
    table = table_of()
    twice = table.append_column(name, table.column(name))

    assert sentence(known, written(twice)) == f"`{name}` is there twice"


def test_a_csv_column_that_is_there_twice_is_said_to_be(known: WatchedModel) -> None:
    body = flights(DAY).assign(more=1).rename(columns={"more": "distance"}).to_csv(index=False)
    known.puts("flights/features", DAY, body.encode(), ending="csv")

    check = check_partition("flights", DAY, known.ports)

    assert check.verdict.sentence == "`distance` is there twice"


def test_very_long_texts_are_judged_and_told_shortly(known: WatchedModel) -> None:
    frame = flights(DAY)
    frame.loc[:3, "carrier"] = ["x" * 10_000_000, "y" * 10_000_000] * 2
    frame.loc[4:5, "flight_id"] += "z" * 10_000_000

    said = sentence(known, frame)

    assert said.startswith("`carrier`")
    assert len(said) < 300


def test_very_long_texts_that_are_usual_are_told_shortly(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path)
    for day in LEARNED:
        watched.lands(day, flights(day).replace({"carrier": {"AA": "x" * 100_000}}))
    learn_reference(watched.config, LEARNED, watched.ports)

    checked(watched, flights(DAY).replace({"carrier": {"AA": "x" * 100_000, "B6": "x" * 100_000}}))

    [alert] = watched.alerts()
    assert alert.evidence.blamed[0].column == "carrier"
    assert len(alert.evidence.summary) < 300


@pytest.mark.parametrize(
    "kind",
    [
        pa.dictionary(pa.int32(), pa.string()),
        pa.large_string(),
        pa.string_view(),
    ],
    ids=str,
)
def test_text_is_the_same_however_it_is_stored(known: WatchedModel, kind: pa.DataType) -> None:
    table = table_of()
    for at, name in ((0, "flight_id"), (3, "carrier")):
        table = table.set_column(at, name, table.column(name).cast(pa.string()).cast(kind))

    assert sentence(known, written(table)) == "Nothing unusual."


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("distance", [Decimal(7), Decimal(8)], "`distance`: 100 % hold much the same value"),
        ("distance", [True, False], "`distance`: 50 % zeros, never before"),
        ("distance", [date(2013, 1, 1)] * 2, "`distance` holds times, a number is expected"),
        ("distance", [NOON] * 2, "`distance` holds times, a number is expected"),
        ("distance", [[1]] * 2, "`distance` holds something nested, a number is expected"),
        ("distance", [b"1"] * 2, "`distance` holds binary, a number is expected"),
        ("carrier", [Decimal(7), Decimal(8)], "`carrier`: 0.0 % in capitals"),
        ("carrier", [True, False], "`carrier`: 0.0 % in capitals"),
        ("carrier", [date(2013, 1, 1)] * 2, "`carrier`: 0.0 % in capitals"),
        ("carrier", [timedelta(1)] * 2, "`carrier`: 0.0 % in capitals"),
        ("carrier", [{"a": 1}] * 2, "`carrier` holds something nested, a category is expected"),
        ("carrier", [b"\xff"] * 2, "`carrier` holds binary, a category is expected"),
    ],
)
def test_other_types_are_judged_or_told(
    known: WatchedModel, name: str, values: list[Any], said: str
) -> None:
    heard = sentence(known, with_column(name, pa.array(values * (ROWS // 2))))

    assert heard.startswith(said)


@pytest.mark.parametrize("name", ["distance", "carrier", "flight_id"])
def test_a_column_of_uuids_is_told_to_be_binary(known: WatchedModel, name: str) -> None:
    uuids = pa.array([bytes([i]) * 16 for i in range(ROWS)], pa.uuid())

    assert sentence(known, with_column(name, uuids)).startswith(f"`{name}` holds binary, ")


def test_times_of_a_zone_that_nobody_knows_are_told(known: WatchedModel) -> None:
    times = pa.array([0] * ROWS, pa.timestamp("s", "Mars/Phobos"))

    said = sentence(known, with_column("carrier", times))

    assert said == "`carrier` holds times, a category is expected"


def test_a_partition_older_than_all_history_is_judged_by_what_came_after(
    known: WatchedModel,
) -> None:
    old = days_before(FIRST_DAY, 400)

    fine = checked(known, flights(old), old)
    broken = checked(known, flights(old).assign(distance=lambda rows: rows["distance"] * 60), old)

    assert (fine["severity"], fine["basis"]) == (Severity.OK, Basis.REFERENCE)
    assert broken["blamed"][0]["column"] == "distance"


def test_a_gap_of_weeks_is_no_news(known: WatchedModel) -> None:
    later = days_before(DAY, -45)

    assert checked(known, flights(later), later)["severity"] == Severity.OK
    after = days_before(later, -1)
    assert checked(known, flights(after), after)["severity"] == Severity.OK


def test_the_same_partition_with_other_content_is_judged_by_the_others(
    known: WatchedModel,
) -> None:
    for factor in (1, 60, 1, 60):
        frame = flights(DAY)
        answer = checked(known, frame.assign(distance=frame["distance"] * factor))
        assert (answer["severity"] == Severity.OK) == (factor == 1)
    assert checked(known, flights(NEXT), NEXT)["severity"] == Severity.OK


def test_a_partition_of_the_learned_ones_that_lands_again_is_judged_by_the_others(
    known: WatchedModel,
) -> None:
    day = LEARNED[3]

    broken = checked(known, flights(day).assign(distance=lambda rows: rows["distance"] * 60), day)

    assert broken["blamed"][0]["column"] == "distance"
    assert checked(known, flights(day), day)["severity"] == Severity.OK


def rewritten(watched: WatchedModel, key: str, **header: Any) -> None:
    """Store an object anew as another schema would have."""
    body = BytesIO(watched.ports.objects.get(key))
    with np.load(body, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    said = json.loads(arrays["header"].tobytes()) | header
    arrays["header"] = np.frombuffer(json.dumps(said).encode(), dtype=np.uint8)
    sink = BytesIO()
    np.savez_compressed(sink, allow_pickle=False, **arrays)
    watched.ports.objects.put(key, sink.getvalue())


@pytest.mark.parametrize("schema", [1, None], ids=["older", "damaged"])
def test_a_reference_that_cannot_be_used_is_learned_anew(
    known: WatchedModel, schema: int | None
) -> None:
    key = watch_of(known).reference_key or ""
    if schema:
        rewritten(known, key, schema=schema)
    else:
        known.ports.objects.put(key, b"damaged")

    learning = checked(known, flights(DAY))
    learn_reference(known.config, LEARNED, known.ports)
    after = checked(known, flights(NEXT), NEXT)

    assert (learning["basis"], after["basis"]) == (Basis.LEARNING, Basis.REFERENCE)
    assert after["severity"] == Severity.OK


def test_a_summary_of_an_older_schema_is_left_out(known: WatchedModel) -> None:
    checked(known, flights(DAY))
    [key] = [
        found.key
        for found in known.ports.objects.list("summaries/flights/")
        if f"/dt={DAY}/" in found.key
    ]
    rewritten(known, key, schema=1)

    answer = checked(known, flights(NEXT), NEXT)

    assert (answer["severity"], answer["basis"]) == (Severity.OK, Basis.REFERENCE)
