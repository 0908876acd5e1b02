import gzip
import json
import math
from pathlib import Path
from time import process_time
from typing import Any

import pyarrow as pa
import pytest

from functions.data import json_lines
from functions.data.object_tables import Slice, UnreadableObject, slices
from functions.untyped import with_numbers


def read(body: bytes, name: str, wanted: set[str] | None = None) -> list[Slice]:
    return list(slices(pa.py_buffer(body), f"a/dt=2013-02-08/{name}", wanted))


def rows(body: bytes, name: str, wanted: set[str] | None = None) -> list[dict[str, Any]]:
    tables = [piece.table for piece in read(body, name, wanted)]
    found: list[dict[str, Any]] = pa.concat_tables(tables, promote_options="permissive").to_pylist()
    return found


def lines(*records: Any) -> bytes:
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


@pytest.mark.parametrize("name", ["p.csv", "P.CSV", "p.csv.gz"])
def test_csv_is_text_and_an_empty_field_is_no_value(name: str) -> None:
    body = b'id,n,c\n007,1.5,"a, b"\n8,,\n'

    found = rows(gzip.compress(body) if name.endswith("gz") else body, name)

    assert found == [{"id": "007", "n": "1.5", "c": "a, b"}, {"id": "8", "n": None, "c": None}]


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfa,b\n1,2\n",
        b"a,b\r\n1,2\r\n",
        b"\na,b\n\n1,2",
        b'"a","b"\n"1","2"\n',
        gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n"),
    ],
    ids=["mark", "windows", "blank lines", "quotes", "two gzips"],
)
def test_csv_is_read_however_it_was_written(body: bytes) -> None:
    name = "p.csv.gz" if body.startswith(b"\x1f\x8b") else "p.csv"

    assert rows(body, name) == [{"a": "1", "b": "2"}]


def test_a_value_may_have_line_breaks_and_be_very_long() -> None:
    long = "x" * 10_000_000

    found = rows(f'a,b\n"1\n2",{long}\n'.encode(), "p.csv")

    assert found == [{"a": "1\n2", "b": long}]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"a,b\n1,2\n3\n", "p.csv"),
        (b'a,b\n1,2\n"3,4\n', "p.csv"),
        ("a,b\nä,2\n".encode("latin1"), "p.csv"),
        ("ä,b\n1,2\n".encode("latin1"), "p.csv"),
        (b"x" * 200_000 + b"\n1\n", "p.csv"),
        (gzip.compress(b"a,b\n1,2\n" * 99)[:-30], "p.csv.gz"),
        (b"a,b\n1,2\n", "p.csv.gz"),
        (b'{"a": 1}\n{"a": ', "p.jsonl"),
        (b'{"a": 1}\n7\n', "p.jsonl"),
        (b"null\n", "p.jsonl"),
        (b'null\n{"a": 1}\n', "p.jsonl"),
        (b'{"a": 1}\n null\n', "p.jsonl"),
        (b'[{"a": 1}]', "p.json"),
        (b'{"a": "\xff"}', "p.ndjson"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "p.jsonl"),
        (b'{"a": 1}', "p.json.gz"),
        (b"a,b\n1,2\n", "p.parquet"),
    ],
    ids=[
        "ragged",
        "open quote",
        "latin1",
        "latin1 in the header",
        "no header",
        "cut off",
        "not packed",
        "half a record",
        "no record",
        "nothing instead of a record",
        "nothing before a record",
        "nothing behind a record",
        "a list",
        "no text",
        "too deep",
        "json not packed",
        "csv as parquet",
    ],
)
def test_what_is_not_what_its_name_says_is_unreadable(body: bytes, name: str) -> None:
    with pytest.raises(UnreadableObject, match=rf"a/dt=2013-02-08/{name} cannot be read as"):
        read(body, name)


