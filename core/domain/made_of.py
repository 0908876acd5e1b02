"""How what made a version differs from what made its parent, in one line."""

from core.domain.stage_refusals import short
from core.domain.version import Manifest, Version


def made_of(version: Version, parent: Version | None) -> str | None:
    """Name what differs: data, config, code, seed, libraries; `None` without a parent."""
    if parent is None:
        return None
    mine, other = version.manifest, parent.manifest
    differences = [
        what
        for what, differs in (
            ("config", mine.config_hash != other.config_hash),
            ("code", mine.code_ref != other.code_ref),
            ("seed", mine.seed != other.seed),
            ("libraries", mine.environment != other.environment),
        )
        if differs
    ]
    data = _data(mine, other)
    said = [data, *differences] if data else differences
    only = " only" if len(said) == 1 else ""
    return f"Differs from `{short(parent.id)}` in {', '.join(said)}{only}" if said else None


def _data(mine: Manifest, other: Manifest) -> str | None:
    if mine.partitions == other.partitions:
        return None
    days = len(set(_days(mine)) - set(_days(other)))
    return (
        f"data ({days} new partition{'' if days == 1 else 's'}, {mine.rows - other.rows:+,} rows)"
    )


def _days(manifest: Manifest) -> list[str]:
    return [used.partition for used in manifest.partitions]
