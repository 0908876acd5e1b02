from io import StringIO

from rich.console import Console

from infra.local.speed_bench.fan_bench import drawn, measure_fan
from infra.local.speed_bench.shape import Shape


def test_each_way_of_profiling_is_measured_and_the_merging_after_it() -> None:
    said: list[str] = []

    measured = measure_fan(3, said.append, Shape(400, 2, 1, 1_000))

    assert said[0] == "making 3 objects"
    assert list(measured.took) == ["at_once", "with_1_process", "with_2_processes", "merge"]
    assert all(usage.cpu_s > 0 for usage in measured.took.values())
    assert 1_000 < measured.profile_bytes < 50_000
    shown = StringIO()
    Console(file=shown, width=120).print(drawn(measured))
    assert "profiled one by one, 2 processes" in shown.getvalue()
    assert f"A profile has {measured.profile_bytes:,} bytes" in shown.getvalue()
