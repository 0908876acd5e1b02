"""What all cohorts of a comparison say so far, and the decision that follows."""

from collections.abc import Iterable
from math import exp, log
from statistics import fmean
from typing import Final, Literal, Self, TypeVar

from pydantic import Field

from core.domain.base import Value
from core.domain.bets import Bet, Claim
from core.domain.days import Days, excess, lasting_excess
from core.domain.terms import Terms
from core.domain.wealth import Weighed, further_pairs

N = TypeVar("N", bound=str)

_LARGEST: Final = 300.0  # no wealth needs more; beyond 709 a float ends
_FOR_PROMOTION: Final = (Claim.GAIN, Claim.REFRESH)

Decision = Literal["gain", "refresh", "harmful", "futile", "undecided"]


class Booked(Value):
    """What one cohort says."""

    partition: str
    basis: str
    """Names the labels and predictions that were booked: others replace this entry."""
    main: Weighed
    guards: tuple[Weighed, ...]
    """In the order of the terms."""

    @property
    def pairs(self) -> int:
        """How many pairs it has."""
        return self.main.pairs

    @property
    def gained(self) -> float:
        """Sum of their loss differences."""
        return self.main.gained

    @property
    def squares(self) -> float:
        """Sum of the squares of those."""
        return self.main.squares


class Standing(Value):
    """What the cohorts up to one of them say together, in the order of their partitions."""

    cohorts: int = 0
    before: Days = Field(default_factory=Days)
    """The validation days on which both were judged: they show how much days differ."""
    goes_on: bool = True
    """Whether the trial goes on with what was measured then: one row of days, with one mean."""
    main: Weighed
    days: Days = Field(default_factory=Days)
    guards: tuple[Weighed, ...]
    days_of_guards: tuple[Days, ...] = ()
    watched: tuple[float, ...] = ()
    """Of the last champion on watch: wealth of each bet on its gain, spread over all starts."""
    shown: tuple[Claim, ...] = ()
    """Reached by some cohort: what was shown once stays shown, by Ville's inequality."""
    held: tuple[str, ...] = ()
    """Guards that were shown to be no worse."""
    violated: tuple[str, ...] = ()
    """Guards that were shown to be worse by more than the margin."""
    decision: Decision = "undecided"

    @classmethod
    def at_first(cls, terms: Terms, before: Days, *, is_on_watch: bool) -> Self:
        """Start without a cohort."""
        bets = terms.bets
        return cls(
            before=before,
            goes_on=not terms.is_split,
            main=Weighed.nothing(bets),
            guards=tuple(
                Weighed.nothing(guard.bets(terms.decision_margin)) for guard in terms.guards
            ),
            days_of_guards=(Days(),) * len(terms.guards),
            watched=(0.0,) * len(bets[Claim.GAIN].stakes) if is_on_watch else (),
        )

    @property
    def excess(self) -> float | None:
        """By how many times days differ more than by chance; `None` while too few are known.

        On watch only days before the promotion say so, where there are enough: a turn for the worse
        would make the days since then differ, and hide itself.
        """
        before = excess(self.before) if self.watched else None
        return before or excess(self.before, self.days)

    def excess_for(self, claim: Claim) -> float | None:
        """Say the same for one claim; what speaks for a promotion pays for weather that lasts too.

        For that, the days of validation and those on trial are one row of days: two weeks of two
        weathers show in the step between them, and so does a gain that was seen only offline. What
        speaks for a kill pays for none of it: a wrong one costs waiting, and a version that fails
        where it looked well has to go at once.
        """
        if self.watched or claim not in _FOR_PROMOTION:
            return self.excess
        if not self.goes_on:
            return lasting_excess(self.days) or self.excess
        return lasting_excess(self.before.plus(self.days))

    def log_e(self, claim: Claim, bet: Bet) -> float:
        """Say how strongly a claim is shown by now: the log of its e-value.

        Nothing is shown while too few days are known to say how much they differ.

        On watch, a gain of the last champion may begin on any day. The wealth is spread over the
        days on which betting could start, `1 / (d * (d + 1))` of it on day d, so that a change
        after weeks of silence costs `log(d * (d + 1))` more and not all that was lost before it.
        """
        if self.watched and claim is Claim.GAIN:
            not_begun = 1 / (self.cohorts + 1)
            return log(fmean(self.watched) + not_begun)
        much = self.excess_for(claim)
        return 0.0 if much is None else self.main.log_e(claim, bet, much)

    def after(self, booked: Booked, terms: Terms) -> "Standing":
        """Add the next cohort and decide, unless that is done.

        A decision is never taken back by later cohorts.
        """
        number = self.cohorts + 1
        much = self._with_day(booked).excess
        share = 1 / (number * (number + 1))
        bets = booked.main.growth[Claim.GAIN] if self.watched else ()
        grown = [growth / much if much else 0.0 for growth in bets]
        added = self._with_day(booked).model_copy(
            update={
                "cohorts": number,
                "main": self.main.plus(booked.main),
                "guards": tuple(
                    mine.plus(more) for mine, more in zip(self.guards, booked.guards, strict=True)
                ),
                "watched": tuple(
                    min((before + share) * exp(min(growth, _LARGEST)), exp(_LARGEST))
                    for before, growth in zip(self.watched, grown, strict=True)
                ),
            }
        )
        reached = _reached(added, terms)
        if self.decision != "undecided":
            return reached
        return reached.model_copy(update={"decision": _decision(reached, terms)})

    def _with_day(self, booked: Booked) -> "Standing":
        of_guards = zip(self.days_of_guards, booked.guards, strict=True)
        update = {
            "days": self.days.plus(_day(booked.main)),
            "days_of_guards": tuple(days.plus(_day(more)) for days, more in of_guards),
        }
        return self.model_copy(update=update)

    def excess_of(self, days: Days, claim: Claim) -> float | None:
        """Say the same of the rows of a guard; like all rows, while too few of its days are known.

        The fewer rows a day has, the less it can differ by more than chance.
        """
        if claim in _FOR_PROMOTION:
            return lasting_excess(days) or self.excess_for(claim)
        return excess(days) or self.excess

    def further_pairs(self, claim: Claim, terms: Terms) -> float | None:
        """Say how many more pairs a claim takes at the pace so far; `None`: not to be expected."""
        much = self.excess_for(claim)
        if claim in self.shown:
            return 0.0
        if much is None:
            return None
        growths = self.main.growths(claim, terms.bets[claim], much)
        return further_pairs(growths, self.main.pairs, terms.log_limit)

    def is_near(self, claim: Claim, terms: Terms) -> bool:
        """Say whether a claim is to be expected within as many pairs as there are so far."""
        further = self.further_pairs(claim, terms)
        return further is not None and further <= self.main.pairs


