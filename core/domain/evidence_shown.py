"""Evidence as people see it: one short track for each claim, and when it decides."""

from typing import Final, Literal, Self

from core.domain.base import Value
from core.domain.bets import Claim
from core.domain.evidence import Evidence
from core.domain.standing import Decision, Standing
from core.domain.time_to_decide import Expected, expected

_POINTS: Final = 10  # as many as stand in one line on a phone, beside the numbers


class ClaimShown(Value):
    """How strongly one claim is shown."""

    claim: Claim
    track: tuple[float, ...]
    """After the cohorts so far, oldest first, ten points at the most: 0 nothing, 1 shown."""
    log_e: float
    log_e_on_average: float
    """The same for the mean over all pairs, which a change of the effect cannot mislead."""
    is_shown: bool


class GuardShown(Value):
    """Whether one guard holds."""

    name: str
    pairs: int
    state: Literal["held", "violated", "open"]


class EvidenceShown(Value):
    """What a card says of a comparison; small, as cards are read often."""

    decision: Decision
    is_blind: bool
    """Whether nothing is compared at this stage, since what is served changes what happens."""
    limit: float
    """The e-value from which a claim counts as shown."""
    pairs: int
    gained: float
    """Sum of the loss differences; > 0 is better than what it is compared with."""
    cohorts: int
    known_up_to: str | None
    """The newest partition; `None` without one."""
    starts_after: str | None
    """The last partition under other terms; `None`: all count."""
    claims: tuple[ClaimShown, ...]
    guards: tuple[GuardShown, ...]
    excess: float | None
    """By how many times days differ more than by chance; `None` while too few are known."""
    excess_of_gain: float | None = None
    """The same for what speaks for a promotion, which pays for weather that lasts as well."""
    expected: Expected | None
    """`None` when it is decided, when it is too early to say, or none is in sight."""

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """Draw it together."""
        story = evidence.story
        now, terms = story[-1], evidence.terms
        after_cohorts = story[1:] or story
        return cls(
            decision=now.decision,
            is_blind=evidence.is_blind,
            limit=evidence.limit,
            pairs=evidence.pairs,
            gained=evidence.gained,
            cohorts=now.cohorts,
            known_up_to=evidence.cohorts[-1].partition if evidence.cohorts else None,
            starts_after=evidence.starts_after,
            claims=tuple(
                ClaimShown(
                    claim=claim,
                    track=_thinned(
                        [
                            min(max(standing.log_e(claim, bet) / terms.log_limit, 0.0), 1.0)
                            for standing in after_cohorts
                        ]
                    ),
                    log_e=now.log_e(claim, bet),
                    log_e_on_average=now.main.log_e_on_average(bet, now.excess_for(claim) or 1.0),
                    is_shown=claim in now.shown,
                )
                for claim, bet in terms.bets.items()
            ),
            guards=tuple(
                GuardShown(name=guard.name, pairs=weighed.pairs, state=_state(guard.name, now))
                for guard, weighed in zip(terms.guards, now.guards, strict=True)
            ),
            excess=now.excess,
            excess_of_gain=now.excess_for(Claim.GAIN),
            expected=expected(evidence),
        )

    def claim(self, wanted: Claim) -> ClaimShown:
        """Find one claim."""
        return next(shown for shown in self.claims if shown.claim is wanted)


def _thinned(values: list[float]) -> tuple[float, ...]:
    """Keep ten at the most, evenly spread, the last one always."""
    many = len(values)
    few = min(many, _POINTS)
    return tuple(round(values[(place + 1) * many // few - 1], 2) for place in range(few))


def _state(guard: str, now: Standing) -> Literal["held", "violated", "open"]:
    if guard in now.violated:
        return "violated"
    return "held" if guard in now.held else "open"
