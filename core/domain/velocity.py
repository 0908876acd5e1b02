"""How fast ideas become versions and trouble ends, and which config keys never mattered."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from statistics import median
from typing import Final

from core.domain.alert import Alert, Disposition
from core.domain.base import Value
from core.domain.challenge import Challenge
from core.domain.difference import Difference
from core.domain.idea import Idea
from core.domain.model_config import ModelConfig, StoredConfig
from core.domain.served import Served
from core.domain.stage_ends import NEVER_SERVED, SERVED
from core.domain.version import Version
from core.domain.wording import many, names, percent

_TROUBLE: Final = frozenset(
    {Disposition.DATA_BUG, Disposition.REAL_DRIFT, Disposition.FIXED_BY_RETRAIN}
)
_FEWEST_TRIES: Final = 2
_MOST_AT_ONCE: Final = 3  # keys of one change: of more nobody knows which one it was


class Median(Value):
    """The middle of some durations."""

    seconds: float
    of: int

    @property
    def words(self) -> str:
        """Say it in the largest unit that fits."""
        hours = self.seconds / 3600
        said = f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} h"  # noqa: PLR2004 - two days
        said = f"{self.seconds / 60:.0f} min" if hours < 1 else said
        return f"{said} (median of {self.of})"


class Tried(Value):
    """A config key that was changed."""

    key: str
    times: int
    gained: int
    """How often the version then was better than what served, by the interval of its evaluation."""


class Velocity(Value):
    """What is known of how a team works with one model."""

    idea_to_shadow: Median | None = None
    """From an idea, or a config that was applied, to its first version; `None`: never yet."""
    to_acknowledge: Median | None = None
    to_restore: Median | None = None
    """From an alert about real trouble to its end, or to a rollback before that."""
    ended: int = 0
    """Versions that came to an end or served, the first one of all aside."""
    killed_unseen: int = 0
    """Those of them that ended before anybody was served by them alone."""
    tried: tuple[Tried, ...] = ()

    @property
    def never_mattered(self) -> tuple[str, ...]:
        """Keys that were changed at least twice and never with a gain."""
        idle = (of for of in self.tried if of.times >= _FEWEST_TRIES and not of.gained)
        return tuple(of.key for of in idle)

    def facts(self) -> list[tuple[str, str]]:
        """Say what is known: a label and plain words for each."""
        medians = (
            ("Idea to shadow", self.idea_to_shadow),
            ("Time to acknowledge", self.to_acknowledge),
            ("Time to restore", self.to_restore),
        )
        facts = [(label, known.words) for label, known in medians if known is not None]
        if self.ended:
            share = percent(self.killed_unseen / self.ended)
            facts.append(
                ("Killed before users saw them", f"{share} of {many(self.ended, 'version')}")
            )
        if self.never_mattered:
            facts.append(("Keys that never mattered", names(self.never_mattered)))
        return facts


def velocity_of(  # noqa: PLR0913 - six kinds of records, each read once
    *,
    ideas: Sequence[Idea],
    configs: Sequence[StoredConfig],
    versions: Sequence[Version],
    challenges: Sequence[Challenge],
    alerts: Iterable[Alert],
    served: Sequence[Served],
) -> Velocity:
    """Add up the records of one model; the order of each does not matter."""
    trouble = [alert for alert in alerts if alert.disposition in _TROUBLE]
    compared = [of for of in challenges if of.against is not None]
    decided = [of for of in compared if of.state in SERVED | NEVER_SERVED]
    return Velocity(
        idea_to_shadow=_median(_to_shadow(ideas, configs, versions)),
        to_acknowledge=_median(
            alert.acknowledged_at - alert.raised_at for alert in trouble if alert.acknowledged_at
        ),
        to_restore=_median(_to_restore(trouble, served)),
        ended=len(decided),
        killed_unseen=sum(of.state in NEVER_SERVED for of in decided),
        tried=tuple(_tried({of.id: of.config for of in configs}, versions, compared)),
    )


def _to_shadow(
    ideas: Sequence[Idea], configs: Sequence[StoredConfig], versions: Sequence[Version]
) -> Iterator[timedelta]:
    """An idea begins when it is proposed; a config that tries none when it is first applied."""
    made = {version.id: version.made_at for version in versions}
    by_config: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        by_config[version.manifest.config_hash].append(version)
    of_ideas = {config for idea in ideas for config in idea.configs}
    for idea in ideas:
        firsts = [made[version] for version in idea.versions if version in made]
        if firsts:
            yield min(firsts) - idea.proposed_at
    for config in configs:
        if config.id not in of_ideas and by_config[config.id]:
            yield min(version.made_at for version in by_config[config.id]) - config.applied_at


def _to_restore(trouble: Iterable[Alert], served: Sequence[Served]) -> Iterator[timedelta]:
    rollbacks = [line.since for line in served if line.how == "rolled back"]
    for alert in trouble:
        if alert.resolved_at is not None:
            ends = [at for at in rollbacks if alert.raised_at <= at <= alert.resolved_at]
            yield min([*ends, alert.resolved_at]) - alert.raised_at


def _tried(
    configs: Mapping[str, ModelConfig], versions: Sequence[Version], compared: Sequence[Challenge]
) -> Iterator[Tried]:
    """Count for each key how often it was changed, alone or with few others, and what that gave."""
    by_id = {version.id: version for version in versions}
    times: dict[str, int] = defaultdict(int)
    gained: dict[str, int] = defaultdict(int)
    for challenge in compared:
        version = by_id.get(challenge.version)
        parent = by_id.get(challenge.against) if challenge.against else None
        if version is None or parent is None or challenge.gain is None:
            continue
        pair = tuple(configs.get(each.manifest.config_hash) for each in (parent, version))
        keys = Difference.between(parent, version, (pair[0], pair[1])).keys
        if None in pair or len(keys) > _MOST_AT_ONCE:
            continue
        for change in keys:
            times[change.key] += 1
            gained[change.key] += challenge.gain[0] > 0
    for key in sorted(times):
        yield Tried(key=key, times=times[key], gained=gained[key])


def _median(durations: Iterable[timedelta]) -> Median | None:
    seconds = [duration.total_seconds() for duration in durations]
    return Median(seconds=median(seconds), of=len(seconds)) if seconds else None
