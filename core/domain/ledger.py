"""What became of the alerts of a rule: how often it fired, was ignored, was acted on, was right."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import sqrt
from typing import Final, Self

from core.domain.alert import Alert, Disposition
from core.domain.base import Value
from core.domain.verdict import ErrorClass
from core.domain.wording import percent

REACHES_BACK: Final = timedelta(days=90)
_PATIENCE: Final = timedelta(days=1)
_FEWEST: Final = 10
_Z: Final = 1.96  # of a 95 % interval
_WITH_A_CHANGE: Final = frozenset(
    {Disposition.REAL_DRIFT, Disposition.DATA_BUG, Disposition.FIXED_BY_RETRAIN}
)
_OF_PARTITIONS: Final = {
    ErrorClass.HARD: "Hard errors",
    ErrorClass.SOFT: "Soft errors",
    ErrorClass.DRIFT: "Drift",
}


def is_acted_on(alert: Alert) -> bool:
    """Say whether something was done because of it, not just about it."""
    led_to_work = alert.incident is not None or alert.has_started_training
    return led_to_work or alert.disposition in _WITH_A_CHANGE


def is_ignored(alert: Alert, now: datetime) -> bool:
    """Say whether it woke somebody for nothing: nobody took it for a day, or nothing came of it."""
    if is_acted_on(alert) or alert.disposition is Disposition.DUPLICATE:
        return False
    if alert.is_open:
        return alert.owner is None and now - alert.raised_at >= _PATIENCE
    return True


def rule_of(alert: Alert) -> str:
    """Name the rule that an alert counts for: its own, and of partitions the class as well."""
    error_class = alert.evidence.error_class
    return f"{alert.rule} {error_class}" if error_class else alert.rule


def rule_in_words(rule: str) -> str:
    """Say what a rule tells of.

    >>> rule_in_words("partition soft"), rule_in_words("arrival")
    ('Soft errors', '`arrival`')
    """
    name, _, error_class = rule.partition(" ")
    return _OF_PARTITIONS[ErrorClass(error_class)] if name == "partition" else f"`{name}`"


class TrackRecord(Value):
    """What became of the alerts of one rule; duplicates are left out, what is folded counts once.

    Source: Shankar et al., Operationalizing Machine Learning (2022), 5.1.2, on alerts that were
    "ignored 45 % of the time".
    """

    rule: str
    fired: int
    ignored: int
    acted_on: int
    """What is neither ignored nor acted on is not decided yet."""
    closed: int
    noise: int
    """Of those that somebody closed."""

    @classmethod
    def of(cls, rule: str, alerts: Iterable[Alert], now: datetime) -> Self:
        """Count what became of these alerts, which are all of this rule."""
        counted = [of for of in alerts if of.disposition is not Disposition.DUPLICATE]
        return cls(
            rule=rule,
            fired=len(counted),
            ignored=sum(is_ignored(of, now) for of in counted),
            acted_on=sum(is_acted_on(of) for of in counted),
            closed=sum(not of.is_open for of in counted),
            noise=sum(of.disposition is Disposition.NOISE for of in counted),
        )

    @property
    def decided(self) -> int:
        """How many were ignored or acted on."""
        return self.ignored + self.acted_on

    @property
    def is_enough(self) -> bool:
        """Whether there are enough to judge the rule by."""
        return self.decided >= _FEWEST

    @property
    def ignored_share(self) -> float | None:
        """Of those that are decided, 0..1; `None` of fewer than ten."""
        return self.ignored / self.decided if self.is_enough else None

    @property
    def precision(self) -> float | None:
        """The share of those that somebody closed that was no noise; `None` of fewer than ten."""
        return (self.closed - self.noise) / self.closed if self.closed >= _FEWEST else None

    @property
    def _times(self) -> str:
        return "once" if self.fired == 1 else f"{self.fired:,} times"

    @property
    def sentence(self) -> str:
        """Say it in one line, with an interval where there is enough to judge by."""
        fired = f"{rule_in_words(self.rule)} fired {self._times} in {REACHES_BACK.days} days"
        if self.ignored_share is None:
            return f"{fired}: too few decided ({self.decided}) to judge"
        low, high = wilson(self.ignored, self.decided)
        ignored = f"{percent(self.ignored_share)} ignored ({percent(low)} to {percent(high)})"
        right = "" if self.precision is None else f", precision {percent(self.precision)}"
        return f"{fired}: {ignored}, {self.acted_on:,} acted on{right}"


def wilson(count: int, of: int) -> tuple[float, float]:
    """Bound the share behind a count, 0..1, by a 95 % interval; `of` is at least 1.

    Source: Wilson, Probable inference, the law of succession, and statistical inference (1927).
    """
    share, z2 = count / of, _Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return max(0.0, middle - half), min(1.0, middle + half)