def test_only_wanted_columns_are_read_and_all_are_told() -> None:
    [from_csv] = read(b"a,b,c\n1,2,3\n", "p.csv", {"a", "x"})
    [from_json] = read(lines({"a": 1, "b": {"c": 2}}), "p.jsonl", {"a", "x"})

    assert from_csv.table.to_pylist() == [{"a": "1"}]
    assert from_json.table.to_pylist() == [{"a": 1, "x": None}]
    assert (from_csv.schema.names, from_json.schema.names) == (["a", "b", "c"], ["a", "b"])


def test_without_a_wanted_column_rows_are_counted_all_the_same() -> None:
    [found] = read(b"a;b\n1;2\n3;4\n", "p.csv", {"a"})

    assert (found.rows, found.table.num_columns) == (2, 0)


@pytest.mark.parametrize("body", [b"a,b", b"a,b\n", b"a,b\n\n"])
def test_a_header_alone_tells_its_columns(body: bytes) -> None:
    [found] = read(body, "p.csv", {"a"})

    assert (found.table.num_rows, found.schema.names) == (0, ["a", "b"])


@pytest.mark.parametrize("name", ["p.csv", "p.jsonl"])
def test_nothing_at_all_has_no_columns_either(name: str) -> None:
    assert read(b"", name) == read(b"\n\n", name) == []


def test_a_name_that_is_there_twice_is_there_twice() -> None:
    [found] = read(b"a,a,b\n1,2,3\n", "p.csv", {"a", "b"})

    assert sorted(found.table.column_names) == ["a", "a", "b"]


def test_a_long_object_comes_in_slices() -> None:
    body = b"a\n" + b"1\n" * 150_000

    sizes = [piece.rows for piece in read(body, "p.csv")]

    assert sum(sizes) == 150_000
    assert max(sizes) <= 65_536


def test_a_file_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b"a\n1\n")

    [found] = slices(path, path.name)

    assert found.table.to_pylist() == [{"a": "1"}]


def test_records_keep_their_types_and_text_that_looks_like_a_time_stays_text() -> None:
    found = rows(
        lines({"n": 1, "c": "2013-01-01", "flag": True}, {"n": 2.5, "c": "2013-01-02 05:00:00"}),
        "p.jsonl",
    )

    assert found == [
        {"n": 1.0, "c": "2013-01-01", "flag": True},
        {"n": 2.5, "c": "2013-01-02 05:00:00", "flag": None},
    ]


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ([1, "x", 2.0, 2.5, True, None], ["1", "x", "2", "2.5", "true", None]),
        ([1, True, 2.5, None], [1.0, 1.0, 2.5, None]),
        ([1.5, True, 10**400, math.inf], [1.5, 1.0, None, None]),
    ],
    ids=["text among numbers", "flags among numbers", "more than a float"],
)
def test_a_column_that_changes_its_type_is_the_plainer_of_them(
    values: list[Any], held: list[Any]
) -> None:
    found = rows(lines(*({"a": value} for value in values)), "p.jsonl")

    assert [row["a"] for row in found] == held


def test_a_column_of_lists_and_text_is_nested_and_the_others_are_as_ever() -> None:
    [found] = read(lines({"a": [1], "b": 1}, {"a": "x", "b": 2}), "p.jsonl")

    assert pa.types.is_nested(found.schema.field("a").type)
    assert found.table.column("b").to_pylist() == [1.0, 2.0]


def test_records_are_cut_where_lines_end_however_long_these_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_lines, "_BLOCK_BYTES", 7)
    records = [{"a": "x" * length} for length in (0, 50, 3, 1)]

    assert rows(lines(*records), "p.jsonl") == records


def typed(*values: str | None) -> list[Any]:
    body = "".join(f'"{"" if value is None else value}",1\n' for value in values)
    [found] = read(f"a,b\n{body}".encode(), "p.csv")
    column: list[Any] = with_numbers(found.table, ["a"]).column("a").to_pylist()
    return column


