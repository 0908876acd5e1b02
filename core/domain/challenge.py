"""A challenge: one version's way to the championship, as people see and decide it."""

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from core.domain.base import Record, Value
from core.domain.evidence_shown import EvidenceShown
from core.domain.ids import VersionId, fact_id
from core.domain.person import Person
from core.domain.quality import Quality
from core.domain.review import ReviewFinding
from core.domain.stage_refusals import (
    AskedBefore,
    BlockedByReview,
    NeedsAnotherPerson,
    NeedsSecondPerson,
    NothingAsked,
    NotReproducible,
    short,
)


class ChallengeState(StrEnum):
    """Where the version stands; the last five are ends: no way leads back from there."""

    QUEUED = "queued"
    SHADOW = "shadow"
    CANARY = "canary"
    READY = "ready"
    """It has passed its gate and stands for promotion."""
    CHAMPION = "champion"
    GUARDING = "guarding"
    """It was the champion, and predicts in shadow for as long as the new one is young."""
    DETHRONED = "dethroned"
    """It was the champion and another version was promoted; a rollback can go there."""
    HARMFUL = "killed as harmful"
    FUTILE = "killed as futile"
    KILLED = "killed"
    """By a person."""
    REPLACED = "replaced"
    """A newer one took its place in the queue."""
    ROLLED_BACK = "rolled back"


class ExceptionAsked(Value):
    """That a version be promoted although it has not passed its gate."""

    by: str
    reason: str
    at: AwareDatetime


class Compared(Value):
    """One metric of the version beside the champion's on the very same rows."""

    metric: str
    version: float
    champion: float | None
    """`None` for the first version of a model."""
    difference: str | None = None
    """How much better it is, with its interval, in words; `None` where nothing was compared."""


class Prospects(Value):
    """What a click on a version's card would come to, as far as other records say."""

    slo: str | None = None
    """How the SLO of its model stands; `None` where nothing is promised."""
    is_frozen: bool = False
    """Whether the error budget is spent: then it can only be promoted as an exception."""
    differing: str | None = None
    """How its predictions differ from those of the training path; `None` where they do not."""
    is_stale: bool = False
    """Whether another version serves than the one that it was compared with."""


