"""Whether all of a partition has landed: a rule, what lies there, and the time; nothing is read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from core.domain.base import Value
from core.domain.data_config import Complete


class Completeness(Value):
    """What is known of the arrival of a partition."""

    complete_at: AwareDatetime | None = None
    """Since when it is complete; `None` while it is not."""
    has_begun: bool = False
    """Whether anything of it has landed."""
    missing: str | None = None
    """What is missing, as a clause, of a partition that has begun and is not complete."""
    due_at: AwareDatetime | None = None
    """When to look again by the clock; `None` where an object is waited for."""
    promised_rows: int | None = None
    """How many rows it has by its manifest; `None` if that does not say."""

    @property
    def is_awaited(self) -> bool:
        """Whether it has begun to land and the rest is to come."""
        return self.has_begun and self.complete_at is None


_FileName = Annotated[str, Field(pattern=r"^[^/`\x00-\x1f]{1,200}$")]


class _Manifest(BaseModel, defer_build=True):  # most partitions have none
    files: tuple[_FileName, ...] = Field(min_length=1)
    rows: int | None = Field(default=None, ge=0)


def completeness(
    rule: Complete, landed: Mapping[str, datetime], manifest: bytes | None, now: datetime
) -> Completeness:
    """Say whether a partition is complete.

    Args:
        rule: what its model's config says.
        landed: by name, when each object in the partition's folder was written.
        manifest: the bytes of the manifest; `None` if it has not landed, or none is looked for.
        now: what time it is. A store whose clock is ahead has written nothing later than this.
    """
    data = {
        name: at
        for name, at in landed.items()
        if not name.startswith("_") and name not in {rule.marker, rule.manifest}
    }
    if rule.manifest is not None:
        return _by_manifest(rule.manifest, manifest, landed, data, now)
    if not data:
        missing = "no data is there" if rule.marker and rule.marker in landed else None
        return Completeness(has_begun=missing is not None, missing=missing)
    if rule.marker is not None and rule.marker not in landed:
        return Completeness(has_begun=True, missing=f"`{rule.marker}` is missing")
    if rule.marker is not None:
        data[rule.marker] = landed[rule.marker]
    quiet_from = max(data.values()) + timedelta(minutes=rule.quiet_minutes)
    if rule.quiet_minutes and quiet_from > now:
        missing = f"it has not been quiet for {rule.quiet_minutes} minutes yet"
        return Completeness(has_begun=True, missing=missing, due_at=quiet_from)
    return Completeness(has_begun=True, complete_at=min(quiet_from, now))


def _by_manifest(
    name: str,
    manifest: bytes | None,
    landed: Mapping[str, datetime],
    data: Mapping[str, datetime],
    now: datetime,
) -> Completeness:
    if manifest is None:
        missing = f"`{name}` is missing" if data else None
        return Completeness(has_begun=bool(data), missing=missing)
    try:
        told = _Manifest.model_validate_json(manifest)
    except ValidationError:
        missing = f"`{name}` does not name its files as it should"
        return Completeness(has_begun=True, missing=missing)
    absent = sorted(set(told.files) - set(landed))
    if absent:
        more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        missing = f"`{absent[0]}`{more} of `{name}` {'are' if more else 'is'} missing"
        return Completeness(has_begun=True, missing=missing)
    written = max(landed[file] for file in (name, *told.files))
    return Completeness(has_begun=True, complete_at=min(written, now), promised_rows=told.rows)
