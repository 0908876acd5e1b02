"""Which keys an object may have, whatever store holds it."""

import re

_PART = r"[A-Za-z0-9_=-][A-Za-z0-9_.=+,@:() -]*"
_KEY = re.compile(rf"{_PART}(/{_PART})*")


def is_key(name: str) -> bool:
    """Say whether an object may have this key."""
    return _KEY.fullmatch(name) is not None


def checked_key(key: str) -> str:
    """Return the key if it can be a path below a folder, and nothing but that.

    Raises:
        ValueError: other characters, a leading slash, or a name that begins with a dot (`..`).
    """
    if not is_key(key):
        raise ValueError(f"{key!r} cannot be the key of an object")
    return key
