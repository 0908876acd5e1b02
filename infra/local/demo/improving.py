"""An idea that is true: it becomes a version, earns its way, is promoted, and is answered."""

from datetime import timedelta
from typing import Final

from core.adapters.slack.actions import PROMOTE
from core.domain.challenge import ChallengeState
from core.domain.idea import Idea, IdeaState
from core.domain.ids import VersionId
from core.domain.served import Served
from core.domain.serving import short
from core.domain.wording import percent
from core.flows.apply_config import apply_config
from core.flows.propose_idea import idea_of, try_with_config
from infra.local.demo.hands import prove
from infra.local.demo.spring import SLOWER
from infra.local.demo.stage import ADA, CHANNEL, GRACE, KATHERINE
from infra.local.demo.tale import Tale

HYPOTHESIS: Final = "A slower learner generalises: the one that serves learns its days by heart."
EXPECTED: Final = "A Brier score lower by 0.02 at least"

_TRIED_FOR: Final = timedelta(days=60)


class Improving:
    """Katherine has an idea; Ada promotes what it has become."""

    def __init__(self, tale: Tale) -> None:
        self._tale = tale
        self._hands, self._stores = tale.hands, tale.stores
        self._records = tale.stage.ports.records

    def tries_an_idea(self) -> VersionId:
        """Write the idea down and apply the config that tries it."""
        return self._tried(self._proposed())

    def promotes(self, version: VersionId) -> None:
        """Let the version earn its way, promote it, and see that it serves."""
        self._earns_its_way(version)
        self._is_promoted(version)
        self._is_answered(version)
        self._serves(version)

    def _proposed(self) -> Idea:
        slack, now = self._tale.stage.slack, self._tale.stage.clock.now()
        answer = slack.command("/watch", "idea flights", user=KATHERINE.id, channel=CHANNEL)
        prove(answer.is_ok, "/watch idea opened a form")
        written = {
            "hypothesis": {"hypothesis": HYPOTHESIS},
            "expected": {"expected": EXPECTED},
            "owner": {"owner": KATHERINE.id},
            "kill_by": {"kill_by": f"{(now + _TRIED_FOR).date()}"},
        }
        self._hands.submit(KATHERINE, written)
        [idea] = self._records.query(Idea, "ideas:open")
        self._hands.reads(idea.id, HYPOTHESIS)
        self._tale.say(KATHERINE, f"proposes an idea: {HYPOTHESIS} Expected: {EXPECTED}.")
        return idea

    def _tried(self, idea: Idea) -> VersionId:
        """Do what `watchkeeper apply FILE --idea ID` does."""
        ports = self._tale.stage.ports
        try_with_config(idea.id, SLOWER.model, SLOWER.hash, KATHERINE, ports)
        apply_config(SLOWER, KATHERINE, ports)
        self._tale.stage.step()
        [version] = idea_of(idea.id, ports).versions
        card = self._stores.challenge(version)
        prove(card.state is ChallengeState.SHADOW, "the new version predicts in shadow")
        self._hands.reads(card.id, "challenger, predicts in shadow")
        self._hands.reads(card.id, "Tries out: A slower learner")
        self._tale.say(KATHERINE, "applies the config that tries it; a training starts at once")
        self._tale.say(None, f"trained {card.name} on {card.trained_on}; {card.made_of}")
        return version

    def _earns_its_way(self, version: VersionId) -> None:
        self._tale.audience.sees("a slower learner is in shadow")
        days = self._tale.days_until(
            lambda: self._stores.serving().canary == version, "the gate saw a gain in shadow"
        )
        card = self._stores.challenge(version)
        self._hands.reads(card.id, f"canary, serves {percent(card.canary_share)} of the entities")
        self._tale.say(None, f"after {days} days in shadow {card.name} serves a share: a canary")
        day = self._tale.next_day()
        canary = self._stores.scored(day).canary
        prove(canary is not None and canary.version == version, f"the canary served on {day}")
        if canary is not None:
            rows = self._stores.logged_rows(canary)
            self._tale.say(None, f"the log of {day} has {rows} flights that the canary served")
        days = 1 + self._tale.days_until(
            lambda: self._stores.serving().ready == version, "the gate saw a gain in the canary"
        )
        self._hands.reads(card.id, "stands for promotion")
        self._tale.say(None, f"after {days} days as canary {card.name} stands for promotion")

    def _is_promoted(self, version: VersionId) -> None:
        before = self._stores.serving().champion
        challenge = self._stores.challenge(version)
        card = self._hands.card(challenge.id)
        for person in (GRACE, KATHERINE):
            self._hands.click(person, PROMOTE, card)
            prove(self._stores.serving().champion == before, "who may not promote moves nothing")
            self._tale.say(person, f"may not promote: {self._hands.whisper(person)}")
        if self._tale.audience.may(
            "a version stands for promotion: be Ada and promote it, or go on",
            lambda: self._stores.serving().champion == version,
        ):
            self._tale.say(ADA, f"has promoted {challenge.name}")
        else:
            self._hands.click(ADA, PROMOTE, card)
            self._tale.say(ADA, f"promotes {challenge.name}")
        after = self._stores.serving()
        prove(after.champion == version, "the slower learner is the champion")
        self._hands.reads(challenge.id, "serves as champion")
        self._hands.click(ADA, PROMOTE, card)
        prove(self._stores.serving() == after, "a second click moves nothing more")
        moves = self._records.query(Served, "served:flights")
        prove(len(moves) == 2, "one click is one promotion")  # noqa: PLR2004 - after the first
        self._tale.say(ADA, f"clicks once more and is told: {self._hands.whisper(ADA)}")

    def _is_answered(self, version: VersionId) -> None:
        self._tale.stage.step()
        [idea] = self._records.query(Idea, "ideas:flights")
        prove(idea.state is IdeaState.SERVES, "the idea is answered")
        prove(idea.versions == (version,), "by the version that tried it")
        self._hands.reads(idea.id, "What came of it")
        self._tale.say(None, f"answers the idea: {idea.state}. {idea.answer}")

    def _serves(self, version: VersionId) -> None:
        """Prove that the next day is its own, and that the last champion is on guard."""
        day = self._tale.next_day()
        rows = self._stores.rows_served_by(day, version)
        guard = self._stores.serving().guard
        prove(guard is not None and self._stores.scored(day).has(guard), "the last one guards it")
        self._hands.reads(self._stores.challenge(guard).id, "guards the new one from shadow")
        what = f"the log of {day} has {rows} flights served by {short(version)}"
        self._tale.say(None, f"{what}; {short(guard or '')} guards it")
