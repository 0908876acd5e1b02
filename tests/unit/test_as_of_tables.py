"""Tables of their own as they land: what is read of them, and what is refused in words."""

import gzip
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from pydantic import ValidationError

from core.adapters.folder.objects import FolderObjects
from core.domain.data_config import Data
from core.domain.version import UsedTable
from functions.data.as_of_join import CannotJoin
from functions.data.as_of_tables import AsOfTables
from tests.builders import a_config
from tests.watched_model import parquet_of
from tests.weather_table import weather_config

DAY, BEFORE = "2013-02-08", "2013-02-07"


def data(**table: Any) -> Data:
    return weather_config(table).data


def rows_of(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


FLIGHTS = rows_of(
    pd.DataFrame(
        {
            "carrier": ["AA", "UA"],
            "scheduled_departure": pd.to_datetime(["2013-02-08T10:30Z", "2013-02-08T00:30Z"]),
        }
    )
)
OBSERVED = pd.DataFrame(
    {
        "carrier": ["UA", "AA", "AA"],
        "read_at": pd.to_datetime(["2013-02-08T00:10Z", "2013-02-08T10:00Z", "2013-02-08T09:00Z"]),
        "temp": [20.0, 31.0, 30.0],
    }
)


class Weather:
    """A folder in which the weather lands."""

    def __init__(self, folder: Path) -> None:
        self.objects = FolderObjects(folder)

    def lands(self, body: bytes, name: str = "part-0.parquet", day: str = DAY) -> None:
        self.objects.put(f"weather/observed/dt={day}/{name}", body)

    def joined(self, rows: pa.Table = FLIGHTS, **table: Any) -> list[Any]:
        tables = AsOfTables(data(**table), {"temp"}, self.objects)
        found: list[Any] = tables.around(DAY).joined(rows)[0].column("temp").to_pylist()
        return found


@pytest.fixture
def weather(tmp_path: Path) -> Weather:
    return Weather(tmp_path)


def test_objects_need_not_be_sorted(weather: Weather) -> None:
    weather.lands(parquet_of(OBSERVED.iloc[::-1]))

    assert weather.joined() == [31.0, 20.0]


@pytest.mark.parametrize("name", ["part-0.csv", "part-0.csv.gz", "part-0.jsonl"])
def test_a_table_may_have_any_format_of_features(weather: Weather, name: str) -> None:
    text = OBSERVED.to_csv(index=False) if "csv" in name else ""
    text = text or OBSERVED.to_json(orient="records", lines=True, date_format="iso")
    weather.lands(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode(), name)

    assert weather.joined() == [31.0, 20.0]


def test_the_objects_of_one_table_may_have_several_formats(weather: Weather) -> None:
    weather.lands(parquet_of(OBSERVED.iloc[:2]))
    weather.lands(OBSERVED.iloc[2:].to_csv(index=False).encode(), "part-1.csv")

    assert weather.joined() == [31.0, 20.0]


def test_of_two_rows_known_at_once_that_of_the_last_object_counts(weather: Weather) -> None:
    weather.lands(parquet_of(OBSERVED))
    weather.lands(parquet_of(OBSERVED.assign(temp=[1.0, 2.0, 3.0])), "part-1.parquet")

    assert weather.joined() == [2.0, 1.0]


def test_what_was_known_the_day_before_counts_within_its_hours(weather: Weather) -> None:
    late = OBSERVED.assign(read_at=pd.Timestamp("2013-02-07T23:00Z"), temp=[1.0, 2.0, 3.0])
    weather.lands(parquet_of(late), day=BEFORE)

    assert weather.joined(at_most_hours=12) == [3.0, 1.0]
    assert weather.joined(at_most_hours=2) == [None, 1.0]


def test_a_feed_that_is_late_leaves_nulls(weather: Weather) -> None:
    weather.lands(parquet_of(OBSERVED), day="2013-01-01")

    assert weather.joined() == [None, None]


def test_what_was_read_is_named_by_its_bytes(weather: Weather) -> None:
    weather.lands(parquet_of(OBSERVED))
    tables = AsOfTables(data(), {"temp"}, weather.objects)
    [used] = tables.around(DAY).used
    weather.lands(parquet_of(OBSERVED.iloc[:1]))

    [now] = AsOfTables(data(), {"temp"}, weather.objects).around(DAY).used

    assert (used.table, used.partition) == ("weather", DAY)
    assert isinstance(used, UsedTable)
    assert now.objects_hash != used.objects_hash


def test_what_is_joined_has_the_same_name_while_other_rows_of_the_table_come(
    weather: Weather,
) -> None:
    def name_of_what_is_joined() -> str:
        around = AsOfTables(data(), {"temp"}, weather.objects).around(DAY)
        return around.joined(FLIGHTS)[1]

    weather.lands(parquet_of(OBSERVED))
    before = name_of_what_is_joined()
    others = OBSERVED.assign(read_at=pd.Timestamp("2013-02-08T20:00Z"), carrier="00")
    weather.lands(parquet_of(others), "part-1.parquet")
    same = name_of_what_is_joined()
    weather.lands(parquet_of(OBSERVED.assign(temp=[20.0, 31.5, 30.0])))

    assert before == same
    assert name_of_what_is_joined() != before


def test_a_prefix_under_which_nothing_lies_is_refused(weather: Weather) -> None:
    with pytest.raises(
        CannotJoin,
        match="The column `temp` cannot be joined from `weather`: nothing lies under weather/obs",
    ):
        weather.joined()


def test_a_column_that_the_features_have_too_is_refused(weather: Weather) -> None:
    weather.lands(parquet_of(OBSERVED))

    with pytest.raises(CannotJoin, match="the features have a column `temp` of their own"):
        weather.joined(FLIGHTS.append_column("temp", pa.array([1.0, 2.0])))


@pytest.mark.parametrize("name", ["carrier", "read_at", "temp"])
def test_a_column_that_the_table_lacks_is_refused(weather: Weather, name: str) -> None:
    weather.lands(parquet_of(OBSERVED.drop(columns=name)))

    with pytest.raises(CannotJoin, match=f"`{name}` is missing in weather/observed/dt=2013-02-08"):
        weather.joined()


@pytest.mark.parametrize("name", ["carrier", "scheduled_departure"])
def test_a_column_that_the_features_lack_is_refused(weather: Weather, name: str) -> None:
    weather.lands(parquet_of(OBSERVED))

    with pytest.raises(CannotJoin, match=f"the features have no column `{name}`"):
        weather.joined(FLIGHTS.drop_columns([name]))


def test_times_with_and_without_a_zone_in_one_table_are_refused(weather: Weather) -> None:
    weather.lands(parquet_of(OBSERVED))
    naive = OBSERVED.assign(read_at=OBSERVED["read_at"].dt.tz_localize(None))
    weather.lands(parquet_of(naive), day=BEFORE)

    with pytest.raises(CannotJoin, match="`read_at` holds no times, or some with a zone and some"):
        weather.joined()


def test_times_of_several_zones_are_the_same_moments(weather: Weather) -> None:
    there = OBSERVED["read_at"].dt.tz_convert("America/New_York")
    weather.lands(parquet_of(OBSERVED.assign(read_at=there).iloc[:2]))
    weather.lands(parquet_of(OBSERVED.iloc[2:]), "part-1.parquet")

    assert weather.joined() == [31.0, 20.0]


@pytest.mark.parametrize(
    ("column", "values", "why"),
    [
        ("read_at", [1, 2, 3], "`read_at` holds no times"),
        ("temp", [[1.0], [2.0], [3.0]], "`temp` holds something nested"),
        ("carrier", [b"a", b"b", b"c"], "`carrier` of the table holds binary"),
        ("temp", pa.array([1, 2, 3], pa.timestamp("us", "Mars/Base")), "`temp` holds times"),
    ],
)
def test_what_cannot_be_a_time_a_value_or_a_name_is_refused(
    weather: Weather,
    column: str,
    values: Any,  # noqa: ANN401 - a list, or an array
    why: str,
) -> None:
    table = rows_of(OBSERVED.drop(columns=column)).append_column(column, [pa.array(values)])
    sink = BytesIO()
    parquet.write_table(table, sink)
    weather.lands(sink.getvalue())

    with pytest.raises(CannotJoin, match=why):
        weather.joined()


def test_objects_that_differ_in_their_columns_or_cannot_be_read_are_refused(
    weather: Weather,
) -> None:
    weather.lands(parquet_of(OBSERVED))
    weather.lands(parquet_of(OBSERVED.assign(temp=["a", "b", "c"])), "part-1.parquet")
    with pytest.raises(CannotJoin, match="the objects under weather/observed differ"):
        weather.joined()

    weather.lands(b"no parquet", "part-1.parquet")
    with pytest.raises(CannotJoin, match=r"part-1\.parquet cannot be read"):
        weather.joined()


def test_what_features_are_joined_by_must_be_times_and_words(weather: Weather) -> None:
    weather.lands(parquet_of(OBSERVED))
    numbers = FLIGHTS.set_column(1, "scheduled_departure", pa.array([1, 2]))
    nested = FLIGHTS.set_column(0, "carrier", pa.array([[1], [2]]))

    with pytest.raises(CannotJoin, match="`scheduled_departure` holds no times"):
        weather.joined(numbers)
    with pytest.raises(CannotJoin, match="`carrier` of the features holds something nested"):
        weather.joined(nested)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"prefix": "flights/labels"}, "`flights/labels` is no table of its own"),
        ({"prefix": "models/x"}, "Watchkeeper itself writes there"),
        ({"columns": ["temp", "temp"]}, "`temp` is there twice"),
        ({"columns": ["flight_id"]}, "`flight_id` has to be a column of features"),
        ({"columns": ["carrier"]}, "`carrier` has to be a column of features"),
        ({"columns": ["wind"]}, "`wind` is none of `columns`"),
        ({"known_minutes_before": 720}, "no row is both old and new enough"),
    ],
)
def test_a_config_that_cannot_be_joined_is_refused(table: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        weather_config(table)


@pytest.mark.parametrize(
    ("hours", "partition", "first"),
    [
        (1, "2013-03-01", "2013-02-28"),
        (24, "2013-03-01", "2013-02-28"),
        (25, "2013-03-01", "2013-02-27"),
        (744, "2013-03-01", "2013-01-29"),
        (48, "0001-01-01", "0001-01-01"),
    ],
)
def test_as_many_days_are_read_as_a_row_counts_for(hours: int, partition: str, first: str) -> None:
    named = weather_config({"at_most_hours": hours}).data.as_of[0].partitions_for(partition)

    assert (named[0], named[-1]) == (first, partition)


def test_two_tables_of_one_name_are_refused() -> None:
    one = weather_config().data.as_of[0].model_dump()
    stated = weather_config().data.model_dump() | {"as_of": [one, one | {"columns": ["wind"]}]}

    with pytest.raises(ValidationError, match="`weather` is there twice"):
        weather_config(data=stated)


def test_a_config_without_tables_is_named_as_ever() -> None:
    assert "as_of" not in a_config().model_dump_json()
