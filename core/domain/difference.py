"""How one version differs from another, and how large the change is."""

import json
from collections.abc import Iterator, Mapping
from typing import Final, Self

from core.domain.base import Value
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.version import Manifest, UsedPartition, UsedTable, Version
from core.domain.wording import names, plain

_MOST_KEYS: Final = 3
_MOST_CHARS: Final = 40  # of a value in a sentence


class KeyChange(Value):
    """One key that says something else."""

    key: str
    """With dots: `training.parameters.max_iter`."""
    old: str | None
    """`None` where there was no such key."""
    new: str | None
    """`None` where there is none any more."""

    @property
    def sentence(self) -> str:
        """Say it in a line."""
        return f"{plain(self.key)} {_shown(self.old)} \N{RIGHTWARDS ARROW} {_shown(self.new)}"


class Difference(Value):
    """What a later version is made of that an earlier one is not."""

    older: VersionId
    newer: VersionId
    keys: tuple[KeyChange, ...]
    libraries: tuple[KeyChange, ...]
    added: tuple[str, ...]
    """Partitions that only the newer one learned from, oldest first."""
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    """Partitions that both learned from, with other features or labels."""
    tables: tuple[str, ...] = ()
    """Tables of their own of which a partition that both were joined with is another one."""
    rows: tuple[int, int]
    is_other_code: bool

    @classmethod
    def between(
        cls,
        older: Version,
        newer: Version,
        configs: tuple[ModelConfig | None, ModelConfig | None],
    ) -> Self:
        """Compare two versions; a config that was never stored is known by its hash alone."""
        before, after = older.manifest, newer.manifest
        had, has = _by_name(before), _by_name(after)
        return cls(
            older=older.id,
            newer=newer.id,
            keys=tuple(_changes(_keys(before, configs[0]), _keys(after, configs[1]))),
            libraries=tuple(_changes(before.environment, after.environment)),
            added=tuple(name for name in has if name not in had),
            removed=tuple(name for name in had if name not in has),
            changed=tuple(name for name in has if name in had and had[name] != has[name]),
            tables=_other_tables(before, after),
            rows=(before.rows, after.rows),
            is_other_code=before.code_ref != after.code_ref,
        )

    @property
    def is_other_data(self) -> bool:
        """Whether they learned from other rows."""
        return bool(self.added or self.removed or self.changed or self.tables)

    @property
    def size(self) -> str:
        """Say how large the change is: `data only`, `1 config key`, `code and 2 config keys`."""
        parts = [
            "code" if self.is_other_code else "",
            "libraries" if self.libraries else "",
            _count(len(self.keys), "config key") if self.keys else "",
        ]
        said = [part for part in parts if part]
        if not said:
            return "data only" if self.is_other_data else "nothing"
        joined = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
        return f"{joined}, with other data" if self.is_other_data else joined

    @property
    def sentence(self) -> str:
        """Say for a card what changed: the keys by name where few, else how large it is."""
        if self.size == "data only":
            return f"data only: {self.data}"
        if (
            self.keys
            and not (self.is_other_code or self.libraries)
            and len(self.keys) <= _MOST_KEYS
        ):
            named = "; ".join(change.sentence for change in self.keys)
            return f"{named}; {self.data}" if self.is_other_data else named
        return self.size

    @property
    def data(self) -> str:
        """Say how the rows differ."""
        newest = max(self.removed, default="")
        newer = sum(name > newest for name in self.added)
        parts = (
            f"{_count(newer, 'newer day')}" if newer else "",
            f"{_count(len(self.added) - newer, 'other day')}" if len(self.added) > newer else "",
            f"{_count(len(self.removed), 'day')} less" if not self.added and self.removed else "",
            f"{_count(len(self.changed), 'day')} corrected" if self.changed else "",
            f"other rows of {names(self.tables)}" if self.tables else "",
        )
        return ", ".join(part for part in parts if part) or "the same rows"


def flat(config: ModelConfig) -> dict[str, str]:
    """Write a config as keys with dots, each with its value as JSON."""
    return dict(_flat(config.model_dump(mode="json"), ""))


def changed_keys(older: ModelConfig, newer: ModelConfig) -> tuple[str, ...]:
    """Name the keys of a config that say something else."""
    return tuple(change.key for change in _changes(flat(older), flat(newer)))


def _flat(node: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict) and node:
        for key, below in node.items():
            yield from _flat(below, f"{path}.{key}" if path else str(key))
    else:
        yield path, json.dumps(_said(node))


def _said(node: object) -> object:
    """Leave out what was not written, of the entries of a list: each rule is of one kind only."""
    if isinstance(node, list):
        return [_said(one) for one in node]
    if isinstance(node, dict):
        return {key: _said(below) for key, below in node.items() if below is not None}
    return node


def _keys(manifest: Manifest, config: ModelConfig | None) -> dict[str, str]:
    return flat(config) if config is not None else {"config": manifest.config_hash}


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[KeyChange]:
    if "config" in old or "config" in new:  # one of them is known by its hash alone
        old, new = ({"config": known.get("config", "stored")} for known in (old, new))
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield KeyChange(key=key, old=old.get(key), new=new.get(key))


def _by_name(manifest: Manifest) -> dict[str, UsedPartition]:
    return {used.partition: used for used in manifest.partitions}


def _other_tables(before: Manifest, after: Manifest) -> tuple[str, ...]:
    had = {(used.table, used.partition): used for used in before.tables}
    changed = (used.table for used in after.tables if had.get(_of(used), used) != used)
    return tuple(dict.fromkeys(changed))


def _of(used: UsedTable) -> tuple[str, str]:
    return used.table, used.partition


def _shown(value: str | None) -> str:
    if value is None:
        return "nothing"
    text = plain(value.strip('"'))
    return text if len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS]}…"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
