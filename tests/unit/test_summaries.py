from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.adapters.folder.objects import FolderObjects
from functions.arrays import NumberColumn, Sized, WordColumn
from functions.data.summaries import (
    keep_reference,
    keep_summary,
    read_reference,
    read_summary,
    summarised,
)
from functions.ml.checking.packing import (
    Packed,
    pack_closed,
    pack_reference,
    unpack_closed,
    unpack_reference,
)
from functions.ml.checking.reference import Closed, Day, Reference, learn
from functions.ml.checking.summary import Summary

RNG = np.random.default_rng(2)


def a_reference(columns: int = 3, days: int = 12, *, seed: int = 0) -> Reference:
    rng = np.random.default_rng(seed)

    def day() -> Day:
        numbers = {f"n{i}": NumberColumn(rng.normal(size=300)) for i in range(columns)}
        words = {"w": WordColumn(rng.integers(0, 3, 300), ("a", "é", ""))}
        return Day([Sized({**numbers, **words}, 300)], 0.0)

    kinds = {**{f"n{i}": "number" for i in range(columns)}, "w": "category"}
    return learn({f"2013-01-{d + 1:02d}": day() for d in range(days)}, kinds, frozenset({"n0"}))


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path)


def test_a_reference_survives_being_stored(objects: FolderObjects) -> None:
    stored = a_reference()

    packed = pack_reference(stored)
    kept = read_reference(keep_reference("flights", packed.header, packed.arrays, objects), objects)

    assert kept is not None
    read = unpack_reference(Packed(*kept))
    assert (read.partitions, read.ruler.related) == (stored.partitions, stored.ruler.related)
    for name, rule in stored.ruler.columns.items():
        ruled = read.ruler.columns[name]
        assert ruled.is_sensitive == rule.is_sensitive == (name == "n0")
        assert ruled.bins == rule.bins
    for field in Summary.__dataclass_fields__:
        again, was = getattr(read.summaries, field), getattr(stored.summaries, field)
        precision = 1 / 4096 if field == "products" else 1e-6
        assert again == pytest.approx(was, rel=precision, abs=1e-6), field


def test_the_same_days_give_the_same_reference(objects: FolderObjects) -> None:
    def kept(seed: int) -> str:
        packed = pack_reference(a_reference(seed=seed))
        return keep_reference("flights", packed.header, packed.arrays, objects)

    assert kept(0) == kept(0) != kept(1)


def test_a_summary_survives_being_stored(objects: FolderObjects) -> None:
    one = a_reference().summaries[3]
    unknown = tuple(np.array([i, i + 1], dtype=np.uint64) for i in range(4))

    arrays = pack_closed(Closed(one, unknown)).arrays
    keep_summary("summaries/flights/r", "2013-02-01", arrays, objects)
    kept = read_summary("summaries/flights/r", "2013-02-01", objects)

    assert kept is not None
    read = unpack_closed(Packed({}, kept))
    assert [words.tolist() for words in read.unknown] == [words.tolist() for words in unknown]
    assert read.summary.counts.tolist() == one.counts.tolist()
    assert list(summarised("summaries/flights/r", objects)) == ["2013-02-01"]


@pytest.mark.parametrize("rows", [3e9, 1e10])
def test_billions_of_rows_in_one_bin_are_kept(rows: float) -> None:
    one = a_reference().summaries[3]
    large = replace(one, counts=one.counts * np.float32(rows))

    read = unpack_closed(pack_closed(Closed(large, ()))).summary

    assert large.counts.max() > 2**32
    assert read.counts.tolist() == large.counts.tolist()


def test_what_nobody_kept_is_none(objects: FolderObjects) -> None:
    assert read_summary("summaries/flights/r", "2013-02-01", objects) is None
    assert read_reference("reference/flights/none.npz", objects) is None


@pytest.mark.parametrize("left", [b"", b"PK", b"{}", 700, -9])
def test_what_is_damaged_is_none_until_it_is_kept_again(
    objects: FolderObjects, left: bytes | int
) -> None:
    packed = pack_reference(a_reference())
    key = keep_reference("flights", packed.header, packed.arrays, objects)
    objects.put(key, left if isinstance(left, bytes) else objects.get(key)[:left])

    assert read_reference(key, objects) is None
    assert keep_reference("flights", packed.header, packed.arrays, objects) == key
    assert read_reference(key, objects) is not None


def test_what_was_kept_before_bytes_were_put_in_planes_is_read_as_well() -> None:
    one = a_reference().summaries[3]
    arrays = dict(pack_closed(Closed(one, ())).arrays)
    arrays["counts"] = one.counts.astype(np.int32)
    arrays["products"] = one.products[np.triu_indices(len(one.products))].astype(np.float32)

    read = unpack_closed(Packed({}, arrays)).summary

    assert read.counts.tolist() == one.counts.tolist()
    assert read.products == pytest.approx(one.products, rel=1e-6)


def test_what_an_older_version_kept_is_passed_over(objects: FolderObjects) -> None:
    key = keep_summary("summaries/flights/r", "2013-02-01", {"rows": np.zeros(1)}, objects)
    with np.load(objects_path(objects, key)) as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["header"] = np.frombuffer(b'{"schema": 1}', dtype=np.uint8)
    np.savez_compressed(objects_path(objects, key), **arrays)

    assert read_summary("summaries/flights/r", "2013-02-01", objects) is None


def a_wide_reference(rows: int) -> Reference:
    """Make 40 numbers and 10 categories of 50 words, each of which is null now and then."""

    def day(name: str) -> Day:
        rng = np.random.default_rng(int(name[-1]))
        is_null = [rng.random(rows) < 0.01 for _ in range(50)]
        numbers = {
            f"n{i}": NumberColumn(np.where(is_null[i], np.nan, rng.normal(size=rows)))
            for i in range(40)
        }
        some = tuple(f"w{w}" for w in range(50))
        words = {
            f"w{i}": WordColumn(np.where(is_null[i], -1, rng.integers(0, 50, rows)), some)
            for i in range(40, 50)
        }
        return Day([Sized({**numbers, **words}, rows)], 0.0)

    kinds = {f"n{i}": "number" for i in range(40)} | {f"w{i}": "category" for i in range(40, 50)}
    return learn({name: day(name) for name in ("2013-01-01", "2013-01-02")}, kinds)


def test_a_summary_of_fifty_columns_is_small(objects: FolderObjects) -> None:
    """A million rows, whose counts have two digits more than these, add some 1,800 bytes."""
    wide = a_wide_reference(rows=10_000)

    arrays = pack_closed(Closed(wide.summaries[1], wide.known)).arrays
    key = keep_summary("summaries/flights/r", "2013-02-01", arrays, objects)

    assert len(objects.get(key)) < 12_500


def objects_path(objects: FolderObjects, key: str) -> Path:
    with objects.local_copy(key) as path:
        return path
