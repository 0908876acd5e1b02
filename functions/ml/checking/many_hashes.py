"""Hashes of more rows than can be held: the first millions in memory, all in a file beyond that."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Final
from weakref import finalize

import numpy as np

from functions.arrays import Counts, Hashes
from functions.ml.checking.hashing import smallest_counted, together

_BYTES: Final = 8  # of a hash
_MOST_HELD: Final = 2**21
_ROWS_AT_ONCE: Final = 2**18
_SORTED_AT_ONCE: Final = 2**20


class ManyHashes:
    """One hash for each row, in their order; what lies in a file is deleted with it."""

    def __init__(self, most_held: int = _MOST_HELD) -> None:
        """Begin with no rows; so many of them are held, more of them go to a file."""
        self._most_held = most_held
        self._held = np.zeros(0, dtype=np.uint64)
        self._file: IO[bytes] | None = None
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def append(self, hashes: Hashes) -> None:
        """Add rows behind all others."""
        self._write(self._rows, hashes)

    def add(self, begins: int, hashes: Hashes) -> None:
        """Add hashes to those of the rows from one on; rows that are new begin with zero."""
        there = self._read(begins, len(hashes))
        self._write(begins, there + hashes[: len(there)])
        self._write(begins + len(there), hashes[len(there) :])

    def pieces(self) -> Iterator[Hashes]:
        """Return all of them, some after others."""
        for begins in range(0, self._rows, _ROWS_AT_ONCE):
            yield self._read(begins, _ROWS_AT_ONCE)

    def smallest(self, most: int) -> tuple[Hashes, Counts]:
        """Keep the smallest distinct ones with how often each occurs."""
        kept = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))
        for piece in self.pieces():
            kept = together(kept, smallest_counted(piece, most), most)
        return kept

    @property
    def distinct(self) -> int:
        """How many different ones there are; 64-bit hashes of a billion rows hardly collide.

        Those of one range are counted after those of another.
        """
        ranges = np.uint64(max(1, -(-self._rows // _SORTED_AT_ONCE)))
        width = np.uint64(2**64 - 1) // ranges + np.uint64(1) if ranges > 1 else None
        return sum(self._distinct_in(place, width) for place in range(int(ranges)))

    def _distinct_in(self, place: int, width: np.uint64 | None) -> int:
        every = [
            piece if width is None else piece[piece // width == place] for piece in self.pieces()
        ]
        rising = np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *every]))
        return int(np.count_nonzero(rising[1:] != rising[:-1])) + min(len(rising), 1)

    def _read(self, begins: int, rows: int) -> Hashes:
        ends = min(begins + rows, self._rows)
        if self._file is None:
            return self._held[begins:ends]
        self._file.seek(begins * _BYTES)
        return np.frombuffer(self._file.read((ends - begins) * _BYTES), dtype=np.uint64)

    def _write(self, begins: int, hashes: Hashes) -> None:
        ends = begins + len(hashes)
        if self._file is None and ends > self._most_held:
            self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as this
            finalize(self, self._file.close)
            self._file.write(self._held[: self._rows].data)
            self._held = self._held[:0].copy()
        if self._file is not None:
            self._file.seek(begins * _BYTES)
            self._file.write(np.ascontiguousarray(hashes).data)
        else:
            self._make_room(ends)
            self._held[begins:ends] = hashes
        self._rows = max(self._rows, ends)

    def _make_room(self, rows: int) -> None:
        if rows > len(self._held):
            more = max(rows - len(self._held), len(self._held))
            self._held = np.concatenate([self._held, np.zeros(more, dtype=np.uint64)])
