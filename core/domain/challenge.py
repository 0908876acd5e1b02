"""A challenge: one version's way to the championship, as people see and decide it."""

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import AwareDatetime

from core.domain.base import Record, Value
from core.domain.errors import Refusal
from core.domain.ids import VersionId, fact_id
from core.domain.person import Person
from core.domain.realised import Quality
from core.domain.review import ReviewFinding
from core.domain.serving import short


class ChallengeState(StrEnum):
    """Where the version stands."""

    CHAMPION = "champion"
    SHADOW = "shadow"
    REPLACED = "replaced"
    """A newer challenger took its place before anybody decided."""
    DETHRONED = "dethroned"
    """It was the champion and another version was promoted."""
    ROLLED_BACK = "rolled back"


class NeedsSecondPerson(Refusal):
    """Who asked for a training may not promote its version."""

    def __init__(self, person: str) -> None:
        super().__init__(
            f"<@{person}> asked for this version, so a second person has to promote it."
        )


class Compared(Value):
    """One metric of the version beside the champion's on the very same rows."""

    metric: str
    version: float
    champion: float | None
    """`None` for the first version of a model."""


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
    """Brier score of the champion less the version's: low, middle, high of a 95 % interval."""
    findings: tuple[ReviewFinding, ...] = ()
    """What the automated review of its training found."""
    made_of: str | None = None
    """How what made it differs from what made its parent; `None` for the first version."""
    never_mattered: tuple[str, ...] = ()
    """Config keys that were changed before, again and again, and never with a gain."""
    idea: str | None = None
    """The hypothesis that it tries out; `None` without one."""
    realised: Quality | None = None
    """How its predictions turned out; `None` while no mature label says."""
    champion_realised: Quality | None = None
    """How the champion's did on the same partitions; `None` for the champion itself."""
    state: ChallengeState
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None

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

    def decided(self, state: ChallengeState, by: Person, at: AwareDatetime) -> Self:
        """Write down what became of it."""
        return self.model_copy(update={"state": state, "decided_by": by.id, "decided_at": at})

    def trying(self, hypothesis: str) -> Self:
        """Write down which idea it tries out."""
        return self.model_copy(update={"idea": hypothesis})

    def told_in(self, channel: str) -> Self:
        """Tell of it in another channel from now on."""
        return self.model_copy(update={"channel": channel})

    def turned_out(self, realised: Quality | None, beside: Quality | None) -> Self:
        """Write down how its predictions, and the champion's beside them, turned out."""
        return self.model_copy(update={"realised": realised, "champion_realised": beside})

    def refuse_author(self, by: Person) -> None:
        """Let only a second person pass.

        Raises:
            NeedsSecondPerson: the person asked for this version.
        """
        if by.id == self.asked_by:
            raise NeedsSecondPerson(by.id)
