"""Arrays with a header as the bytes of one compressed file, and back; no pickle is ever read."""

import json
from collections.abc import Mapping
from io import BytesIO
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Header = Mapping[str, Any]
Arrays = Mapping[str, NDArray[Any]]


_PARSING = (
    Lock()
)  # numpy parses headers with `ast`, which fails at times in threads of CPython 3.11


def packed(header: Header, arrays: Arrays) -> bytes:
    """Write arrays and what is said of them."""
    body = BytesIO()
    said = json.dumps(header, sort_keys=True).encode()
    every = {**arrays, "header": np.frombuffer(said, dtype=np.uint8)}
    np.savez_compressed(body, allow_pickle=False, **every)
    return body.getvalue()


def unpacked(body: bytes) -> tuple[Header, Arrays]:
    """Undo `packed`."""
    with _PARSING, np.load(BytesIO(body), allow_pickle=False) as stored:
        header = json.loads(stored["header"].tobytes())
        return header, {name: stored[name] for name in stored.files if name != "header"}
