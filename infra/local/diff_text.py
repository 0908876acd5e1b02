"""`watchkeeper diff`: how two versions differ, as lines for a terminal."""

from collections.abc import Iterator, Sequence

from core.domain.difference import KeyChange
from core.domain.serving import short
from core.domain.wording import MINUS
from core.flows.lineage import Compared

_MOST_DAYS = 14


def diff_text(compared: Compared) -> Iterator[str]:
    """Write what differs, the size of the change first."""
    difference = compared.difference
    older, newer = short(compared.older.id), short(compared.newer.id)
    yield f"{older} to {newer}: {difference.size}"
    for version in (compared.older, compared.newer):
        if unhashed := version.manifest.unhashed:
            made = " and ".join(unhashed)
            yield f"{short(version.id)} cannot be made again, nor promoted: made from {made}"
    yield ""
    yield from _changes("Config", difference.keys)
    yield from _changes("Libraries", difference.libraries)
    yield f"Code: {'other' if difference.is_other_code else 'the same'}"
    yield ""
    yield from _data(compared)
    yield ""
    yield from _figures(compared)


def _changes(heading: str, changes: Sequence[KeyChange]) -> Iterator[str]:
    if not changes:
        yield f"{heading}: the same"
        return
    yield heading
    width = max(len(change.key) for change in changes)
    for change in changes:
        old, new = (value if value is not None else "nothing" for value in (change.old, change.new))
        yield f"  {change.key:{width}}  {old}  \N{RIGHTWARDS ARROW}  {new}"


def _data(compared: Compared) -> Iterator[str]:
    difference = compared.difference
    before, after = difference.rows
    more = f"{after - before:+,}".replace("-", MINUS)
    yield f"Data: {difference.data}; {before:,} rows, then {after:,} ({more})"
    for heading, names in (
        ("added", difference.added),
        ("removed", difference.removed),
        ("changed", difference.changed),
    ):
        if names:
            rest = f" and {len(names) - _MOST_DAYS} more" if len(names) > _MOST_DAYS else ""
            yield f"  {heading:8} {', '.join(names[:_MOST_DAYS])}{rest}"


def _figures(compared: Compared) -> Iterator[str]:
    if not compared.figures:
        yield "Metrics: not comparable, there is no evaluation of both by the same evaluator on "
        yield "the same rows."
        return
    yield "Metrics on the same rows"
    width = max(len(older.name) for older, _ in compared.figures)
    for older, newer in compared.figures:
        yield f"  {older.name:{width}}  {older.words}  \N{RIGHTWARDS ARROW}  {newer.words}"
