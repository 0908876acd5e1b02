"""What is measured: which partition, on how many cores, and the files that it needs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from infra.local.peer_environment import CACHE
from infra.local.speed_bench.measuring import measure
from infra.local.speed_bench.shape import Shape

MILLION: Final = 1_000_000

_GROUP: Final = 131_072  # rows; what writers of big files commonly make
_EARLIER: Final = 30  # partitions that are learned before the check
_EARLIER_ROWS: Final = 20_000
_SEED: Final = 7
_TWO_CORES: Final = 2


@dataclass(frozen=True)
class Scenario:
    """One row group of the table: a partition and the cores that may work on it."""

    name: str
    shape: Shape
    cores: int = _TWO_CORES

    @property
    def has_floor(self) -> bool:
        """Whether the floor is measured: it holds a row group, a GiB for each million rows."""
        return self.shape.rows_per_group <= MILLION


def scenarios(millions: list[float]) -> list[Scenario]:
    """Return the scenarios: each size on two cores, the first on one, then the odd shapes."""
    tall = [_tall(count) for count in millions]
    first = tall[0]
    return [
        *tall,
        replace(first, name=f"{first.name}, one core", cores=1),
        *(
            replace(
                one,
                name=f"{one.name}, one row group",
                shape=replace(one.shape, rows_per_group=one.shape.rows),
            )
            for one in tall
        ),
        Scenario("10 k x 2,000", Shape(10_000, 1_600, 400, _GROUP)),
    ]


@dataclass(frozen=True)
class Files:
    """Where a scenario's partitions lie; a temporary folder holds them."""

    folder: Path
    shape: Shape

    @property
    def current(self) -> Path:
        """The partition to check."""
        return self.folder / "2026-01-31.parquet"

    @property
    def reference(self) -> Path:
        """One of the same size for peers that compare rows with rows; made when asked for."""
        path = self.folder / "reference.parquet"
        if not path.exists():
            self._make(self.shape, _SEED + 1, path)
        return path

    @property
    def history(self) -> Path:
        """The folder where the product keeps what it learned."""
        return self.folder / "history"

    def learn(self, function: str) -> None:
        """Let the product learn small earlier partitions with the same columns."""
        self.history.mkdir()
        shape = replace(self.shape, rows=min(_EARLIER_ROWS, self.shape.rows))
        earlier = [self.folder / f"2026-01-{day:02d}.parquet" for day in range(1, _EARLIER + 1)]
        self._make(shape, _SEED + 2, *earlier)
        measure([*_python("call"), function, str(self.history), *map(str, earlier)], _TWO_CORES)

    def _make(self, shape: Shape, seed: int, *paths: Path) -> None:
        what = [str(seed), *shape.arguments(), *map(str, paths)]
        measure([*_python("partitions"), *what], _TWO_CORES)

    @classmethod
    @contextmanager
    def made(cls, shape: Shape) -> Iterator["Files"]:
        """Make a scenario's current partition; delete everything afterwards."""
        CACHE.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=CACHE, prefix="speed-") as folder:
            files = cls(Path(folder), shape)
            files._make(shape, _SEED, files.current)
            yield files


def floor_command(files: Files) -> list[str]:
    """Return the command line of the floor."""
    return [*_python("floor"), str(files.current)]


def check_command(function: str, files: Files) -> list[str]:
    """Return the command line of the product's check."""
    return [*_python("call"), function, str(files.history), str(files.current)]


def at_start_command(files: Files, out: Path) -> list[str]:
    """Return the command line of what comes before the first row."""
    return [*_python("at_start"), str(files.history), str(out)]


def _tall(millions: float) -> Scenario:
    return Scenario(f"{millions:g} M x 50", Shape(round(millions * MILLION), 40, 10, _GROUP))


def _python(program: str) -> list[str]:
    return [sys.executable, "-m", f"infra.local.speed_bench.{program}"]
