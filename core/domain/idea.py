"""An idea: what somebody expects of a change, until when it is tried, and what came of it."""

from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final, Self

from pydantic import AwareDatetime, Field

from core.domain.base import Record, Value
from core.domain.challenge import Challenge
from core.domain.errors import Refusal
from core.domain.ids import VersionId
from core.domain.person import PersonId
from core.domain.stage_ends import ENDED, SERVED

_MOST_VERSIONS: Final = 20
_USUAL_DAYS: Final = 30


class IdeaState(StrEnum):
    """What is known of it."""

    OPEN = "open"
    SERVES = "it was promoted"
    KILLED = "it was killed"
    OUT_OF_TIME = "its time is over"


class KillByPast(Refusal):
    """The last day of an idea is not ahead."""

    def __init__(self, kill_by: date, today: date) -> None:
        super().__init__(f"{kill_by} is not ahead of today, {today}.")


class IdeaAnswered(Refusal):
    """The idea has come to its end."""

    def __init__(self, state: IdeaState) -> None:
        super().__init__(f"This idea has come to its end: {state}. A new one can be tried.")


class Proposal(Value):
    """What a person writes into the form."""

    hypothesis: str = Field(min_length=1, max_length=1000)
    owner: PersonId
    expected: str = Field(min_length=1, max_length=300)
    """What it should change, and by how much."""
    kill_by: date
    """The last day on which it may still be tried."""


class Idea(Record):
    """One idea for one model."""

    kind: ClassVar[str] = "idea"

    model: str
    channel: str
    proposal: Proposal
    proposed_by: str
    proposed_at: AwareDatetime
    configs: tuple[str, ...] = ()
    """Hashes of the configs that were applied to try it: whatever they make belongs to it."""
    versions: tuple[VersionId, ...] = ()
    """What it has made so far, oldest first."""
    state: IdeaState = IdeaState.OPEN
    answer: str | None = None
    """What came of it beside what was expected; `None` while it is open."""
    answered_at: AwareDatetime | None = None

    @property
    def listing(self) -> str:
        """The open ones of all models; of a model those that were answered."""
        return "ideas:open" if self.is_open else f"ideas:{self.model}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.proposed_at.isoformat()} {self.id}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be tried."""
        return self.state is IdeaState.OPEN

    def told_in(self, channel: str) -> Self:
        """Tell of it in another channel from now on."""
        return self.model_copy(update={"channel": channel})

    def tried_with(self, config_hash: str) -> Self:
        """Tie it to a config.

        Raises:
            IdeaAnswered: it has come to its end.
        """
        self.refuse_if_answered()
        kept = (*(known for known in self.configs if known != config_hash), config_hash)
        return self.model_copy(update={"configs": kept[-_MOST_VERSIONS:]})

    def tried_by(self, version: VersionId) -> Self:
        """Tie it to a version."""
        kept = (*(known for known in self.versions if known != version), version)
        return self.model_copy(update={"versions": kept[-_MOST_VERSIONS:]})

    def refuse_if_answered(self) -> None:
        """Let only an open idea pass.

        Raises:
            IdeaAnswered: it has come to its end.
        """
        if not self.is_open:
            raise IdeaAnswered(self.state)

    def outcome(self, challenges: list[Challenge], today: date) -> tuple[IdeaState, str] | None:
        """Say what came of it; `None` while that is open.

        Args:
            challenges: of its versions, oldest first, as far as there are any.
            today: in UTC.
        """
        served = [of for of in challenges if of.state in SERVED]
        if served:
            return IdeaState.SERVES, self._beside(served[-1])
        if challenges and all(of.state in ENDED for of in challenges):
            return IdeaState.KILLED, self._beside(challenges[-1])
        if today <= self.proposal.kill_by:
            return None
        if challenges:
            return IdeaState.OUT_OF_TIME, self._beside(challenges[-1])
        return IdeaState.OUT_OF_TIME, f"No version tried it. {self._expected()}"

    def answered(self, state: IdeaState, answer: str, at: AwareDatetime) -> Self:
        """Write down what came of it."""
        return self.model_copy(update={"state": state, "answer": answer, "answered_at": at})

    def _beside(self, challenge: Challenge) -> str:
        stands = f"Version `{challenge.name}` is {challenge.state}."
        return f"{stands} {_gain(challenge)} {self._expected()}"

    def _expected(self) -> str:
        return f"Expected was: {self.proposal.expected}"


def usual_kill_by(today: date) -> date:
    """Propose a last day."""
    return today + timedelta(days=_USUAL_DAYS)


def _gain(challenge: Challenge) -> str:
    if challenge.gain is None:
        return "There was nothing to compare it with."
    low, middle, high = challenge.gain
    return f"Its gain offline: {middle:+.4f} (95 % interval {low:+.4f} to {high:+.4f})."
