"""A rule that tells less, because a person let it; and the proposal that they clicked."""

from collections.abc import Sequence
from datetime import date, datetime
from math import nextafter
from typing import ClassVar, Final, Self

from core.domain.alert import Alert, Fewer
from core.domain.base import Record
from core.domain.errors import Refusal
from core.domain.ids import fact_id
from core.domain.ledger import is_acted_on, is_ignored, rule_of, wilson
from core.domain.person import Person
from core.domain.verdict import Severity

_FEWEST_DROPPED: Final = 5
_IGNORED_AT_LEAST: Final = 0.4  # the lower end of the interval


class NothingToQuieten(Refusal):
    """The alert proposes nothing."""

    def __init__(self) -> None:
        super().__init__("Nothing is known by which this rule should tell less.")


class AlreadyQuiet(Refusal):
    """An old card was clicked, or two people clicked at once."""

    def __init__(self, by: str, until: date) -> None:
        super().__init__(f"<@{by}> has already made this rule quieter, until {until}.")


class NotQuiet(Refusal):
    """The rule tells everything already."""

    def __init__(self) -> None:
        super().__init__("This rule tells everything already.")


class Quiet(Record):
    """What a rule of one model does not post for a while: it stays in the queue."""

    kind: ClassVar[str] = "quiet"

    model: str
    rule: str
    """As the ledger names it (`core.domain.ledger`)."""
    at_least: float
    """An alert is posted from this score on, in units of its limit; reached counts."""
    because: str
    """The backtest that the person saw."""
    by: str
    until: date
    """The last day."""

    @classmethod
    def id_of(cls, model: str, rule: str) -> str:
        """Name the one such record of a rule."""
        return fact_id("qui", model, rule)

    @property
    def listing(self) -> str:
        """All of a model's."""
        return f"quiet:{self.model}"

    def is_in_force(self, now: datetime) -> bool:
        """Say whether it has not expired."""
        return now.date() <= self.until

    def covers(self, alert: Alert, now: datetime) -> bool:
        """Say whether an alert is not posted because of it; one that pages always is."""
        is_small = alert.evidence.severity is not Severity.PAGE and score_of(alert) < self.at_least
        return self.is_in_force(now) and rule_of(alert) == self.rule and is_small

    def asked_by(self, proposal: Fewer, by: Person, until: date) -> Self:
        """Say it anew, after it had expired."""
        said = {"at_least": proposal.at_least, "because": proposal.backtest}
        return self.model_copy(update={**said, "by": by.id, "until": until})

    def ended(self, at: datetime) -> Self:
        """Tell everything again.

        Raises:
            NotQuiet: it has ended before.
        """
        if not self.is_in_force(at):
            raise NotQuiet
        return self.model_copy(update={"until": date.min})


def score_of(alert: Alert) -> float:
    """Say how far the worst column is beyond its limit; 0 where nothing was measured."""
    return max((blame.score for blame in alert.evidence.blamed), default=0.0)


def propose_fewer(alerts: Sequence[Alert], now: datetime) -> Fewer | None:
    """Find the score below which a rule only told what was ignored, and replay what that gives.

    Nothing is proposed that would have hidden an alert that somebody acted on, or one that nobody
    has decided about yet; nor where fewer than five would not have come, or where it may be chance
    that more than two in five were ignored.

    Args:
        alerts: of one rule that does not page, in any order.
        now: when they are looked at.
    """
    measured = [of for of in alerts if of.evidence.blamed]
    ignored = [of for of in measured if is_ignored(of, now)]
    acted_on = [of for of in measured if is_acted_on(of)]
    if not ignored or wilson(len(ignored), len(ignored) + len(acted_on))[0] < _IGNORED_AT_LEAST:
        return None
    others = [score_of(of) for of in measured if not is_ignored(of, now)]
    at_least = min(others, default=nextafter(max(map(score_of, ignored)), float("inf")))
    dropped = [of for of in ignored if score_of(of) < at_least]
    if len(dropped) < _FEWEST_DROPPED:
        return None
    first = min(of.raised_at for of in measured)
    kept = f"all {len(acted_on)}" if len(acted_on) > 1 else "the one"
    missed = f", {kept} that led to something among them" if acted_on else ""
    return Fewer(
        at_least=at_least,
        backtest=(
            f"posting only from {at_least:.2f} times the limit on, {len(measured) - len(dropped)} "
            f"of the {len(measured)} alerts since {first:%Y-%m-%d} would have come{missed}"
        ),
    )
