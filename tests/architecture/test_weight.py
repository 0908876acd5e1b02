import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import csv, parquet

HEAVY = ("numpy", "pandas", "scipy", "sklearn", "joblib", "pyarrow", "skops")


def loaded_by(module: str) -> set[str]:
    program = f"import {module}, sys; print(' '.join(m for m in sys.modules if '.' not in m))"
    finished = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return set(finished.stdout.split())


@pytest.mark.parametrize(
    "door", ["bot.app", "functions.handlers.deliver", "functions.handlers.sweep"]
)
def test_a_light_door_loads_no_arrays_and_no_frames(door: str) -> None:
    assert loaded_by(door).isdisjoint(HEAVY)


def test_checking_a_partition_loads_arrow_but_no_frames() -> None:
    loaded = loaded_by("functions.handlers.check_partition")

    assert "pyarrow" in loaded
    assert loaded.isdisjoint({"pandas", "scipy", "sklearn"})


TAKES_COLUMNS = """
import sys
from pathlib import Path
from functions.data.arrow_batch import take_batch
from functions.data.object_tables import stretches
from functions.untyped import with_numbers
kinds = {"x": "number", "w": "category", "n": "category"}
for path in map(Path, sys.argv[1:]):
    for piece in stretches(path, path.name, list(kinds), ["w", "n"]):
        print(len(dict(take_batch(with_numbers(piece.table, ["x"]), kinds).batch)))
print("pandas" in sys.modules)
"""


def test_arrow_is_not_asked_for_what_makes_it_load_frames(tmp_path: Path) -> None:
    table = pa.table({"x": [1.0, None], "w": ["a", None], "n": [7.5, None]})
    parquet.write_table(table, tmp_path / "a.parquet")
    csv.write_csv(table, tmp_path / "a.csv")

    finished = subprocess.run(
        [sys.executable, "-c", TAKES_COLUMNS, str(tmp_path / "a.parquet"), str(tmp_path / "a.csv")],
        check=True,
        capture_output=True,
        text=True,
    )

    assert finished.stdout.split() == ["3", "3", "False"]


JOINS_A_TABLE = """
import sys
from pathlib import Path
from core.adapters.folder.objects import FolderObjects
from core.domain.data_config import AsOf, Data
from functions.data.landed_objects import objects_of
from functions.data.partitions import Columns, read_partition
table = AsOf(
    name="t", prefix="t", by=("w", "v"), known_at="at", columns=("temp",), at_most_hours=6
)
whole = AsOf(name="all", prefix="t", known_at="at", columns=("sky",), at_most_hours=6)
data = Data(features="f", labels="l", key="id", event_time="time", as_of=(table, whole))
columns = Columns("id", {"temp": "number", "sky": "category"}, joins=data)
objects = FolderObjects(Path(sys.argv[1]))
found = objects_of("f", "2013-02-08", objects)
temp, sky = [], []
def take(part):
    temp.extend(map(float, part.batch["temp"].values))
    sky.extend(part.batch["sky"].words)
reading = read_partition(found, columns, objects, take)
print(temp, reading.mistyped)
print(sky)
print("pandas" in sys.modules)
"""


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_joining_a_table_loads_no_frames_either(tmp_path: Path, ending: str) -> None:
    nine, ten = "2013-02-08T09:00:00", "2013-02-08T10:00:00"
    features = pa.table({"id": ["a", "b"], "time": [ten, nine], "w": ["x", "x"], "v": [7, 7]})
    known = pa.table({"w": ["x"], "v": [7], "at": [nine], "temp": [7.5], "sky": ["clear"]})
    for prefix, table in (("f", features), ("t", known)):
        folder = tmp_path / prefix / "dt=2013-02-08"
        folder.mkdir(parents=True)
        file = folder / f"part-0.{ending}"
        if ending == "parquet":
            parquet.write_table(table, file)
        elif ending == "csv":
            csv.write_csv(table, file)
        else:
            file.write_text("\n".join(json.dumps(row) for row in table.to_pylist()))

    finished = subprocess.run(
        [sys.executable, "-c", JOINS_A_TABLE, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
    )

    assert finished.stdout.splitlines() == ["[7.5, nan] {}", "['clear']", "False"]


def test_only_pictures_load_the_library_that_draws() -> None:
    assert "matplotlib" not in loaded_by("infra.local.cli, infra.local.backtesting")
    assert "matplotlib" in loaded_by("infra.local.backtest_pictures")
