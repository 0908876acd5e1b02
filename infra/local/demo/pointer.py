"""What the engineers do with versions: promote the challenger, and take it back."""

from typing import Final

from core.adapters.slack.actions import APPROVE_EXCEPTION, ASK_EXCEPTION, PROMOTE, ROLL_BACK
from core.domain.challenge import Challenge
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.serving import short
from infra.local.demo.hands import Hands, prove
from infra.local.demo.stage import ADA, GRACE, KATHERINE, NAMES, Stage
from infra.local.demo.stores import Stores
from infra.local.demo.telling import Teller

_REASON: Final = "Its gate has not decided yet, and we want to see how a promotion works."


class Pointer:
    """Follows the pointer to the version that serves, one move a day."""

    def __init__(self, stage: Stage, hands: Hands, teller: Teller) -> None:
        self._stage, self._hands, self._teller = stage, hands, teller
        self._stores = Stores(stage)
        self._first: VersionId | None = None
        self._promoted: VersionId | None = None
        self._is_back = False
        self.is_done = False

    def first_version_serves(self) -> None:
        """Prove that the first training made a champion."""
        self._first = self._stores.serving().champion
        prove(self._first is not None, "the first training made a champion")
        card = self._stores.challenge(self._first)
        self._hands.reads(card.id, "serves as champion")
        self._teller.say(
            self._stage.clock.now(), "watchkeeper", f"trained {card.name} on {card.trained_on}"
        )

    def moves_on(self, day: str) -> None:
        """Make the next move, once the last one has shown its effect on a day's predictions."""
        serving = self._stores.serving()
        if self._promoted is None:
            if serving.in_view is not None:
                self._promote(serving.in_view)
        elif not self._is_back:
            self._stores.rows_served_by(day, self._promoted)
            self._roll_back(self._promoted)
        elif not self.is_done:
            self._stores.rows_served_by(day, self._first)
            self.is_done = True

    def _promote(self, version: VersionId) -> None:
        challenge = self._stores.challenge(version)
        self._say(None, f"challenger {challenge.name}: {_gain(challenge)}")
        action, approver = PROMOTE, ADA
        if self._stores.serving().ready != version:
            self._ask_for_an_exception(challenge)
            action, approver = APPROVE_EXCEPTION, KATHERINE
        card = self._hands.card(challenge.id)
        self._hands.click(GRACE, action, card)
        prove(self._stores.serving().champion == self._first, "who may not promote moves nothing")
        self._say(GRACE, f"may not promote: {self._hands.whisper(GRACE)}")
        self._hands.click(approver, action, card)
        prove(self._stores.serving().champion == version, "the challenger is the champion")
        self._hands.reads(challenge.id, "serves as champion")
        self._promoted = version
        self._say(approver, f"promotes {challenge.name}")

    def _ask_for_an_exception(self, challenge: Challenge) -> None:
        self._hands.click(ADA, ASK_EXCEPTION, self._hands.card(challenge.id))
        self._hands.submit(ADA, {"reason": {"reason": _REASON}})
        self._hands.reads(challenge.id, "A second person has to approve it.")
        self._say(ADA, f"asks for an exception: {_REASON}")

    def _roll_back(self, version: VersionId) -> None:
        challenge = self._stores.challenge(version)
        self._hands.click(ADA, ROLL_BACK, self._hands.card(challenge.id))
        prove(
            self._stores.serving().champion == self._first,
            "the first version is the champion again",
        )
        self._hands.reads(challenge.id, "rolled back")
        self._is_back = True
        self._say(ADA, f"rolls back to {short(self._first or '')}, to see that it works")

    def _say(self, who: Person | None, what: str) -> None:
        name = NAMES[who.id] if who else "watchkeeper"
        self._teller.say(self._stage.clock.now(), name, what)


def _gain(challenge: Challenge) -> str:
    if challenge.gain is None:
        return "not comparable with the champion"
    low, middle, high = challenge.gain
    return f"gain in Brier score {middle:+.4f} ({low:+.4f} to {high:+.4f})"
