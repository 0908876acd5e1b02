"""Where references and summaries are kept: small compressed arrays, never the rows themselves."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import NotThere
from core.domain.ids import content_hash
from core.domain.partition import partition_prefix
from core.ports import Objects

_SCHEMA = 2

Header = Mapping[str, Any]
Arrays = Mapping[str, NDArray[Any]]


def keep_reference(model: str, header: Header, arrays: Arrays, objects: Objects) -> str:
    """Store a reference once, under its content hash; returns the key."""
    body = _packed({**header, "model": model}, arrays)
    key = f"reference/{model}/{content_hash(body)}.npz"
    objects.put_new(key, body)
    return key


def read_reference(key: str, objects: Objects) -> tuple[Header, Arrays] | None:
    """Read a reference; `None` if an older version wrote it, so that it must be learned anew.

    Raises:
        NotThere: no object has this key.
    """
    return None if key.endswith(".json") else _unpacked(objects.get(key))


def keep_summary(model: str, partition: str, header: Header, arrays: Arrays, to: Objects) -> str:
    """Store what a partition looks like, in place of an earlier summary; returns the key."""
    key = _summary_key(model, partition)
    to.put(key, _packed(header, arrays))
    return key


def read_summary(model: str, partition: str, objects: Objects) -> tuple[Header, Arrays] | None:
    """Read the summary of a partition; `None` if none is kept, or one by an older version."""
    try:
        return _unpacked(objects.get(_summary_key(model, partition)))
    except NotThere:
        return None


def summarised(model: str, objects: Objects) -> list[str]:
    """Name the partitions that have a summary, oldest first."""
    prefix = f"summaries/{model}/dt="
    return sorted({stored.key[len(prefix) :].split("/")[0] for stored in objects.list(prefix)})


def _summary_key(model: str, partition: str) -> str:
    return partition_prefix(f"summaries/{model}", partition) + "summary.npz"


def _packed(header: Header, arrays: Arrays) -> bytes:
    body = BytesIO()
    said = json.dumps({**header, "schema": _SCHEMA}, sort_keys=True).encode()
    every = {**arrays, "header": np.frombuffer(said, dtype=np.uint8)}
    np.savez_compressed(body, allow_pickle=False, **every)
    return body.getvalue()


def _unpacked(body: bytes) -> tuple[Header, Arrays] | None:
    with np.load(BytesIO(body), allow_pickle=False) as stored:
        header = json.loads(stored["header"].tobytes())
        if header["schema"] != _SCHEMA:
            return None
        return header, {name: stored[name] for name in stored.files if name != "header"}
