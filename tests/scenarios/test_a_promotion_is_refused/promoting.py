"""What speaks for and against a promotion: the words that these stories share."""

from typing import Any

from core.adapters.slack.actions import ASK_EXCEPTION
from core.domain.ids import VersionId
from core.domain.parity import Parity
from core.flows.draw_again import draw_again
from core.ports import changed
from infra.local.slack.local_slack import Answer
from infra.local.slack.records import Message
from tests.builders import ADA, CHANNEL, NOON, a_challenge
from tests.scenarios.scene import Scene
from tests.staged import some_evidence

A, B, C = (VersionId(f"ver_{letter}") for letter in "abc")
REASON = "The old one cannot read the new airports."


def passes(scene: Scene, version: str = "ver_b", **changes: Any) -> None:
    scene.proposed(a_challenge(version, **changes))
    scene.shown(some_evidence(version, "ver_a", "gain"))


def card_with(scene: Scene, action_id: str) -> Message:
    """The card as somebody saw it who has not looked since."""
    [card] = [card for card in scene.slack.messages(CHANNEL) if scene.has(card, action_id)]
    return card


def asks(scene: Scene, by: str, reason: str = REASON, version: str = "ver_b") -> Answer:
    """Open the form from the version's card, and send it."""
    scene.slack.click(ASK_EXCEPTION, user=by, message=scene.card(version))
    answer = scene.slack.submit(by, {"reason": {"reason": reason}})
    scene.deliver()
    return answer


def found_later(scene: Scene, **changes: Any) -> None:
    """Let what is known of the version change after its card was drawn, and draw it again."""
    known = scene.challenge("ver_b")
    assert scene.ports.records.commit(changed(known.model_copy(update=changes)))
    draw_again(known.id, scene.ports)
    scene.deliver()


def a_parity(version: str, differing: int) -> Parity:
    return Parity(
        id=Parity.id_of("flights", VersionId(version)),
        model="flights",
        version=VersionId(version),
        partition="2013-02-01",
        rows=40,
        differing=differing,
        replayed_at=NOON,
    )


def refused(scene: Scene, because: str) -> None:
    assert because in scene.whispered_to(ADA)
    assert scene.pointer().champion == A
