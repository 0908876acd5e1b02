"""Where versions come from: the list of them, how two differ, and what served at a moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from core.domain.challenge import Challenge
from core.domain.difference import Difference
from core.domain.errors import Refusal, Unknown
from core.domain.evaluation import Evaluation
from core.domain.figures import Figure, figures, is_same_yardstick
from core.domain.ids import VersionId
from core.domain.model_config import MOST_MODELS, InForce, ModelConfig, StoredConfig
from core.domain.served import Served
from core.domain.serving import short
from core.domain.version import Version
from core.flows.permit import config_of
from core.ports import Ports

MOST_VERSIONS = 200
_FEWEST_CHARS = 4


class Ambiguous(Refusal):
    """A short id fits several versions."""

    def __init__(self, given: str, found: list[VersionId]) -> None:
        names = ", ".join(f"`{short(version)}`" for version in found[:5])
        super().__init__(f"`{given}` fits several versions: {names}. Please give more of it.")


@dataclass(frozen=True)
class Listed:
    """One version of a model, as a table shows it."""

    version: Version
    challenge: Challenge | None
    """`None` when it never stood for promotion."""
    evaluation: Evaluation | None
    """The newest one."""
    served: tuple[tuple[datetime, datetime | None], ...]
    """From when until when it served; `None`: it still does."""


@dataclass(frozen=True)
class Compared:
    """Two versions beside each other."""

    older: Version
    newer: Version
    difference: Difference
    figures: tuple[tuple[Figure, Figure], ...]
    """Of both, by the same evaluator on the same rows; empty where there are none."""


def versions_of(model: str, ports: Ports) -> list[Listed]:
    """List the newest versions of a model, the newest first.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config_of(model, ports)
    stored = ports.records.query(
        Version, f"versions:{model}", newest_first=True, limit=MOST_VERSIONS
    )
    periods = list(_periods(model, ports))
    return [
        Listed(
            version=version,
            challenge=ports.records.get(Challenge, Challenge.id_of(model, version.id)),
            evaluation=next(iter(_evaluations(version.id, ports)), None),
            served=tuple((since, until) for id_, since, until in periods if id_ == version.id),
        )
        for version in stored
    ]


def compare(one: str, other: str, ports: Ports) -> Compared:
    """Say how two versions differ, the one that was made first as the older one.

    Args:
        one: a version's id, or the first characters of it as they stand on cards.
        other: another one.
        ports: the outside world.

    Raises:
        Unknown: there is no such version.
        Ambiguous: there are several.
    """
    found = sorted((_version(one, ports), _version(other, ports)), key=lambda v: v.made_at)
    older, newer = found
    configs = _config(older, ports), _config(newer, ports)
    return Compared(
        older, newer, Difference.between(older, newer, configs), _both(older, newer, ports)
    )


def made_of(version: Version, ports: Ports) -> str | None:
    """Say in a line how a version differs from its parent; `None` for the first one."""
    parent = ports.records.get(Version, version.parent) if version.parent else None
    if parent is None:
        return None
    configs = _config(parent, ports), _config(version, ports)
    return Difference.between(parent, version, configs).sentence


def served_at(model: str, at: datetime, ports: Ports) -> Served | None:
    """Say which version served at a moment; `None` when none did yet.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config_of(model, ports)
    until = f"{at.isoformat()}~"  # places begin with the time; `~` comes after all that follows it
    found = ports.records.query(Served, f"served:{model}", newest_first=True, after=until, limit=1)
    return next(iter(found), None)


def _periods(model: str, ports: Ports) -> Iterator[tuple[VersionId, datetime, datetime | None]]:
    history = ports.records.query(Served, f"served:{model}", limit=1000)
    for line, then in pairwise([*history, None]):
        if line is not None:
            yield line.version, line.since, then.since if then else None


def _version(given: str, ports: Ports) -> Version:
    whole = ports.records.get(Version, given)
    if whole is not None:
        return whole
    if len(given) < _FEWEST_CHARS:
        raise Unknown("version", given)
    models = ports.records.query(InForce, "models", limit=MOST_MODELS)
    found = [
        version
        for model in models
        for version in ports.records.query(
            Version, f"versions:{model.id}", newest_first=True, limit=1000
        )
        if version.id.removeprefix("ver_").startswith(given.removeprefix("ver_"))
    ]
    if not found:
        raise Unknown("version", given)
    if len(found) > 1:
        raise Ambiguous(given, [version.id for version in found])
    return found[0]


def _config(version: Version, ports: Ports) -> ModelConfig | None:
    stored = ports.records.get(StoredConfig, version.manifest.config_hash)
    return stored.config if stored else None


def _both(older: Version, newer: Version, ports: Ports) -> tuple[tuple[Figure, Figure], ...]:
    theirs = _evaluations(older.id, ports)
    for mine in _evaluations(newer.id, ports):
        for other in theirs:
            if is_same_yardstick(mine, other):
                return tuple(zip(figures(other), figures(mine), strict=True))
    return ()


def _evaluations(version: VersionId, ports: Ports) -> list[Evaluation]:
    return ports.records.query(Evaluation, f"evaluations:{version}", newest_first=True, limit=20)
