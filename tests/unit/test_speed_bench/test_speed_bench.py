import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet
from rich.console import Console

from infra.local.speed_bench.bench import FLOOR, PRODUCT, measure_product, measure_start
from infra.local.speed_bench.floor import count
from infra.local.speed_bench.launcher import main as launch
from infra.local.speed_bench.measuring import ProgramFailed, Usage, measure
from infra.local.speed_bench.partitions import main, write
from infra.local.speed_bench.results import Numbers, PeerSpeed, PeerSpeeds
from infra.local.speed_bench.scenarios import Files, Scenario, scenarios
from infra.local.speed_bench.shape import Shape
from infra.local.speed_bench.table import WIDTH, speeds

SHAPE = Shape(rows=2_500, numbers=4, words=2, rows_per_group=1_000)
A_BIT = Usage(2.0, 3.0, 100.0)


def a_peer(wall_s: float = 20.0) -> PeerSpeed:
    return PeerSpeed(
        name="peer",
        scenario="1 M x 50",
        runs=3,
        date="2026-01-31",
        versions={"peer": "1"},
        took=Numbers(wall_s=wall_s, cpu_s=30, peak_mib=1000),
        floor=Numbers.of(A_BIT),
    )


def written(folder: Path, shape: Shape = SHAPE) -> Path:
    path = folder / "p.parquet"
    main(["7", *shape.arguments(), str(path)])
    return path


def test_a_partition_has_the_shape_that_was_asked_for(tmp_path: Path) -> None:
    file = parquet.ParquetFile(written(tmp_path))

    assert file.metadata.num_rows == 2_500
    assert file.num_row_groups == 3
    assert [str(kind) for kind in file.schema_arrow.types] == ["double"] * 4 + ["string"] * 2
    nulls = [column.null_count for column in file.read().columns]
    assert all(5 <= count <= 50 for count in nulls), "about one in a hundred"


def test_one_row_group_holds_all_rows_when_it_may(tmp_path: Path) -> None:
    file = parquet.ParquetFile(written(tmp_path, Shape(2_500, 4, 2, 2_500)))

    assert file.num_row_groups == 1


