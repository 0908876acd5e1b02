"""References and summaries as plain arrays with a header, and back: how they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.reading import Reading
from functions.arrays import Floats, Hashes, ShortFloats
from functions.ml.checking.column_profile import Fact
from functions.ml.checking.leaves import put_together, taken_apart
from functions.ml.checking.part import Part
from functions.ml.checking.reference import Closed, Reference
from functions.ml.checking.ruler import NumberRuler, Ruler, WordRuler
from functions.ml.checking.summary import Summary
from functions.ml.checking.tally import Tally

Arrays = Mapping[str, NDArray[Any]]

_COUNTED, _ROUNDED = "counts", "products"
_MEASURED = [Fact.TOTAL, Fact.SQUARES]
_MOST_OF_32_BITS = 2**32


@dataclass(frozen=True)
class Packed:
    """What is kept of something: words and numbers in the header, the rest as arrays."""

    header: Mapping[str, Any]
    arrays: Arrays


def pack_reference(reference: Reference) -> Packed:
    """Pack a reference."""
    ruler = pack_ruler(reference.ruler)
    header = {**ruler.header, "partitions": reference.partitions}
    known = _joined("known", reference.known)
    return Packed(header, {**ruler.arrays, **known, **_of_summary(reference.summaries)})


def pack_ruler(ruler: Ruler) -> Packed:
    """Pack a ruler."""
    header = {
        "related": ruler.related,
        "columns": [_described(name, rule) for name, rule in ruler.columns.items()],
    }
    return Packed(header, _joined("ruler", [_array_of(rule) for rule in ruler.columns.values()]))


def unpack_reference(packed: Packed) -> Reference:
    """Undo `pack_reference`."""
    header = packed.header
    parts = _split("ruler", packed.arrays)
    described = zip(header["columns"], parts, strict=True)
    columns = {of["name"]: _ruler_of(of, part) for of, part in described}
    related = tuple((column, what) for column, what in header["related"])
    return Reference(
        Ruler(columns, related),
        tuple(header["partitions"]),
        _summary_of(packed.arrays),
        tuple(_split("known", packed.arrays)),
    )


def pack_closed(closed: Closed) -> Packed:
    """Pack a partition."""
    return Packed({}, {**_joined("unknown", closed.unknown), **_of_summary(closed.summary)})


def unpack_closed(packed: Packed) -> Closed:
    """Undo `pack_closed`."""
    return Closed(_summary_of(packed.arrays), tuple(_split("unknown", packed.arrays)))


def pack_part(part: Part) -> Packed:
    """Pack what some objects of a partition look like; any field of a profile is kept."""
    counted, samples = part.tally.told
    shapes, arrays = taken_apart((part.profile, part.keys, samples))
    reading = part.reading.model_dump(mode="json")
    return Packed({"reading": reading, "counted": counted, "shapes": shapes}, arrays)


def unpack_part(packed: Packed, ruler: Ruler, tally: Tally) -> Part:
    """Undo `pack_part`; the ruler must be that of its profile, and the rules those of the tally."""
    like, header = Part.empty(ruler, tally), packed.header
    alike = like.profile, like.keys, like.tally.told[1]
    profile, keys, samples = put_together(alike, header["shapes"], packed.arrays)
    reading = Reading.model_validate(header["reading"])
    return Part(profile, keys, reading, tally.with_told(header["counted"], samples))


def _described(name: str, rule: NumberRuler | WordRuler) -> dict[str, object]:
    both = {"name": name, "had_nulls": rule.had_nulls, "is_sensitive": rule.is_sensitive}
    if isinstance(rule, WordRuler):
        return {**both, "words": rule.words, "shares": rule.shares}
    decimals = {"decimals": rule.decimals} if rule.decimals else {}  # rulers of before had none
    return {**both, "centre": rule.centre, "unit": rule.unit, "reach": rule.reach, **decimals}


def _array_of(rule: NumberRuler | WordRuler) -> NDArray[Any]:
    return rule.hashes if isinstance(rule, WordRuler) else rule.edges.view(np.uint64)


def _ruler_of(described: Mapping[str, Any], array: Hashes) -> NumberRuler | WordRuler:
    flags = bool(described["had_nulls"]), bool(described["is_sensitive"])
    if "words" in described:
        return WordRuler(tuple(described["words"]), tuple(described["shares"]), array, *flags)
    low, high = described["reach"]
    edges, decimals = array.view(np.float64), int(described.get("decimals", 0))
    return NumberRuler(edges, described["centre"], described["unit"], (low, high), *flags, decimals)


def _of_summary(summary: Summary) -> dict[str, NDArray[Any]]:
    every = {name: np.asarray(getattr(summary, name)) for name in Summary.__dataclass_fields__}
    half = np.triu_indices(summary.products.shape[-1])
    every[_ROUNDED] = _rounded(every[_ROUNDED][..., *half])
    every["distinct"] = _as_of_32_bits(every["distinct"])
    every["facts"] = np.array(every["facts"])
    every["facts"][..., _MEASURED] = _as_of_32_bits(every["facts"][..., _MEASURED])
    every[_COUNTED] = _in_planes(_whole(every[_COUNTED]))
    every[_ROUNDED] = _in_planes(every[_ROUNDED])
    return every


def _whole(counts: ShortFloats) -> NDArray[np.uint32] | NDArray[np.uint64]:
    """Keep counts as whole numbers, of 32 bits unless a bin has billions of rows."""
    is_short = counts.max(initial=0) < _MOST_OF_32_BITS
    return counts.astype(np.uint32) if is_short else counts.astype(np.uint64)


def _in_planes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Put the lowest bytes of all values together, then the next ones: alike, they pack better.

    Args:
        values: of 32 or 64 bits each; a leading axis of as many bytes is put before their shape.

    Source: the shuffle filter of HDF5 and Blosc.
    """
    size = values.itemsize
    of_each = np.ascontiguousarray(values)[..., None].view(np.uint8)  # the lowest one first
    return np.stack([of_each[..., place] for place in range(size)])


