"""What the manifest of a partition says of it, held against what was read."""

from collections.abc import Iterator

from core.domain.finding import PLAINLY, ROWS, Finding, Kind
from core.domain.reading import Reading


def row_findings(promised: int | None, reading: Reading) -> Iterator[Finding]:
    """Find that a partition has another number of rows than its manifest says.

    Args:
        promised: what the manifest says; `None` if it does not.
        reading: what was read; where an object is unreadable its rows are not counted.
    """
    if promised is not None and promised != reading.rows and not reading.unreadable:
        where = f"{reading.rows:,} rows are there, {promised:,} should be"
        yield Finding(column=ROWS, kind=Kind.MANIFEST, score=PLAINLY, where=where)