class Challenge(Record):
    """What is known of a version that wants to serve, and what was decided."""

    kind: ClassVar[str] = "challenge"

    model: str
    version: VersionId
    against: VersionId | None
    """The champion it was compared with; `None` for the first version."""
    channel: str
    asked_by: str
    reason: str
    proposed_at: AwareDatetime
    trained_on: str
    """First and last day, and rows, in words."""
    validated_on: str
    compared: tuple[Compared, ...]
    gain: tuple[float, float, float] | None
    """Loss of the champion less the version's: low, middle, high of a 95 % interval."""
    config_hash: str | None = None
    """Of the config it was made with; `None` where that is not known."""
    made_of: str | None = None
    """How what made it differs from what made its parent; `None` for the first version."""
    findings: tuple[ReviewFinding, ...] = ()
    """What the automated review of its training found."""
    is_reproducible: bool = True
    """Whether all its inputs have a hash; else it cannot be promoted."""
    loss: str = "Brier score"
    """What the gain is measured in."""
    worst_slices: tuple[str, ...] = ()
    """The parts of the rows where it does worst beside the champion, a sentence each."""
    standards: tuple[str, ...] = ()
    """Whether the decision, and each protected slice, is no worse by the margin, in words."""
    kpi: str | None = None
    """The number of the business of both, in words; `None` where the config names none."""
    calibration: str | None = None
    """How far what it says lies from what comes, in words; `None` with too few rows."""
    proposed_slices: int = 0
    """How many parts of the rows were found where it loses more, which nobody has named yet."""
    never_mattered: tuple[str, ...] = ()
    """Config keys that were changed before, again and again, and never with a gain."""
    idea: str | None = None
    """The hypothesis that it tries out; `None` without one."""
    realised: Quality | None = None
    """How its predictions turned out; `None` while no mature label says."""
    champion_realised: Quality | None = None
    """How the champion's did on the same partitions; `None` for the champion itself."""
    fallback: str | None = None
    """Whether what serves now could serve in its place, in a sentence; `None` without one."""
    evidence: EvidenceShown | None = None
    """What its cohorts show so far; `None` before the first one."""
    promises_kept: tuple[str, ...] = ()
    """What earlier promotions promised and brought, a sentence each, the newest first."""
    state: ChallengeState
    canary_share: float = 0.0
    """Which share of the entities it serves, 0..1."""
    waits_at: int | None = None
    """Where it waits in the queue, 1 for the next one; `None` when it does not."""
    since: AwareDatetime | None = None
    """When it came into this state, or to this share; `None` where that was not kept."""
    killed_because: str | None = None
    exception: ExceptionAsked | None = None
    """`None` while nobody asks for one."""
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    prospects: Prospects = Field(default_factory=Prospects, exclude=True)
    """Looked up when its card is drawn, and never stored: it follows from what others say."""

    @classmethod
    def id_of(cls, model: str, version: VersionId) -> str:
        """Name the one challenge of a version."""
        return fact_id("chl", model, version)

    @property
    def listing(self) -> str:
        """All challenges of a model."""
        return f"challenges:{self.model}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.proposed_at.isoformat()} {self.id}"

    @property
    def name(self) -> str:
        """The short name of its version."""
        return short(self.version)

    @property
    def is_challenging(self) -> bool:
        """Whether it predicts beside the champion and could be promoted."""
        return self.state in {ChallengeState.SHADOW, ChallengeState.CANARY, ChallengeState.READY}

    @property
    def is_shown_better(self) -> bool:
        """Whether its gate has shown a gain over what serves, and not only that it is no worse."""
        return self.evidence is not None and self.evidence.decision == "gain"

    @property
    def blocking(self) -> tuple[str, ...]:
        """What the review found that no person may pass over, a sentence each."""
        return tuple(found.sentence for found in self.findings if found.is_blocking)

    @property
    def is_flawed(self) -> bool:
        """Whether it must not serve whatever its numbers are."""
        return bool(self.blocking) or not self.is_reproducible

    @property
    def is_held_back(self) -> bool:
        """Whether it could not even be promoted as an exception, as far as its card knows."""
        is_frozen = self.prospects.is_frozen and not self.is_shown_better
        return self.is_flawed or is_frozen or self.prospects.differing is not None

    def decided(self, state: ChallengeState, by: Person, at: AwareDatetime) -> Self:
        """Write down what became of it."""
        update = {"state": state, "decided_by": by.id, "decided_at": at, "since": at}
        return self.model_copy(update=update | {"canary_share": 0.0, "exception": None})

    def standing(self, state: ChallengeState, share: float, at: AwareDatetime) -> Self:
        """Write down that it came to a stage, or to another share of it."""
        return self.model_copy(update={"state": state, "canary_share": share, "since": at})

    def waiting_at(self, place: int | None) -> Self:
        """Write down where in the queue it waits; `None` when it does not."""
        return self.model_copy(update={"waits_at": place})

    def killed_for(self, why: str) -> Self:
        """Write down why it was killed, in a sentence."""
        return self.model_copy(update={"killed_because": why})

    def beginning_anew(self) -> Self:
        """Forget what it was compared with: another version serves now."""
        update = dict.fromkeys(("evidence", "exception", "realised", "champion_realised"))
        return self.model_copy(update=update)

    def ready(self, promises_kept: tuple[str, ...], fallback: str) -> Self:
        """Show what a person wants to know who is about to promote it."""
        return self.falling_back(fallback).remembering(promises_kept)

    def remembering(self, promises_kept: tuple[str, ...]) -> Self:
        """Show what earlier promotions have brought by now."""
        return self.model_copy(update={"promises_kept": promises_kept})

    def falling_back(self, fallback: str) -> Self:
        """Show what would serve in its place."""
        return self.model_copy(update={"fallback": fallback})

    def asking_exception(self, reason: str, by: Person, at: AwareDatetime) -> Self:
        """Ask that it be promoted although it has not passed its gate.

        Raises:
            AskedBefore: somebody has asked.
        """
        if self.exception is not None:
            raise AskedBefore(self.exception.by)
        asked = ExceptionAsked(by=by.id, reason=reason, at=at)
        return self.model_copy(update={"exception": asked})

    def refuse_unless_asked(self, approver: Person) -> ExceptionAsked:
        """Return the exception that a second person may approve.

        Raises:
            NothingAsked: nobody asks for one.
            NeedsAnotherPerson: the approver asked for it.
        """
        if self.exception is None:
            raise NothingAsked(self.version)
        if self.exception.by == approver.id:
            raise NeedsAnotherPerson
        return self.exception

    def refuse_flawed(self) -> None:
        """Let only a version pass that may serve whatever its numbers are.

        Raises:
            NotReproducible: nobody can make it again.
            BlockedByReview: the review found what no gate can see.
        """
        if not self.is_reproducible:
            raise NotReproducible(self.version)
        if self.blocking:
            raise BlockedByReview(self.version, self.blocking)

    def with_prospects(self, prospects: Prospects) -> Self:
        """Say on its card what a click would come to now."""
        return self.model_copy(update={"prospects": prospects})

    def trying(self, hypothesis: str) -> Self:
        """Write down which idea it tries out."""
        return self.model_copy(update={"idea": hypothesis})

    def told_in(self, channel: str) -> Self:
        """Tell of it in another channel from now on."""
        return self.model_copy(update={"channel": channel})

    def turned_out(self, realised: Quality | None, beside: Quality | None) -> Self:
        """Write down how its predictions, and the champion's beside them, turned out."""
        return self.model_copy(update={"realised": realised, "champion_realised": beside})

    def with_evidence(self, evidence: EvidenceShown) -> Self:
        """Show what its cohorts say by now."""
        return self.model_copy(update={"evidence": evidence})

    def refuse_author(self, by: Person) -> None:
        """Let only a second person pass.

        Raises:
            NeedsSecondPerson: the person asked for this version.
        """
        if by.id == self.asked_by:
            raise NeedsSecondPerson(by.id)
