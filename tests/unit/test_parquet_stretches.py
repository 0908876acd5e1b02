"""Row groups that are too large to be held are read a block after another."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from pyarrow.parquet import encryption

from functions.arrays import NumberColumn, Sized, WordColumn
from functions.data.arrow_batch import Kind, take_batch
from functions.data.object_tables import UnreadableObject, stretches
from functions.data.parquet_stretches import blocks
from functions.ml.checking.hashing import hash_words
from functions.ml.checking.profile import profile_batch, profile_part
from functions.ml.checking.ruler import Ruler, rule_numbers, rule_words

ROWS = 300_000  # more than a block has
MIB = 2**20
KINDS: dict[str, Kind] = {"x": "number", "y": "number", "z": "number", "w": "category"}
RULER = Ruler.of(
    {
        "x": rule_numbers(np.arange(1000.0), had_nulls=True),
        "y": rule_numbers(np.arange(1000.0), had_nulls=True),
        "w": rule_words({"a": 3, "b": 1}, hash_words(["a", "b"]), had_nulls=True),
        "gone": rule_numbers(np.arange(9.0), had_nulls=False),
        "z": rule_numbers(np.arange(1000.0), had_nulls=True),
    }
)


def a_table(rows: int = ROWS) -> pa.Table:
    chance = np.random.default_rng(7)
    numbers = {
        name: pa.array(chance.normal(500, 100, rows).round(2), mask=chance.random(rows) < 0.1)
        for name in ("x", "y", "z")
    }
    words = np.array(["a", "b", "c", "d", None], dtype=object)[chance.integers(0, 5, rows)]
    return pa.table({**numbers, "w": pa.array(words, pa.string())})


def parts_of(table: pa.Table, folder: Path) -> Iterator[Sized]:
    path = folder / "part.parquet"
    parquet.write_table(table, path, row_group_size=len(table))
    for piece in stretches(path, path.name, list(KINDS), ["w"]):
        yield take_batch(piece.table, KINDS).part


def test_a_row_group_that_is_cut_looks_as_it_does_whole(tmp_path: Path) -> None:
    table = a_table()

    [seen] = [profile_part(part, RULER) for part in parts_of(table, tmp_path)]

    whole = profile_batch(take_batch(table, KINDS).batch, ROWS, RULER)
    assert (seen.rows, seen.related_rows) == (whole.rows, whole.related_rows)
    for field in ("lows", "highs", "counts", "sums", "heads"):
        assert np.array_equal(getattr(seen, field), getattr(whole, field)), field
    for field in ("facts", "products"):
        assert getattr(seen, field) == pytest.approx(getattr(whole, field), rel=1e-9, abs=1e-6)
    for ours, theirs in zip(
        [*seen.distinct, *seen.sample, *seen.fresh[2]],
        [*whole.distinct, *whole.sample, *whole.fresh[2]],
        strict=True,
    ):
        assert np.array_equal(ours, theirs)


def test_a_row_group_that_is_held_is_put_together_again(tmp_path: Path) -> None:
    table = a_table()

    [held] = [part.held().batch for part in parts_of(table, tmp_path)]

    numbers, words = held["x"], held["w"]
    assert isinstance(numbers, NumberColumn)
    assert isinstance(words, WordColumn)
    assert np.array_equal(
        numbers.values, table.column("x").fill_null(np.nan).to_numpy(), equal_nan=True
    )
    assert [words.words[code] if code >= 0 else None for code in words.codes[-50:]] == (
        table.column("w").to_pylist()[-50:]
    )


def test_little_of_a_row_group_is_held_however_large_it_is(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    text = pa.array([f"{i:0500}" for i in range(60_000)])
    table = a_table(60_000).append_column("text", text)
    parquet.write_table(table, path, row_group_size=len(table), use_dictionary=["w"])
    most = 0
    before = pa.total_allocated_bytes()

    rows: dict[str, int] = {}
    for piece in stretches(path, path.name, table.column_names, ["w", "text"]):
        for begins, block in blocks(piece.table, table.column_names):
            most = max(most, pa.total_allocated_bytes() - before)
            for name in block.schema.names:
                assert rows.get(name, 0) == begins
                rows[name] = begins + block.num_rows

    assert rows == dict.fromkeys(table.column_names, len(table))
    assert text.nbytes > 28 * MIB
    assert most < 14 * MIB


def test_rows_of_a_row_group_without_wanted_columns_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    parquet.write_table(pa.table({"other": [1, 2, 3]}), path)

    pieces = stretches(path, path.name, ["x"])
    [seen] = [profile_part(take_batch(p.table, {"x": "number"}).part, RULER) for p in pieces]

    assert (seen.rows, seen.sample[1].tolist()) == (3, [3])


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_words_that_are_stored_as_differences_are_read_though_arrow_makes_no_codes_of_them(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "part.parquet"
    table = a_table(500)
    how = {"use_dictionary": ["x"], "column_encoding": {"w": encoding}}
    parquet.write_table(table, path, **how)

    pieces = stretches(path, path.name, list(KINDS), ["w"])
    [words] = [piece.table.column("w").to_pylist() for piece in pieces]

    assert words == table.column("w").to_pylist()


class Keys(encryption.KmsClient):  # type: ignore[misc]  # pyarrow has no types
    """Hands out keys as they are."""

    def wrap_key(self, key: bytes, _name: str) -> bytes:
        return b64encode(key)


def test_a_file_with_an_encrypted_column_is_unreadable_and_does_not_end_the_process(
    tmp_path: Path,
) -> None:
    path = tmp_path / "part.parquet"
    config = encryption.EncryptionConfiguration(
        footer_key="all", column_keys={"secret": ["x"]}, plaintext_footer=True
    )
    keys = encryption.CryptoFactory(lambda _config: Keys()).file_encryption_properties(
        encryption.KmsConnectionConfig(), config
    )
    parquet.write_table(a_table(500), path, encryption_properties=keys)

    with pytest.raises(UnreadableObject):
        list(stretches(path, path.name, list(KINDS), ["w"]))
