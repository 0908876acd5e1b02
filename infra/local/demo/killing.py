"""Two versions that end before anybody sees them: one changes nothing, one is harmful."""

from typing import Final

from core.domain.challenge import Challenge, ChallengeState
from core.domain.ids import VersionId
from core.domain.review import Probe
from core.domain.wording import percent
from core.flows.apply_config import apply_config
from infra.local.demo.hands import prove
from infra.local.demo.mistakes import Mistakes
from infra.local.demo.spring import FLIPPED_SHARE, HARDLY_OTHER
from infra.local.demo.stage import ADA, CHANNEL, KATHERINE
from infra.local.demo.tale import Tale

_LOOKS_FINE: Final = 0.02  # of the accuracy; nobody would stop a version for less


class Killing:
    """Lets the gate end what should not serve."""

    def __init__(self, tale: Tale, mistakes: Mistakes) -> None:
        self._tale, self._mistakes = tale, mistakes
        self._hands, self._stores = tale.hands, tale.stores

    def queues_a_change(self) -> VersionId:
        """Apply a config that hardly differs, while another version is in shadow: it has to wait.

        Trained on the very same rows, it differs by that one parameter and by nothing else.
        """
        apply_config(HARDLY_OTHER, KATHERINE, self._tale.stage.ports)
        self._tale.stage.step()
        self._tale.say(KATHERINE, "applies another change: l2_regularization is 6.0 and not 5.0")
        [version] = self._stores.serving().queue
        card = self._stores.challenge(version)
        self._hands.reads(card.id, "waits in the queue at place 1")
        self._tale.say(None, f"trained {card.name} too; it waits at place 1 of the queue")
        return version

    def changes_nothing(self, version: VersionId) -> None:
        """Prove that it is compared with the new champion by now, and let the gate end it."""
        card = self._stores.challenge(version)
        champion = self._stores.serving().champion
        prove(self._stores.serving().challenger == version, "the change is in shadow")
        prove(card.against == champion, "it is compared with the new champion")
        self._hands.reads(card.id, "challenger, predicts in shadow")
        self._tale.audience.sees("a change that does not matter is in shadow")
        self._ends(card, ChallengeState.FUTILE)

    def learned_from_flipped_labels(self) -> None:
        """Retrain while labels are wrong: the version decides as well, and is worse."""
        before = self._in_shadow()
        days = self._mistakes.flip(self._tale.stage)
        flipped = f"{percent(FLIPPED_SHARE)} of the labels from {days[0]} to {days[-1]}"
        self._tale.confess(f"{flipped} land again, turned round")
        self._asks_for_a_training()
        card = self._new_in_shadow(before)
        self._tells_of_the_review(card)
        self._mistakes.correct(self._tale.stage)
        self._tale.confess("the labels land once more, as they were")
        self._tale.audience.sees("a version that learned from flipped labels is in shadow")
        self._ends(card, ChallengeState.HARMFUL)
        self._tells_of_its_accuracy(card.version)

    def _asks_for_a_training(self) -> None:
        slack, stage = self._tale.stage.slack, self._tale.stage
        answer = slack.command("/watch", "retrain flights", user=ADA.id, channel=CHANNEL)
        prove(answer.is_ok, "/watch retrain was answered")
        stage.step()
        self._tale.say(ADA, "types /watch retrain flights")

    def _in_shadow(self) -> VersionId | None:
        challenger = self._stores.serving().challenger
        prove(challenger is None, "nobody is in shadow")
        return challenger

    def _new_in_shadow(self, before: VersionId | None) -> Challenge:
        version = self._stores.serving().challenger
        prove(version not in (None, before), "a new version is in shadow")
        card = self._stores.challenge(version)
        self._hands.reads(card.id, "challenger, predicts in shadow")
        self._tale.say(None, f"trained {card.name} on {card.trained_on}; {card.made_of}")
        return card

    def _ends(self, card: Challenge, state: ChallengeState) -> None:
        champion = self._stores.serving().champion
        days = self._tale.days_until(
            lambda: card.version not in self._stores.serving().standing, f"{card.name} was killed"
        )
        ended = self._stores.challenge(card.version)
        prove(ended.state is state, f"{card.name} was {state}, not {ended.state}")
        self._hands.reads(card.id, str(state))
        prove(self._stores.serving().champion == champion, "the champion goes on serving")
        self._tale.say(None, f"{state} after {days} days: {ended.killed_because}")

    def _tells_of_the_review(self, card: Challenge) -> None:
        found = [finding for finding in card.findings if finding.name is Probe.FLIPS]
        if found:
            self._hands.reads(card.id, f"*{Probe.FLIPS}*")
        said = found[0].sentence if found else "nothing about labels"
        self._tale.say(None, f"the review of {card.name} finds: {said}")

    def _tells_of_its_accuracy(self, version: VersionId) -> None:
        """Say how often both were right, on the very same flights."""
        ended = self._stores.challenge(version)
        own, champions = ended.realised, ended.champion_realised
        prove(own is not None and champions is not None, "both were judged by the same days")
        if own is None or champions is None:
            return
        prove(own.rows == champions.rows, "both were judged by the same flights")
        right, champion_right = own.accuracy or 0.0, champions.accuracy or 0.0
        prove(champion_right - right < _LOOKS_FINE, "its accuracy looked fine")
        self._tale.say(
            None,
            f"{ended.name} was right for {100 * right:.1f} % of {own.rows:,} flights, the "
            f"champion for {100 * champion_right:.1f} %; Brier score {own.brier:.3f}, "
            f"the champion's {champions.brier:.3f}",
        )
