"""How ids are made: a fact gets the id that a retry would make again, a creation a new one."""

from datetime import datetime
from hashlib import blake2b
from typing import NewType

AlertId = NewType("AlertId", str)
IncidentId = NewType("IncidentId", str)
VersionId = NewType("VersionId", str)

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_CHARS = 10  # 50 bits of milliseconds last until the year 37648
_RANDOM_CHARS = 16


def fact_id(prefix: str, *key: str | int) -> str:
    """Name a fact by its key: the same key gives the same id, on any machine.

    >>> fact_id("alr", "flights", "2013-02-08") == fact_id("alr", "flights", "2013-02-08")
    True
    """
    # Each part is preceded by its length, so that ("ab", "c") and ("a", "bc") differ.
    framed = "".join(f"{len(str(part))}:{part}" for part in key)
    return f"{prefix}_{blake2b(framed.encode(), digest_size=10).hexdigest()}"


def content_hash(content: bytes) -> str:
    """Name bytes by what they are: 32 hexadecimal digits."""
    return blake2b(content, digest_size=16).hexdigest()


def fresh_id(prefix: str, now: datetime, random: int) -> str:
    """Name something that a person made: sorts by time, like a ULID.

    Args:
        prefix: what it is, `inc` for an incident.
        now: when it was made.
        random: 80 random bits.
    """
    milliseconds = int(now.timestamp() * 1000)
    digits = _base32(milliseconds, _TIME_CHARS) + _base32(random, _RANDOM_CHARS)
    return f"{prefix}_{digits}"


def _base32(number: int, length: int) -> str:
    return "".join(_CROCKFORD[(number >> (5 * i)) & 31] for i in reversed(range(length)))