def test_a_row_group_that_is_longer_than_what_is_held_is_put_together(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"

    write(path, Shape(25, 1, 1, 20), seed=7, most_at_once=10)

    metadata = parquet.read_metadata(path)
    assert [metadata.row_group(i).num_rows for i in range(2)] == [20, 5]
    assert list(tmp_path.iterdir()) == [path]


def test_the_floor_counts_what_is_there(tmp_path: Path) -> None:
    path = written(tmp_path, Shape(900, 4, 2, 1_000))

    table = parquet.read_table(path)
    there = {name: 900 - table[name].null_count for name in table.column_names}
    assert count(path) == there


def test_a_later_row_group_may_reach_beyond_the_bins_of_the_first(tmp_path: Path) -> None:
    path = written(tmp_path)

    counted = count(path)

    table = parquet.read_table(path)
    for name in table.column_names:
        assert 0.99 <= counted[name] / (2_500 - table[name].null_count) <= 1


def test_a_process_is_measured_with_its_memory_and_its_time() -> None:
    program = "x = bytearray(100 * 2**20); n = sum(range(2_000_000))"
    ballast = bytearray(400 * 2**20)  # who measures is bigger, which must not count

    used = measure([sys.executable, "-c", program], cores=1)

    assert len(ballast) / 2**20 > used.peak_mib > 100
    assert used.cpu_s > 0
    assert used.wall_s > 0


def test_the_launcher_ends_as_the_program_ended(tmp_path: Path) -> None:
    took = tmp_path / "took.json"

    assert launch([str(took), sys.executable, "-c", "raise SystemExit(3)"]) == 3
    assert Numbers.model_validate_json(took.read_text()).wall_s > 0


def test_as_many_cores_are_allowed_as_were_asked_for() -> None:
    program = "import os; raise SystemExit(len(os.sched_getaffinity(0)) != 1)"

    measure([sys.executable, "-c", program], cores=1)


def test_a_program_that_fails_tells_what_it_said() -> None:
    with pytest.raises(ProgramFailed, match="no luck today"):
        measure([sys.executable, "-c", "raise SystemExit('no luck today')"], cores=1)


def test_medians_are_taken_number_by_number_and_ratios_of_the_floor() -> None:
    runs = [Usage(1, 9, 50), Usage(2, 8, 70), Usage(9, 7, 60)]

    assert Usage.median(runs) == Usage(2, 8, 60)
    assert Usage(4, 3, 250).over(A_BIT) == Usage(2, 1, 2.5)


def test_the_first_size_is_also_measured_on_one_core_and_as_one_row_group() -> None:
    planned = scenarios([1, 5])

    assert [scenario.name for scenario in planned] == [
        "1 M x 50",
        "5 M x 50",
        "1 M x 50, one core",
        "1 M x 50, one row group",
        "5 M x 50, one row group",
        "10 k x 2,000",
    ]
    assert planned[2].cores == 1
    assert planned[3].shape.rows_per_group == 1_000_000
    assert [scenario.has_floor for scenario in planned] == [True, True, True, True, False, True]
    assert planned[5].shape.numbers + planned[5].shape.words == 2_000


def test_files_are_deleted_afterwards() -> None:
    with Files.made(SHAPE) as files:
        assert parquet.read_metadata(files.current).num_rows == 2_500
        assert not parquet.read_table(files.reference).equals(parquet.read_table(files.current))

    assert not files.folder.exists()


def test_a_check_is_measured_beside_the_floor_after_it_learned_earlier_partitions() -> None:
    check = "tests.unit.test_speed_bench.counting:check_once"  # fails unless it learned thirty
    said: list[str] = []

    took = measure_product(Scenario("small", SHAPE), check, 1, said.append)

    assert list(took) == [FLOOR, PRODUCT]
    assert said == ["making small", "floor, run 1 of 1", "watchkeeper, run 1 of 1"]


def test_without_a_check_the_floor_is_measured_alone() -> None:
    assert list(measure_product(Scenario("small", SHAPE), None, 1, lambda _: None)) == [FLOOR]


def test_the_table_says_how_many_times_the_floor_everything_is() -> None:
    measured = {"1 M x 50": {FLOOR: A_BIT, PRODUCT: Usage(3.0, 3.0, 150.0)}}
    out = StringIO()

    Console(file=out, width=WIDTH).print(speeds(measured, [a_peer()]))

    rows = [line.split()[4:] for line in out.getvalue().splitlines()[1:4]]
    assert rows[0] == ["floor", "2.00", "1.00", "3.00", "1.00", "100", "1.00"]
    assert rows[1] == ["watchkeeper", "3.00", "1.50", "3.00", "1.00", "150", "1.50"]
    assert rows[2] == ["peer", "20.00", "10.00", "30.00", "10.00", "1000", "10.00", "2026-01-31"]


def test_without_a_floor_the_table_has_no_ratios() -> None:
    out = StringIO()

    Console(file=out, width=WIDTH).print(
        speeds({"20 M x 50, one row group": {PRODUCT: Usage(3.0, 3.0, 150.0)}}, [])
    )

    assert out.getvalue().splitlines()[1].split()[-4:] == ["watchkeeper", "3.00", "3.00", "150"]


def test_what_comes_before_the_first_row_is_measured_and_told() -> None:
    at_start = measure_start(Scenario("small", SHAPE), 1, lambda _: None)
    out = StringIO()

    Console(file=out, width=WIDTH).print(speeds({}, [], at_start))

    assert at_start.heavy == ()
    said = " ".join(out.getvalue().split())
    assert f"imported in {at_start.import_s:.2f} s, without pandas, scipy and sklearn" in said
    assert f"one more judged in {1000 * at_start.year_s:.0f} ms" in said


def test_kept_speeds_are_replaced_by_name_and_scenario(tmp_path: Path) -> None:
    path = tmp_path / "peers.json"
    assert PeerSpeeds.read(path) == PeerSpeeds()

    PeerSpeeds().with_new(a_peer()).write(path)
    PeerSpeeds.read(path).with_new(a_peer(wall_s=10)).write(path)

    assert [kept.took.wall_s for kept in PeerSpeeds.read(path).results] == [10]


def test_made_up_numbers_have_zeros_and_rounded_ones_among_them(tmp_path: Path) -> None:
    table = parquet.read_table(written(tmp_path)).to_pandas()

    assert (table["number_3"] == 0).mean() == pytest.approx(0.3, abs=0.05)
    assert np.allclose(table["number_2"].dropna(), table["number_2"].dropna().round(2))
