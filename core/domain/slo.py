"""Whether a model keeps its SLO: how many cohorts were bad, and how many more may be."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, Self

from core.domain.base import Value
from core.domain.model_config import ModelConfig
from core.domain.partition import starts_at
from core.domain.slo_config import Slo
from core.domain.target import Target
from core.domain.wording import many

SloState = Literal["met", "violated", "unknown"]
_NAMED: Final = 3  # bad cohorts, the newest ones


class SloStanding(Value):
    """How an SLO stands, as far as mature labels say."""

    slo: Slo
    cohorts: int = 0
    """Mature ones of the window that could be judged."""
    bad: int = 0
    newest_bad: tuple[str, ...] = ()
    """Partitions, the newest first; a few."""
    known_up_to: str | None = None
    """The newest cohort that was judged, which ends the window; `None` before the first one."""

    @classmethod
    def of(cls, slo: Slo, values: Mapping[str, float]) -> Self:
        """Judge the cohorts of the newest window.

        Args:
            slo: what is promised.
            values: its metric for each mature cohort, by partition, in any order.
        """
        if not values:
            return cls(slo=slo)
        newest = max(values)
        begins_after = starts_at(newest) - timedelta(days=slo.window_days)
        within = [name for name in values if starts_at(name) > begins_after]
        bad = sorted((name for name in within if not slo.is_good(values[name])), reverse=True)
        return cls(
            slo=slo,
            cohorts=len(within),
            bad=len(bad),
            newest_bad=tuple(bad[:_NAMED]),
            known_up_to=newest,
        )

    @property
    def budget(self) -> int:
        """How many of the cohorts may be bad."""
        return self.slo.allowed(self.cohorts)

    @property
    def left(self) -> int:
        """How many more may be bad; below 0 once more were."""
        return self.budget - self.bad

    @property
    def state(self) -> SloState:
        """Say whether it is kept; never that it is without enough cohorts."""
        if self.cohorts < self.slo.needed:
            return "unknown"
        return "violated" if self.left < 0 else "met"

    @property
    def is_spent(self) -> bool:
        """Whether no more cohort may be bad: that freezes promotions. Reached counts."""
        return self.state != "unknown" and self.left <= 0

    def seen_at(self, now: datetime, target: Target) -> Self:
        """Say it as of now: what was known is forgotten when no labels came for a window.

        known up to           labels overdue                 forgotten
             |---- delay, twice ----|------ window_days ---------|
        """
        lasts = timedelta(days=2 * target.delay_days + self.slo.window_days)
        if self.known_up_to is None or now <= starts_at(self.known_up_to) + lasts:
            return self
        return self.model_copy(update={"cohorts": 0, "bad": 0, "newest_bad": ()})

    def sentence(self, config: ModelConfig) -> str:
        """Say what is promised, whether it is kept, and what is left of the budget."""
        known = "" if self.known_up_to is None else f", known up to {self.known_up_to}"
        promise = self.slo.words(config.target, config.evaluation.kpi)
        return f"{promise}: {self._stands()}{known}"

    def _stands(self) -> str:
        bad = f"{self.bad:,} of {many(self.cohorts, 'cohort')} bad"
        if self.state == "unknown":
            return f"unknown, {self.cohorts:,} of the {self.slo.needed:,} cohorts it takes"
        if self.state == "violated":
            return f"violated, {bad}, {self.budget:,} may be"
        if self.is_spent:
            return f"met, but its error budget is spent: {bad}, no more may be"
        return f"met, {bad}, {self.left:,} more may be"
