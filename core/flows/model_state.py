"""What is known of one model: what serves, what it is checked against, what its checks see."""

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.model_config import ModelConfig
from core.domain.sensitivity import Sensitivity
from core.domain.serving import Served, Serving, short
from core.domain.staleness import Staleness
from core.domain.velocity import Velocity
from core.domain.watch import Watch
from core.flows.overview import served
from core.flows.permit import config_of
from core.flows.velocity import velocity
from core.ports import Ports


@dataclass(frozen=True)
class ModelState:
    """One model on one screen; twelve reads, however much is known."""

    config: ModelConfig
    serving: Serving | None
    serves: Served | None
    """Since when the champion serves; `None` before the first one."""
    watch: Watch | None
    sensitivity: Sensitivity | None
    """`None` until it was measured once."""
    staleness: Staleness | None = None
    """`None` before the first training."""
    velocity: Velocity = field(default_factory=Velocity)

    @property
    def is_measured(self) -> bool:
        """Whether the sensitivity is that of the reference and the config in force."""
        key = self.watch.reference_key if self.watch else None
        known = self.sensitivity
        return bool(key and known and known.tells_of(key, self.config.hash))

    def facts(self, now: datetime) -> list[tuple[str, str]]:
        """Say what is known besides the sensitivity: a label and plain words for each."""
        budget = self.config.alerts.partitions_per_false_alarm
        facts = [
            ("Champion", self._champion()),
            ("Last check", self._last_check()),
            ("Reference", self._reference(now)),
            ("Alarm budget", f"about one false alarm in {budget} partitions, over all columns"),
        ]
        if self.staleness is not None:
            cadence = self.staleness.sentence(self.config.training.every_days)
            facts.append(("Cadence", cadence))
        facts += self.velocity.facts()
        challenger = self.serving.challenger if self.serving else None
        if challenger:
            facts.insert(1, ("Challenger", f"{short(challenger)}, predicts in shadow"))
        return facts

    def _champion(self) -> str:
        if self.config.serving == "elsewhere":
            return "served elsewhere, watched here"
        if self.serving is None or self.serving.champion is None:
            return "no version yet"
        since = f" since {self.serves.since:%Y-%m-%d %H:%M} UTC" if self.serves else ""
        return f"{short(self.serving.champion)}{since}"

    def _last_check(self) -> str:
        watch = self.watch
        if watch is None or watch.last_partition is None or watch.last_checked_at is None:
            return "nothing was checked yet"
        return f"{watch.last_partition}, at {watch.last_checked_at:%Y-%m-%d %H:%M} UTC"

    def _reference(self, now: datetime) -> str:
        if self.watch is None or self.watch.learned_at is None:
            return "nothing was learned yet"
        days = (now - self.watch.learned_at).days
        age = f"learned {days} day{'' if days == 1 else 's'} ago"
        if self.sensitivity is None or not self.is_measured:
            return age
        return f"{age}, {self.sensitivity.history} trusted partitions"


def model_state(model: str, ports: Ports) -> ModelState:
    """Read what is known of a model.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config = config_of(model, ports)
    return ModelState(
        config=config,
        serving=ports.records.get(Serving, model),
        serves=next(iter(served(model, ports)), None),
        watch=ports.records.get(Watch, model),
        sensitivity=ports.records.get(Sensitivity, model),
        staleness=ports.records.get(Staleness, model),
        velocity=velocity(model, ports),
    )
