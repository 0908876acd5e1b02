"""Measures a large partition in many objects: each profiled, and all of their profiles merged."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from infra.local.peer_environment import CACHE
from infra.local.speed_bench.measuring import Usage, measure
from infra.local.speed_bench.shape import Shape

_OBJECT: Final = Shape(50_000, 40, 10, 131_072)
_EARLIER_ROWS: Final = 20_000
_SEED: Final = 7
_CORES: Final = 2
_LANDED: Final = "large/features/dt=2026-01-31"
_WHAT: Final = {
    "at_once": "all read at once, as a small partition is",
    "with_1_process": "profiled one by one, 1 process",
    "with_2_processes": "profiled one by one, 2 processes",
    "merge": "profiles merged",
}
_LEGEND: Final = "Whole processes on two cores, once each. ms: on the wall, for each object."

Say = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """What a partition of so many objects took."""

    objects: int
    took: dict[str, Usage]
    profile_bytes: int
    """Of one profile, on average."""


def measure_fan(objects: int, say: Say, shape: Shape = _OBJECT) -> Measured:
    """Measure each way of profiling a partition, and the merging.

    Args:
        objects: how many.
        say: hears what is done now.
        shape: of each of them.
    """
    say(f"making {objects} objects")
    with _made(objects, shape) as folder:
        took = {}
        for step, what in _WHAT.items():
            say(what)
            if step != "merge":
                _forget_profiles(folder)
            took[step] = measure(_call(step, folder, folder), _CORES)
        sizes = [file.stat().st_size for file in (folder / "profiles").rglob("*.npz")]
    return Measured(objects, took, sum(sizes) // len(sizes))


def drawn(measured: Measured) -> RenderableType:
    """Draw one row for each way."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    table.add_column(f"{measured.objects} objects", no_wrap=True)
    for heading in ("wall s", "ms", "CPU s", "peak MiB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for step, usage in measured.took.items():
        each_ms = 1000 * usage.wall_s / measured.objects
        numbers = (usage.wall_s, each_ms, usage.cpu_s, usage.peak_mib)
        table.add_row(_WHAT[step], *(f"{number:.1f}" for number in numbers))
    size = Text(f"A profile has {measured.profile_bytes:,} bytes. {_LEGEND}", style="dim")
    return Group(table, size)


@contextmanager
def _made(objects: int, shape: Shape) -> Iterator[Path]:
    """Make the objects of a partition, and learn a ruler from another one."""
    CACHE.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=CACHE, prefix="fan-") as made:
        folder = Path(made)
        (folder / _LANDED).mkdir(parents=True)
        names = [str(folder / _LANDED / f"part-{place:05}.parquet") for place in range(objects)]
        small = Shape(_EARLIER_ROWS, shape.numbers, shape.words, shape.rows_per_group)
        earlier = folder / "earlier.parquet"
        measure(_program("partitions", str(_SEED), *shape.arguments(), *names), _CORES)
        measure(_program("partitions", str(_SEED), *small.arguments(), str(earlier)), _CORES)
        measure(_call("learn_ruler", earlier, folder), _CORES)
        yield folder


def _forget_profiles(folder: Path) -> None:
    for file in (folder / "profiles").rglob("*.npz"):
        file.unlink()


def _call(function: str, path: Path, kept: Path) -> list[str]:
    return _program("call", f"infra.local.speed_bench.fan:{function}", str(kept), str(path))


def _program(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"infra.local.speed_bench.{name}", *arguments]
