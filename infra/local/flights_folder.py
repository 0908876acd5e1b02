"""The year of flights as a folder of partitions: `python -m infra.local.flights_folder DIR`."""

import sys
from pathlib import Path

from infra.local.flights import FIRST_DAY, LAST_DAY, days


def write_flights(folder: Path, first: str = FIRST_DAY, last: str = LAST_DAY) -> None:
    """Write features and labels of the days from `first` to `last`, both included."""
    for day in days(first, last):
        for key, body in ((day.features_key, day.features), (day.labels_key, day.labels)):
            file = folder / key
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)


if __name__ == "__main__":
    write_flights(Path(sys.argv[1]))
