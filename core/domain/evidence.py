"""What is known of whether a version is better than what serves, cohort by cohort; mergeable."""

from collections.abc import Iterable
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field, model_validator

from core.domain.base import Record
from core.domain.bets import Claim
from core.domain.days import Days
from core.domain.ids import VersionId, fact_id
from core.domain.standing import Booked, Decision, Standing
from core.domain.terms import Terms, Trial

__all__ = ["Booked", "Claim", "Decision", "Evidence"]


class Evidence(Record):
    """The pairs of one version and what it is compared with.

    Each stage and each champion is a comparison of its own, and starts with nothing: what moved a
    version into a stage says nothing there. Other terms start anew as well, with the cohorts that
    come after: a margin that is chosen when the pairs are known is no margin.
    """

    kind: ClassVar[str] = "evidence"

    model: str
    version: VersionId
    against: VersionId
    trial: Trial
    terms: Terms
    starts_after: str | None = None
    """The last partition under other terms; `None`: all that both have predicted count."""
    earlier: Standing
    """What the oldest cohorts say, which are no longer kept apart."""
    earlier_basis: dict[str, str] = Field(default_factory=dict)
    """What was booked of each of them, by partition."""
    cohorts: tuple[Booked, ...] = ()
    """By partition, each once: booking again replaces, so that the order never matters."""
    updated_at: AwareDatetime

    @classmethod
    def id_of(
        cls, model: str, version: VersionId, against: VersionId, trial: Trial = "shadow"
    ) -> str:
        """Name the one comparison of two versions at a stage."""
        return fact_id("evd", model, version, against, trial)

    @classmethod
    def beginning(  # noqa: PLR0913 - who is compared with whom, where, how, and when
        cls,
        model: str,
        version: VersionId,
        *,
        against: VersionId,
        trial: Trial,
        terms: Terms,
        before: Days,
        at: AwareDatetime,
    ) -> Self:
        """Start to compare; `before` are the validation days of the two, if there were any."""
        return cls(
            id=cls.id_of(model, version, against, trial),
            model=model,
            version=version,
            against=against,
            trial=trial,
            terms=terms,
            earlier=Standing.at_first(terms, before, is_on_watch=trial == "guard"),
            updated_at=at,
        )

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        """Trust no numbers that no pairs can have given: something corrupted the record."""
        parts: tuple[Standing | Booked, ...] = (self.earlier, *self.cohorts)
        for part in parts:
            if not part.main.is_possible(self.terms.bets) or not all(
                weighed.is_possible(guard.bets(self.terms.decision_margin))
                for guard, weighed in zip(self.terms.guards, part.guards, strict=True)
            ):
                raise ValueError("these numbers cannot come from any pairs")
        days = (self.earlier.before, self.earlier.days, *self.earlier.days_of_guards)
        if not all(of_some.is_possible for of_some in days):
            raise ValueError("these sums cannot come from any days")
        return self

    @property
    def listing(self) -> str:
        """All comparisons of a version."""
        return f"evidence:{self.version}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.updated_at.isoformat()} {self.id}"

    @property
    def is_blind(self) -> bool:
        """Whether nothing can be compared: in shadow, where what is served changes what happens."""
        return self.terms.is_split and self.trial == "shadow"

    @property
    def story(self) -> tuple[Standing, ...]:
        """What was known with each cohort, from before the first that is kept apart."""
        standings = [self.earlier]
        for booked in self.cohorts:
            standings.append(standings[-1].after(booked, self.terms))
        return tuple(standings)

    @property
    def standing(self) -> Standing:
        """What all cohorts say."""
        return self.story[-1]

    @property
    def decision(self) -> Decision:
        """What follows, from the first cohort that settled it; only corrected labels undo it."""
        return self.standing.decision

    @property
    def pairs(self) -> int:
        """How many pairs there are, of rows that a label judged."""
        return self.earlier.main.pairs + sum(booked.pairs for booked in self.cohorts)

    @property
    def gained(self) -> float:
        """Sum of the loss differences; > 0 is better than what it is compared with."""
        return self.earlier.main.gained + sum(booked.gained for booked in self.cohorts)

    @property
    def limit(self) -> float:
        """The e-value from which a claim counts as shown; reached counts."""
        return 1 / self.terms.alpha

    def log_e(self, claim: Claim) -> float:
        """Say how strongly a claim is shown by now."""
        return self.standing.log_e(claim, self.terms.bets[claim])

    def shows(self, claim: Claim) -> bool:
        """Say whether a claim is shown; once shown it stays shown."""
        return claim in self.standing.shown

    def has(self, partition: str, basis: str) -> bool:
        """Say whether just these labels and predictions are booked, or do not count here."""
        if self.starts_after is not None and partition <= self.starts_after:
            return True
        return self._basis.get(partition) == basis

    def is_folded(self, partition: str) -> bool:
        """Say whether a cohort is no longer kept apart, so that nothing can replace it."""
        return partition in self.earlier_basis

    def booking(self, cohorts: Iterable[Booked], at: AwareDatetime) -> "Evidence":
        """Book cohorts, each in place of what was booked for its partition before."""
        kept = {booked.partition: booked for booked in (*self.cohorts, *cohorts)}
        booked = tuple(kept[partition] for partition in sorted(kept))
        after = self.model_copy(update={"cohorts": booked, "updated_at": at})
        return _folded(after, len(booked) - self.terms.most_apart)

    def under(self, terms: Terms, at: AwareDatetime) -> Self:
        """Start anew under other terms, with the cohorts that come from now on."""
        after = self.emptied(at)
        standing = Standing.at_first(terms, self.earlier.before, is_on_watch=self.trial == "guard")
        last = max((*self._basis, self.starts_after or ""), default="") or None
        return after.model_copy(update={"terms": terms, "earlier": standing, "starts_after": last})

    def emptied(self, at: AwareDatetime) -> Self:
        """Forget every cohort, so that they are booked again."""
        standing = Standing.at_first(
            self.terms, self.earlier.before, is_on_watch=self.trial == "guard"
        )
        update = {"earlier": standing, "earlier_basis": {}, "cohorts": (), "updated_at": at}
        return self.model_copy(update=update)

    @property
    def _basis(self) -> dict[str, str]:
        return self.earlier_basis | {booked.partition: booked.basis for booked in self.cohorts}


def _folded(evidence: Evidence, surplus: int) -> Evidence:
    if surplus <= 0:
        return evidence
    old, kept = evidence.cohorts[:surplus], evidence.cohorts[surplus:]
    update = {
        "earlier": evidence.story[surplus],
        "earlier_basis": evidence.earlier_basis | {one.partition: one.basis for one in old},
        "cohorts": kept,
    }
    return evidence.model_copy(update=update)
