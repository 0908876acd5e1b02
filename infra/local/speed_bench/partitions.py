"""Big partitions of made-up rows: four shapes of numbers, categories from a few to a thousand.

`python -m infra.local.speed_bench.partitions SEED ROWS NUMBERS WORDS ROWS_PER_GROUP PATH ...` makes
each with a seed of its own; in a process of its own, so that its memory is not counted for what is
measured later.
"""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from infra.local.speed_bench.shape import Shape

_MOST_AT_ONCE: Final = 1_000_000  # rows that are held; a longer row group is put together on disk
_NULLS: Final = 0.01
_ZEROS: Final = 0.3
_CATEGORIES: Final = (2, 3, 5, 8, 12, 20, 50, 100, 300, 1000)


def write(path: Path, shape: Shape, seed: int, most_at_once: int = _MOST_AT_ONCE) -> None:
    """Write a partition a row group at a time, and hold so many rows."""
    chance = np.random.default_rng(seed)
    groups = _groups(shape, chance, min(shape.rows_per_group, most_at_once))
    if shape.rows_per_group <= most_at_once:
        _write_parquet(path, groups, shape.rows_per_group)
        return
    aside = path.with_suffix(".arrow")
    with pa.OSFile(str(aside), "wb") as file:
        first = next(groups)
        with pa.ipc.new_file(file, first.schema) as writer:
            for group in chain([first], groups):
                writer.write_table(group)
    with pa.memory_map(str(aside)) as mapped:
        _write_parquet(path, [pa.ipc.open_file(mapped).read_all()], shape.rows_per_group)
    aside.unlink()


def main(arguments: list[str]) -> None:
    """Run as the module's docstring says."""
    seed, rows, numbers, words, rows_per_group, *paths = arguments
    shape = Shape(int(rows), int(numbers), int(words), int(rows_per_group))
    for place, path in enumerate(paths):
        write(Path(path), shape, int(seed) + place)


def _groups(shape: Shape, chance: np.random.Generator, most: int) -> Iterator[pa.Table]:
    for begun in range(0, shape.rows, most):
        yield _group(min(most, shape.rows - begun), shape, chance)


def _write_parquet(path: Path, groups: Iterable[pa.Table], rows_per_group: int) -> None:
    writer = None
    for group in groups:
        writer = writer or parquet.ParquetWriter(path, group.schema)
        writer.write_table(group, row_group_size=rows_per_group)
    if writer:
        writer.close()


def _group(rows: int, shape: Shape, chance: np.random.Generator) -> pa.Table:
    columns = {f"number_{n}": _numbers(n, rows, chance) for n in range(shape.numbers)}
    words = {f"word_{n}": _words(n, rows, chance) for n in range(shape.words)}
    return pa.table(
        {
            name: pa.array(values, mask=chance.random(rows) < _NULLS)
            for name, values in {**columns, **words}.items()
        }
    )


def _numbers(place: int, rows: int, chance: np.random.Generator) -> NDArray[np.float64]:
    shapes = (
        lambda: chance.normal(place, 1 + place % 5, rows),
        lambda: chance.exponential(1 + place, rows),
        lambda: np.round(chance.gamma(2, 10, rows), 2),
        lambda: np.where(chance.random(rows) < _ZEROS, 0.0, chance.lognormal(size=rows)),
    )
    return shapes[place % len(shapes)]()


def _words(place: int, rows: int, chance: np.random.Generator) -> NDArray[np.str_]:
    count = _CATEGORIES[place % len(_CATEGORIES)]
    often = 1 / np.arange(1, count + 1)  # the second is half as frequent as the first
    categories = np.array([f"word_{place}_{n}" for n in range(count)])
    return categories[chance.choice(count, rows, p=often / often.sum())]


if __name__ == "__main__":
    main(sys.argv[1:])