def test_text_without_a_type_becomes_numbers_if_all_of_it_is() -> None:
    assert typed("1", " 2.5 ", "-1e3", None) == [1.0, 2.5, -1000.0, None]
    assert typed("1", "NA", "#N/A", "nan", "NULL", "None", "\\N") == [1.0] + [None] * 6
    assert typed("True", "false", None) == [True, False, None]
    assert typed("1", "about 2", None) == ["1", "about 2", None]


def test_text_of_a_file_with_types_stays_text() -> None:
    table = pa.table({"a": ["1"]})

    assert with_numbers(table, ["a", "b"]) is table


def test_long_rows_of_csv_come_once_each_among_short_ones() -> None:
    lengths = [10] * 300_000 + [3 * 2**20] + [10] * 1000 + [2 * 2**20]
    lines = "".join(f"{i},{'x' * length}\n" for i, length in enumerate(lengths))

    found = list(slices(pa.py_buffer(f"i,text\n{lines}".encode()), "part.csv"))

    rows = [int(i) for piece in found for i in piece.table.column("i").to_pylist()]
    assert rows == list(range(len(lengths)))
    assert sum(len(text) for piece in found for text in piece.table.column("text").to_pylist()) == (
        sum(lengths)
    )


def test_a_row_of_csv_that_no_block_holds_cannot_be_read() -> None:
    text = f"i,text\n1,{'x' * (40 * 2**20)}\n2,y\n"

    with pytest.raises(UnreadableObject):
        list(slices(pa.py_buffer(text.encode()), "part.csv"))


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n  \n", '""\n', "\n" * 5000])
@pytest.mark.parametrize("name", ["p.csv", "p.csv.gz"])
def test_a_quote_that_is_never_closed_makes_csv_unreadable_instead_of_hiding_rows(
    name: str, end: str
) -> None:
    body = f'a,b\n1,x\n2,"y\n3,z\n4,z{end}'.encode()

    with pytest.raises(UnreadableObject):
        read(gzip.compress(body) if name.endswith("gz") else body, name, {"a"})


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n", " \n"])
@pytest.mark.parametrize("value", ["y\n3,z", 'y\n"3"', "y\r\n", 'y\n"'])
def test_a_last_value_of_several_lines_is_read(value: str, end: str) -> None:
    quoted = value.replace('"', '""')

    found = rows(f'a,b\n1,x\n2,"{quoted}"{end}'.encode(), "p.csv", {"a", "b"})

    assert [one["a"] for one in found] == ["1", "2"]
    assert found[1]["b"].strip() == value.strip()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("p.csv.gz", b"," * 3 * 2**20),
        ("p.csv.gz", b"a,b\n" + b"1" * 40 * 2**20),
        ("p.jsonl.gz", b'{"a": "' + b"x" * 40 * 2**20 + b'"}'),
        ("p.jsonl.gz", b'{"a": [1' + b",1" * 20 * 2**20 + b"]}"),
    ],
    ids=["header", "row", "text", "list"],
)
def test_a_line_that_unpacks_to_more_than_memory_holds_is_unreadable(
    name: str, body: bytes
) -> None:
    with pytest.raises(UnreadableObject):
        read(gzip.compress(body), name)


@pytest.mark.parametrize("name", ["p.csv.gz", "p.jsonl.gz"])
def test_a_file_of_blank_lines_costs_next_to_nothing(name: str) -> None:
    body = gzip.compress(b"a,b\n" * name.count("csv") + b"\n" * 40 * 2**20)
    before = process_time()

    found = read(body, name)

    assert sum(piece.rows for piece in found) == 0
    assert process_time() - before < 1  # line by line it takes several seconds


def test_records_without_anything_in_them_are_as_many_as_there_are() -> None:
    assert [piece.rows for piece in read(b"{}\n" * 70_000, "p.jsonl")] == [65_536, 4_464]
