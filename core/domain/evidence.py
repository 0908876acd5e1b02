"""What is known of whether a challenger is better than what serves: e-values, cohort by cohort.

Source: Ville's inequality for mixtures of bets with fixed stakes; Waudby-Smith and Ramdas,
Estimating means of bounded random variables by betting (JRSS-B 2024).
"""

from enum import StrEnum
from math import exp, log
from typing import ClassVar, Literal, Self

from pydantic import AwareDatetime

from core.domain.base import Record, Value
from core.domain.ids import VersionId, fact_id

Decision = Literal["gain", "refresh", "harmful", "futile", "undecided"]


class Claim(StrEnum):
    """What the pairs can show, each tested by itself."""

    GAIN = "gain"
    """The version loses less than what it is compared with."""
    REFRESH = "refresh"
    """It is no worse than that by the margin."""
    HARMFUL = "harmful"
    """It loses more."""
    FUTILE = "futile"
    """It does not gain as much as would be worth a promotion."""


class Booked(Value):
    """What one cohort says: for each claim, the growth of each bet's log wealth."""

    partition: str
    labels_hash: str
    """Of the labels that were booked: others replace this entry."""
    pairs: int
    gained: float
    """Sum of the paired loss differences, what serves less the version; > 0 is better."""
    squares: float
    """Sum of their squares."""
    growth: dict[Claim, tuple[float, ...]]


class Evidence(Record):
    """The pairs of one version and what it is compared with; a change of either starts anew."""

    kind: ClassVar[str] = "evidence"

    model: str
    version: VersionId
    against: VersionId
    alpha: float
    cohorts: tuple[Booked, ...] = ()
    """By partition, each once: booking again replaces, so that the order never matters."""
    updated_at: AwareDatetime

    @classmethod
    def id_of(cls, model: str, version: VersionId, against: VersionId) -> str:
        """Name the one comparison of two versions."""
        return fact_id("evd", model, version, against)

    @property
    def listing(self) -> str:
        """All comparisons of a version."""
        return f"evidence:{self.version}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.updated_at.isoformat()} {self.id}"

    @property
    def pairs(self) -> int:
        """How many rows both have predicted and a label judged."""
        return sum(booked.pairs for booked in self.cohorts)

    @property
    def gained(self) -> float:
        """The sum of the loss differences; > 0 is better than what it is compared with."""
        return sum(booked.gained for booked in self.cohorts)

    @property
    def limit(self) -> float:
        """The e-value from which a claim counts as shown; reached counts."""
        return 1 / self.alpha

    def log_e(self, claim: Claim) -> float:
        """Say how strongly a claim is shown: the log of the mixture's wealth, 0 at the start."""
        growths = [booked.growth[claim] for booked in self.cohorts]
        if not growths:
            return 0.0
        wealths: list[float] = [sum(column) for column in zip(*growths, strict=True)]
        most: float = max(wealths)
        return most + log(sum(exp(wealth - most) for wealth in wealths) / len(wealths))

    def shows(self, claim: Claim) -> bool:
        """Say whether a claim is shown by now."""
        return self.log_e(claim) >= log(self.limit)

    @property
    def decision(self) -> Decision:
        """Say what is shown by now."""
        if self.shows(Claim.HARMFUL):
            return "harmful"
        if self.shows(Claim.GAIN):
            return "gain"
        if self.shows(Claim.REFRESH):
            return "refresh"
        return "futile" if self.shows(Claim.FUTILE) else "undecided"

    def booking(self, cohort: Booked, at: AwareDatetime) -> Self:
        """Book one cohort, in place of what was booked for its partition before."""
        others = [booked for booked in self.cohorts if booked.partition != cohort.partition]
        cohorts = tuple(sorted((*others, cohort), key=lambda booked: booked.partition))
        return self.model_copy(update={"cohorts": cohorts, "updated_at": at})
