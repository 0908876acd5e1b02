"""JSON lines as Arrow tables, some rows after others; Python looks at what Arrow will not take."""

import json
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any, Final

import pyarrow as pa
from pyarrow import json as arrow_json

_BLOCK_BYTES: Final = 4 * 2**20
_LONGEST_BYTES: Final = (
    32 * 2**20
)  # of a line; a longer one, unpacked from a few bytes, takes all memory
_MOST_BRACKETS: Final = 500  # of a line that Arrow is given: what is nested too deeply kills it
_MARK_OF_UTF8: Final = b"\xef\xbb\xbf"


def json_tables(stream: pa.NativeFile) -> Iterator[pa.Table]:
    """Read records, one a line; each table has the columns that some of its records have.

    Text stays text, whatever it looks like. A column that holds text in some rows and numbers in
    others is text.

    Raises:
        ArrowInvalid: a line is no record.
    """
    texts: set[str] = set()
    for block in _blocks(stream):
        table = _records(block, texts)
        if table.num_rows:
            yield table


def _blocks(stream: pa.NativeFile) -> Iterator[bytes]:
    """Cut at the ends of lines."""
    parts: list[bytes] = []
    while chunk := stream.read(_BLOCK_BYTES):
        lines, newline, rest = chunk.rpartition(b"\n")
        if newline:
            yield b"".join([*parts, lines])
            parts = []
        parts.append(rest)
        if sum(map(len, parts)) > _LONGEST_BYTES:
            raise pa.ArrowInvalid("a line is too long")
    yield b"".join(parts)


def _records(block: bytes, texts: set[str]) -> pa.Table:
    if not block.strip():
        return pa.table({})
    lines = block.removeprefix(_MARK_OF_UTF8).splitlines()
    if all(_is_for_arrow(line) for line in lines):
        try:
            return _by_arrow(block, texts)
        except pa.ArrowInvalid:  # such as a column that changes its type
            pass
    return _by_hand(lines)


def _is_for_arrow(line: bytes) -> bool:
    """Say whether Arrow survives a line; `null` where a record should be ends the whole process."""
    begins_like_a_record = line.lstrip()[:1] in {b"", b"{"}
    return begins_like_a_record and line.count(b"[") + line.count(b"{") <= _MOST_BRACKETS


def _by_arrow(block: bytes, texts: set[str]) -> pa.Table:
    """Read records with Arrow.

    Args:
        block: whole lines.
        texts: the columns whose text Arrow would take for times; grows when more show up.
    """
    table = arrow_json.read_json(
        pa.BufferReader(block),
        arrow_json.ReadOptions(use_threads=False, block_size=len(block) + 1),
        arrow_json.ParseOptions(
            explicit_schema=pa.schema([(name, pa.string()) for name in sorted(texts)])
        ),
    )
    table.validate(full=True)  # Arrow takes bytes that are no text for text
    times = {field.name for field in table.schema if pa.types.is_timestamp(field.type)}
    if not times:
        return table
    texts |= times
    return _by_arrow(block, texts)


def _by_hand(lines: Sequence[bytes]) -> pa.Table:
    try:
        records = [json.loads(line) for line in lines if line.strip()]
    except (ValueError, RecursionError) as error:
        raise pa.ArrowInvalid("a line is no JSON") from error
    if not all(isinstance(record, dict) for record in records):
        raise pa.ArrowInvalid("a line is no record")
    if not records:
        return pa.table({})
    names = dict.fromkeys(name for record in records for name in record)
    columns = {name: _alike([record.get(name) for record in records]) for name in names}
    rows = (
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    )
    mended = "\n".join(json.dumps(row) for row in rows).encode()
    texts = {name for name, values in columns.items() if any(isinstance(v, str) for v in values)}
    return _by_arrow(mended, texts)


def _alike(values: Sequence[Any]) -> Sequence[Any]:
    """Make values of one type out of what a column holds; what no number can be is no value."""
    kinds = {type(value) for value in values} - {type(None)}
    if kinds & {dict, list}:
        return [[]] * len(values)  # nobody looks into it
    if kinds == {bool}:
        return values
    if str not in kinds:
        return [None if value is None else _number(value) for value in values]
    return [None if value is None else _text(value) for value in values]


def _number(value: float) -> float | None:
    try:
        return float(value) if isfinite(value) else None
    except OverflowError:  # Python counts further than a float does
        return None


def _text(value: str | float) -> str:
    """Write a value as Arrow does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
