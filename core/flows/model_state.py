"""What is known of one model: what serves, what it is checked against, what its checks see."""

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.alarm_budget import budget_in_words
from core.domain.contract import Contract
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.scored import Scored
from core.domain.sensitivity import Sensitivity
from core.domain.served import Served
from core.domain.serving import Serving, short
from core.domain.slo import SloStanding
from core.domain.staleness import Staleness
from core.domain.velocity import Velocity
from core.domain.version import Version
from core.domain.watch import Watch
from core.domain.wording import many, names, percent
from core.flows.overview import served
from core.flows.permit import config_of
from core.flows.slo_standing import standing_now
from core.flows.velocity import velocity
from core.ports import Ports


@dataclass(frozen=True)
class ModelState:
    """One model on one screen; sixteen reads, however much is known."""

    config: ModelConfig
    serving: Serving | None
    serves: Served | None
    """Since when the champion serves; `None` before the first one."""
    scored: Scored | None
    """The newest partition with predictions; `None` when there is none."""
    watch: Watch | None
    sensitivity: Sensitivity | None
    """`None` until it was measured once."""
    version: Version | None
    """The champion; `None` before the first one."""
    contract: Contract | None
    """What its data must keep; `None` before anything was learned."""
    staleness: Staleness | None = None
    """`None` before the first training."""
    slo: SloStanding | None = None
    """`None` where the config promises nothing."""
    velocity: Velocity = field(default_factory=Velocity)

    @property
    def is_measured(self) -> bool:
        """Whether the sensitivity is that of the reference and the config in force."""
        key = self.watch.reference_key if self.watch else None
        known = self.sensitivity
        return bool(key and known and known.tells_of(key, self.config.hash))

    def facts(self, now: datetime) -> list[tuple[str, str]]:
        """Say what is known besides the sensitivity: a label and plain words for each."""
        facts = [
            ("Champion", self._champion()),
            *self._learned(now),
            ("Last check", self._last_check()),
            ("Reference", self._reference(now)),
            *self._refitted(now),
            ("Alarm budget", budget_in_words(self.config)),
        ]
        if self.slo is not None:
            facts.insert(1, ("SLO", self.slo.sentence(self.config)))
        if self.staleness is not None:
            cadence = self.staleness.sentence(self.config.training.every_days)
            facts.append(("Cadence", cadence))
        facts += self.velocity.facts()
        if self.scored is not None and self.config.serving == "here":
            facts.append(("Last scored", self._last_scored(self.scored)))
        return [*facts[:1], *(_stages(self.serving) if self.serving else ()), *facts[1:]]

    @staticmethod
    def _last_scored(scored: Scored) -> str:
        rows = f"{scored.partition}, {scored.served.rows:,} rows by {scored.by_whom}"
        rates = (f"{name} {percent(rate)}" for name, rate in scored.served.hit_rates.items())
        overrides = ", ".join(rates)
        return f"{rows}; overrides changed: {overrides}" if overrides else rows

    def _champion(self) -> str:
        if self.config.serving == "elsewhere":
            return "served elsewhere, watched here"
        if self.serving is None or self.serving.champion is None:
            return "no version yet"
        since = f" since {self.serves.since:%Y-%m-%d %H:%M} UTC" if self.serves else ""
        return f"{short(self.serving.champion)}{since}"

    def _learned(self, now: datetime) -> list[tuple[str, str]]:
        """Say how old all is that the champion learned: it is fitted and stored as one thing."""
        if self.version is None:
            return []
        made = self.version.manifest
        words = (
            f"{made.first_day} to {made.last_day}, {made.rows:,} rows, learned "
            f"{_ago(self.version.made_at, now)}, with all it fills, encodes and calibrates by"
        )
        return [("Learned from", words)]

    def _refitted(self, now: datetime) -> list[tuple[str, str]]:
        """Say how old all is that a training learns besides the version."""
        facts = []
        if self.contract is not None:
            kept = sum(1 for _ in self.contract.promises())
            words = f"learned {_ago(self.contract.learned_at, now)}, {kept} promises"
            facts.append(("Contract", words))
        if self.sensitivity is not None:
            words = f"measured {_ago(self.sensitivity.measured_at, now)}"
            if not self.is_measured:
                words += ", for another reference or config"
            facts.append(("Sensitivity", words))
        return facts

    def _last_check(self) -> str:
        watch = self.watch
        if watch is None or watch.last_partition is None or watch.last_checked_at is None:
            return "nothing was checked yet"
        return f"{watch.last_partition}, at {watch.last_checked_at:%Y-%m-%d %H:%M} UTC"

    def _reference(self, now: datetime) -> str:
        if self.watch is None or self.watch.learned_at is None:
            return "nothing was learned yet"
        age = f"learned {_ago(self.watch.learned_at, now)}"
        if self.sensitivity is None or not self.is_measured:
            return age
        return f"{age}, {self.sensitivity.history} trusted partitions"


def _stages(serving: Serving) -> list[tuple[str, str]]:
    """Say which version is on which stage."""
    stages = []
    if serving.canary is not None and not serving.holds_back:
        share = percent(serving.canary_share)
        how = f"{short(serving.canary)}, serves {share} of the entities"
        stages.append(("Canary", how + _readiness(serving.canary, serving)))
    if serving.challenger is not None:
        how = f"{short(serving.challenger)}, predicts in shadow"
        stages.append(("Challenger", how + _readiness(serving.challenger, serving)))
    if serving.queue:
        stages.append(("Queue", names([short(version) for version in serving.queue])))
    if serving.guard is not None:
        how = "predicts in shadow"
        if serving.holds_back:
            how = f"serves {percent(serving.canary_share)} of the entities"
        stages.append(("Guard", f"{short(serving.guard)}, the last champion, {how}"))
    return stages


def _readiness(version: VersionId, serving: Serving) -> str:
    return ", stands for promotion" if version == serving.ready else ""


def _ago(then: datetime, now: datetime) -> str:
    days = (now - then).days
    return f"{many(days, 'day')} ago" if days else "today"


def model_state(model: str, ports: Ports) -> ModelState:
    """Read what is known of a model.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config = config_of(model, ports)
    serving = ports.records.get(Serving, model)
    champion = serving.champion if serving else None
    return ModelState(
        config=config,
        serving=serving,
        serves=next(iter(served(model, ports)), None),
        scored=next(iter(_newest(model, ports)), None),
        watch=ports.records.get(Watch, model),
        sensitivity=ports.records.get(Sensitivity, model),
        version=ports.records.get(Version, champion) if champion else None,
        contract=ports.records.get(Contract, model),
        staleness=ports.records.get(Staleness, model),
        slo=standing_now(config, ports),
        velocity=velocity(model, ports),
    )


def _newest(model: str, ports: Ports) -> list[Scored]:
    return ports.records.query(Scored, f"scored:{model}", newest_first=True, limit=1)
