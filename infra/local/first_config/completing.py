"""What already lies in each partition and shows that it is complete."""

from collections.abc import Mapping, Sequence
from typing import Final

from core.domain.completeness import completeness
from core.domain.data_config import Complete
from core.domain.errors import NotThere
from core.ports import ObjectInfo, Objects

_MARKER: Final = "_SUCCESS"  # as Spark has it
_MANIFESTS: Final = ("manifest.json", "_manifest.json")


def complete_by(stored: Mapping[str, Sequence[ObjectInfo]], objects: Objects) -> Complete:
    """Recognise a manifest or a marker that lies in every partition; a manifest tells more.

    Args:
        stored: all objects of each partition, oldest first; at least one partition.
        objects: the store.
    """
    newest = {file_of(one): one for one in list(stored.values())[-1]}
    for name in (*_MANIFESTS, _MARKER):
        if all(any(file_of(one) == name for one in found) for found in stored.values()):
            if name == _MARKER:
                return Complete(marker=name)
            if _is_manifest(name, newest, objects):
                return Complete(manifest=name)
    return Complete()


def file_of(stored: ObjectInfo) -> str:
    """Return an object's name without its folders."""
    return stored.key.rpartition("/")[2]


def _is_manifest(name: str, newest: Mapping[str, ObjectInfo], objects: Objects) -> bool:
    """Say whether it names the files of its partition as a manifest has to."""
    landed = {file: one.modified_at for file, one in newest.items()}
    try:
        body = objects.get(newest[name].key)
    except NotThere:
        return False
    known = completeness(Complete(manifest=name), landed, body, max(landed.values()))
    return known.complete_at is not None
