"""Where references and summaries are kept: small compressed arrays, never the rows themselves."""

import zlib
from zipfile import BadZipFile

from core.domain.errors import NotThere
from core.domain.ids import content_hash
from core.domain.partition import partition_prefix
from core.ports import Objects
from functions.data.npz import Arrays, Header, packed, unpacked

_SCHEMA = 4
_READ = frozenset({3, 4})  # of 3, counts and products are plain numbers


def keep_reference(model: str, header: Header, arrays: Arrays, objects: Objects) -> str:
    """Store a reference once, under its content hash; returns the key."""
    body = _packed({**header, "model": model}, arrays)
    key = f"summaries/{model}/references/{content_hash(body)}.npz"
    objects.put(key, body)  # the same bytes again, unless what is there was damaged
    return key


def read_reference(key: str, objects: Objects) -> tuple[Header, Arrays] | None:
    """Read a reference; `None` if it is gone, damaged, or by an older version: learn it anew."""
    return _read(key, objects)


def keep_summary(place: str, partition: str, arrays: Arrays, objects: Objects) -> str:
    """Store what a partition looks like, in place of an earlier summary; returns the key.

    Args:
        place: where summaries that can be compared with each other are kept.
        partition: which one.
        arrays: its summary.
        objects: the store.
    """
    key = _key(place, partition)
    objects.put(key, _packed({}, arrays))
    return key


def read_summary(place: str, partition: str, objects: Objects) -> Arrays | None:
    """Read the summary of a partition; `None` if there is none, none whole, or an older one."""
    unpacked = _read(_key(place, partition), objects)
    return unpacked[1] if unpacked else None


def summarised(place: str, objects: Objects) -> dict[str, str]:
    """Name the partitions that have a summary, each with what changes when its summary does."""
    prefix = f"{place}/dt="
    listed = objects.list(prefix)
    return {stored.key[len(prefix) :].split("/")[0]: stored.etag for stored in listed}


def place_of(model: str, ruler: str) -> str:
    """Say where the summaries lie that were measured with one ruler."""
    return f"summaries/{model}/{ruler}"


def _key(place: str, partition: str) -> str:
    return partition_prefix(place, partition) + "summary.npz"


def _packed(header: Header, arrays: Arrays) -> bytes:
    return packed({**header, "schema": _SCHEMA}, arrays)


def _read(key: str, objects: Objects) -> tuple[Header, Arrays] | None:
    try:
        return _unpacked(objects.get(key))
    except (NotThere, BadZipFile, EOFError, KeyError, ValueError, zlib.error):
        return None


def _unpacked(body: bytes) -> tuple[Header, Arrays] | None:
    header, arrays = unpacked(body)
    return (header, arrays) if header["schema"] in _READ else None
