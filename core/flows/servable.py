"""Whether a version can serve, as far as that is known without loading it.

The bot has no scikit-learn, and three seconds: it checks what a load checks first, the seal and the
bytes. The rest, types and golden rows, is checked whenever a partition is scored, and what fails
there falls back and raises an alert.
"""

from hashlib import sha256
from typing import Final

from core.domain.errors import NotThere
from core.domain.ids import VersionId
from core.domain.parity import Parity
from core.domain.stage_refusals import NotReproducible, NotServable, short
from core.domain.version import Artefact, Version
from core.ports import Ports

_READ_AT_MOST: Final = 16 * 2**20  # a larger one is known by its size: reading it may take too long
_GONE: Final = "its artefact is gone."
_CHANGED: Final = "its artefact is not what was stored."


def refuse_unservable(model: str, version_id: VersionId, ports: Ports) -> None:
    """Let only a version pass whose artefact lies there as it was stored.

    Raises:
        NotServable: it is gone, or is not what was stored.
    """
    why = why_not_servable(model, version_id, ports)
    if why is not None:
        raise NotServable(version_id, why)


def refuse_unhashed(version_id: VersionId, ports: Ports) -> None:
    """Let only a version pass that can be made again.

    Raises:
        NotReproducible: it was made from what nobody can find again.
    """
    version = ports.records.get(Version, version_id)
    if version is not None and version.manifest.unhashed:
        raise NotReproducible(version_id)


def refuse_other_paths(model: str, version_id: VersionId, ports: Ports) -> None:
    """Let only a version pass that reads rows to score them as it read them to learn.

    One that has scored nothing yet passes: its first partition tells.

    Raises:
        PathsDiffer: its first partition came out otherwise.
    """
    parity = ports.records.get(Parity, Parity.id_of(model, version_id))
    if parity is not None:
        parity.require_same()


def why_not_servable(model: str, version_id: VersionId, ports: Ports) -> str | None:
    """Say in a sentence why a version cannot serve; `None` when nothing speaks against it."""
    version = ports.records.get(Version, version_id)
    if version is None:
        return "nothing is known of how it was made."
    if version.manifest.unhashed:
        return f"it was made from {' and '.join(version.manifest.unhashed)}, which nobody can find."
    return _why_not(model, version, ports)


def fallback_health(model: str, version_id: VersionId, instead: VersionId, ports: Ports) -> str:
    """Say who would serve if a version could not, one after the other, and who of them cannot.

    Args:
        model: which model.
        version_id: a version that wants to serve.
        instead: the one that serves now, which is asked first.
        ports: the outside world.
    """
    version = ports.records.get(Version, version_id)
    simple = version.simplified() if version else None
    chain = [f"`{short(instead)}`", "its own simple model", "a constant"]
    of_simple = _why_not(model, simple, ports) if simple else "none was trained with it."
    if simple is None:
        chain[-1] = "the constant of the config, if there is one"
    whys = {chain[0]: why_not_servable(model, instead, ports), chain[1]: of_simple}
    faults = "".join(f" Now {who} cannot serve: {why}" for who, why in whys.items() if why)
    return f"If it cannot serve: {', else '.join(chain)}.{faults}"


def _why_not(model: str, version: Version, ports: Ports) -> str | None:
    artefact = version.artefact
    if not ports.signer.verify(artefact.claim(model, version.id), version.seal):
        return "its seal is not ours."
    if _size(artefact.golden_key, ports) is None:
        return "its golden rows are gone."
    return _why_not_stored(artefact, ports)


def _why_not_stored(artefact: Artefact, ports: Ports) -> str | None:
    size_bytes = _size(artefact.key, ports)
    if size_bytes is None:
        return _GONE
    if size_bytes != artefact.size_bytes:
        return _CHANGED
    if size_bytes > _READ_AT_MOST:
        return None
    try:
        body = ports.objects.get(artefact.key)
    except NotThere:  # deleted since it was found
        return _GONE
    return None if sha256(body).hexdigest() == artefact.sha256 else _CHANGED


def _size(key: str, ports: Ports) -> int | None:
    """Return an object's size in bytes; `None` when it is not there."""
    found = next(iter(ports.objects.list(key)), None)
    return found.size_bytes if found is not None and found.key == key else None
