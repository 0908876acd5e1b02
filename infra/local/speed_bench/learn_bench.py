"""Measures learning from a window of partitions: what it holds, however many there are."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from infra.local.peer_environment import CACHE
from infra.local.speed_bench.fan_bench import Say
from infra.local.speed_bench.learn import LANDED, names_of
from infra.local.speed_bench.measuring import Usage, measure
from infra.local.speed_bench.shape import Shape

_PARTITION: Final = Shape(1_000_000, 40, 10, 131_072)
_DIFFERENT: Final = 3  # the others have the same rows as one of these
_FEWER: Final = 4  # times fewer partitions, to see what grows
_SEED: Final = 7
_CORES: Final = 2
_LEGEND: Final = "Whole processes on two cores, once each; s: on the wall, for each partition."


def measure_learning(partitions: int, say: Say, shape: Shape = _PARTITION) -> Mapping[int, Usage]:
    """Measure learning from so many partitions, and from fewer.

    Args:
        partitions: how many.
        say: hears what is done now.
        shape: of each of them.
    """
    say(f"making {min(partitions, _DIFFERENT)} partitions")
    took: dict[int, Usage] = {}
    with _made(partitions, shape) as folder:
        for count in sorted({max(1, partitions // _FEWER), partitions}):
            say(f"learning from {count} partitions")
            kept = folder / "partitions"
            kept.write_text(str(count))
            took[count] = measure(_call("learn_window", folder, kept), _CORES)
    return took


def learned(took: Mapping[int, Usage]) -> RenderableType:
    """Draw one row for each window."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    for heading in ("partitions", "wall s", "s", "CPU s", "peak MiB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for partitions, usage in took.items():
        numbers = (usage.wall_s, usage.wall_s / partitions, usage.cpu_s, usage.peak_mib)
        table.add_row(str(partitions), *(f"{number:.1f}" for number in numbers))
    return Group(table, Text(_LEGEND, style="dim"))


@contextmanager
def _made(partitions: int, shape: Shape) -> Iterator[Path]:
    """Make the partitions of a store; most are another name of the same file."""
    CACHE.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=CACHE, prefix="learn-") as made:
        folder = Path(made)
        names = names_of(partitions)
        paths = [folder / LANDED / f"dt={name}" / "part-0.parquet" for name in names]
        for path in paths:
            path.parent.mkdir(parents=True)
        different = [str(path) for path in paths[-_DIFFERENT:]]
        program = [sys.executable, "-m", "infra.local.speed_bench.partitions"]
        measure([*program, str(_SEED), *shape.arguments(), *different], _CORES)
        for place, path in enumerate(paths[:-_DIFFERENT]):
            path.hardlink_to(different[place % len(different)])
        yield folder


def _call(function: str, folder: Path, kept: Path) -> list[str]:
    program = [sys.executable, "-m", "infra.local.speed_bench.call"]
    return [*program, f"infra.local.speed_bench.learn:{function}", str(kept), str(folder)]
