import pytest

from core.domain.misplaced import misplaced

DAY = "2013-02-08"


@pytest.mark.parametrize(
    ("below", "day"),
    [
        ("year=2013/month=02/day=08/p.parquet", DAY),
        ("year=2013/month=2/day=8/p.parquet", DAY),
        ("date=2013-02-08/p.csv", DAY),
        ("2013/02/08/p.csv", DAY),
        ("dt=20130208/p.jsonl", DAY),
        ("dt=2013-02-08/carrier=AA/p.parquet", DAY),
        ("flights_2013-02-08.csv", DAY),
        ("dt=2013-W06/p.csv", "2013-02-04"),
        ("dt=2013-02/p.csv", "2013-02-01"),
        ("dt=2013-02-30/p.csv", None),
        ("dt=2013-W60/p.csv", None),
        ("dt=2013-13/p.csv", None),
        ("dt=someday/p.csv", None),
        ("flights.csv", None),
    ],
)
def test_a_folder_or_a_name_tells_the_day_that_was_meant(below: str, day: str | None) -> None:
    found = misplaced(f"flights/features/{below}", ["flights/features", "flights/labels"])

    assert found is not None
    assert (found.day, found.is_part_of_day) == (day, False)
    assert f"flights/features/dt={day or 'YYYY-MM-DD'}/" in found.remedy


@pytest.mark.parametrize(
    "folder",
    [
        "dt=2013-02-08T05",
        "dt=2013-02-08-05",
        "dt=2013-02-08T05:00:00Z",
        "dt=2013-02-08/hour=05",
        "dt=2013-02-08/hour=5",
        "2013/02/08/05",
        "2013020805",
    ],
)
def test_an_hour_is_told_apart_from_its_day(folder: str) -> None:
    found = misplaced(f"flights/{folder}/p.parquet", ["flights"])

    assert found is not None
    assert (found.day, found.is_part_of_day) == (DAY, True)
    assert "for a partition is a whole day of UTC" in found.remedy


@pytest.mark.parametrize(
    "key",
    [
        "flights/dt=2013-02-08/p.parquet",
        "flights/labels/dt=2013-02-08/p.parquet",
        "flights/dt=2013-02-08/_temporary/0/p.parquet",
        "flights/dt=2013-02-08T05/_SUCCESS",
        "flights/archive/p.parquet",
        "flights-old/p.parquet",
        "trains/dt=2013-02-08T05/p.parquet",
    ],
)
def test_what_is_read_or_is_no_partition_was_not_misplaced(key: str) -> None:
    assert misplaced(key, ["flights"]) is None