def _out_of_planes(kept: NDArray[Any], kind: str) -> NDArray[Any]:
    """Undo `_in_planes`; what was kept before there were any stays as it is.

    Args:
        kept: shape (bytes of a value, ...).
        kind: `u` for whole numbers, `f` for others.
    """
    if kept.dtype != np.uint8:
        return kept
    together = np.stack(list(kept), axis=-1)
    return np.asarray(together.view(f"<{kind}{len(kept)}")[..., 0])


def _as_of_32_bits(values: Floats) -> Floats:
    """Keep seven digits of what was measured or estimated, not counted: it packs in half."""
    return values.astype(np.float32).astype(np.float64)


def _rounded(values: Floats) -> NDArray[np.float32]:
    """Keep a relative precision of 1/4096: bits that are zero take no space once compressed."""
    bits = values.astype(np.float32).view(np.uint32)
    return ((bits + np.uint32(1 << 11)) & ~np.uint32((1 << 12) - 1)).view(np.float32)


def _summary_of(arrays: Arrays) -> Summary:
    every = {name: arrays[name] for name in Summary.__dataclass_fields__}
    every[_COUNTED] = _out_of_planes(every[_COUNTED], "u").astype(np.float32)
    every[_ROUNDED] = _mirrored(_out_of_planes(every[_ROUNDED], "f"))
    return Summary(**every)


def _mirrored(half: ShortFloats) -> ShortFloats:
    """Write out symmetric matrices of which half is kept, each as one row."""
    size = (isqrt(8 * half.shape[-1] + 1) - 1) // 2
    rows, columns = np.triu_indices(size)
    place = np.empty((size, size), dtype=np.intp)
    place[rows, columns] = place[columns, rows] = np.arange(half.shape[-1])
    return np.take(half, place, axis=-1)


def _joined(name: str, parts: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Put arrays of different lengths behind one another."""
    lengths = np.array([len(part) for part in parts], dtype=np.int64)
    return {f"{name}_lengths": lengths, name: np.concatenate([np.zeros(0, np.uint64), *parts])}


def _split(name: str, arrays: Arrays) -> list[NDArray[Any]]:
    return np.split(arrays[name], np.cumsum(arrays[f"{name}_lengths"])[:-1])
