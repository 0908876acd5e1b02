from io import StringIO

from rich.console import Console

from infra.local.speed_bench.learn_bench import learned, measure_learning
from infra.local.speed_bench.shape import Shape


def test_learning_is_measured_from_all_partitions_and_from_fewer() -> None:
    said: list[str] = []

    took = measure_learning(5, said.append, Shape(400, 2, 1, 1_000))

    assert said[0] == "making 3 partitions"
    assert list(took) == [1, 5]
    assert all(usage.cpu_s > 0 for usage in took.values())
    shown = StringIO()
    Console(file=shown, width=120).print(learned(took))
    assert "peak MiB" in shown.getvalue()