def _reached(now: Standing, terms: Terms) -> Standing:
    """Write down which claims and guards have reached their limits."""
    shown = [claim for claim, bet in terms.bets.items() if now.log_e(claim, bet) >= terms.log_limit]
    held, violated = [], []
    for guard, weighed, days in zip(terms.guards, now.guards, now.days_of_guards, strict=True):
        much, at_once = (now.excess_of(days, claim) for claim in (Claim.REFRESH, Claim.HARMFUL))
        if much is None or at_once is None:
            continue
        [(claim, bet)] = guard.bets(terms.decision_margin).items()
        if weighed.log_e(claim, bet, much) >= terms.log_limit:
            held.append(guard.name)
        opposite = bet.model_copy(update={"sign": -1})
        if weighed.log_e_on_average(opposite, at_once) >= terms.log_limit_of_a_breach:
            violated.append(guard.name)
    return now.model_copy(
        update={
            "shown": _joined(now.shown, shown),
            "held": _joined(now.held, held),
            "violated": _joined(now.violated, violated),
        }
    )


def _decision(now: Standing, terms: Terms) -> Decision:
    """Say what follows from all that was shown.

    Harm comes first, because a wrong promotion costs users and a wrong kill only waiting. A
    promotion needs every guard shown to be no worse. What is shown by a weaker claim waits for the
    stronger one while that is near, so that a clear gain is not called a refresh, nor clear harm a
    small gain. Where a version is shown to be no worse and to gain too little, both are true; it is
    promoted, because its newer rows are what a refresh is for. Any such rule is valid: each claim
    holds whenever one stops.

    So a version that gains nothing is called a gain, and one that loses the margin is promoted at
    all, with probability alpha at the most. One that gains enough is killed for its losses with
    probability alpha at the most, and for all its guards together with as much again.
    """
    if now.watched:  # it only waits for the last champion to be better again
        return "gain" if Claim.GAIN in now.shown else "undecided"
    if Claim.HARMFUL in now.shown or now.violated:
        return "harmful"
    is_futile = Claim.FUTILE in now.shown
    if len(now.held) == len(terms.guards):
        if Claim.GAIN in now.shown:
            return "gain"
        if Claim.REFRESH in now.shown and (is_futile or not now.is_near(Claim.GAIN, terms)):
            return "refresh"
    if is_futile and not now.is_near(Claim.HARMFUL, terms):
        return "futile"
    return "undecided"


def _day(weighed: Weighed) -> Days:
    return Days.of(weighed.pairs, weighed.gained, weighed.squares)


def _joined(before: tuple[N, ...], more: Iterable[N]) -> tuple[N, ...]:
    return (*before, *(name for name in more if name not in before))
