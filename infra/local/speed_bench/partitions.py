"""Big partitions of made-up rows: four shapes of numbers, categories from a few to a thousand.

`python -m infra.local.speed_bench.partitions SEED ROWS NUMBERS WORDS ROWS_PER_GROUP PATH ...` makes
each with a seed of its own; in a process of its own, so that its memory is not counted for what is
measured later.
"""

import sys
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from infra.local.speed_bench.shape import Shape

_NULLS: Final = 0.01
_ZEROS: Final = 0.3
_CATEGORIES: Final = (2, 3, 5, 8, 12, 20, 50, 100, 300, 1000)


def write(path: Path, shape: Shape, seed: int) -> None:
    """Write a partition a row group at a time."""
    chance = np.random.default_rng(seed)
    left = shape.rows
    writer = None
    while left:
        group = _group(min(left, shape.rows_per_group), shape, chance)
        writer = writer or parquet.ParquetWriter(path, group.schema)
        writer.write_table(group, row_group_size=shape.rows_per_group)
        left -= group.num_rows
    if writer:
        writer.close()


def main(arguments: list[str]) -> None:
    """Run as the module's docstring says."""
    seed, rows, numbers, words, rows_per_group, *paths = arguments
    shape = Shape(int(rows), int(numbers), int(words), int(rows_per_group))
    for place, path in enumerate(paths):
        write(Path(path), shape, int(seed) + place)


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
