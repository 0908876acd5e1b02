"""Look in the store whether all of a partition of features has landed."""

from collections.abc import Mapping
from datetime import datetime

from core.domain.completeness import Completeness, completeness
from core.domain.data_config import Data
from core.domain.errors import NotThere
from core.domain.partition import partition_prefix
from core.flows.permit import config_of
from core.ports import Ports


def look_at_arrival(data: Data, partition: str, ports: Ports) -> Completeness:
    """Say whether a partition is complete by what its model's config says."""
    landed = _landed(data, partition, ports)
    manifest = _manifest(data, partition, landed, ports)
    return completeness(data.complete, landed, manifest, ports.now())


def still_missing(model: str, partition: str, ports: Ports) -> str | None:
    """Say what scoring waits for, as a clause; `None` when it waits for nothing.

    What another system predicts is taken as it comes.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config = config_of(model, ports)
    if config.serving == "elsewhere" or config.data.complete.is_at_once:
        return None
    found = look_at_arrival(config.data, partition, ports)
    return found.missing if found.is_awaited else None


def promised_rows(data: Data, partition: str, ports: Ports) -> int | None:
    """Say how many rows a partition has by its manifest; `None` if nothing says so."""
    if data.complete.manifest is None:
        return None
    return look_at_arrival(data, partition, ports).promised_rows


def _landed(data: Data, partition: str, ports: Ports) -> dict[str, datetime]:
    folder = partition_prefix(data.features, partition)
    listed = ((found.key[len(folder) :], found) for found in ports.objects.list(folder))
    return {name: found.modified_at for name, found in listed if "/" not in name}


def _manifest(
    data: Data, partition: str, landed: Mapping[str, datetime], ports: Ports
) -> bytes | None:
    name = data.complete.manifest
    if name is None or name not in landed:
        return None
    try:
        return ports.objects.get(f"{partition_prefix(data.features, partition)}{name}")
    except NotThere:  # it was taken away this moment
        return None
