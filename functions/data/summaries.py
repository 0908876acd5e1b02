"""Where summaries and references are kept: small JSON objects, never the rows themselves."""

from core.domain.ids import content_hash
from core.domain.partition import partition_prefix
from core.domain.reference import Reference
from core.domain.summary import Summary
from core.ports import Objects


def keep_summary(model: str, summary: Summary, objects: Objects) -> str:
    """Store what a partition looks like, in place of an earlier summary; returns the key."""
    key = partition_prefix(f"summaries/{model}", summary.partition) + "summary.json"
    objects.put(key, summary.model_dump_json(exclude_defaults=True).encode())
    return key


def keep_reference(reference: Reference, objects: Objects) -> str:
    """Store a reference once, under its content hash; returns the key."""
    body = reference.model_dump_json().encode()
    key = f"reference/{reference.model}/{content_hash(body)}.json"
    objects.put_new(key, body)
    return key


def read_reference(key: str, objects: Objects) -> Reference:
    """Read a reference.

    Raises:
        NotThere: no object has this key.
    """
    return Reference.model_validate_json(objects.get(key))
