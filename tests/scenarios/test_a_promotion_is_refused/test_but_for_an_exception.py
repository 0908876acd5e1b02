"""An exception needs a reason and two people, and passes over the gate alone."""

import pytest

from core.adapters.slack.actions import APPROVE_EXCEPTION, ASK_EXCEPTION, PROMOTE
from core.domain.errors import Refusal
from core.domain.ids import VersionId
from core.domain.model_config import Access
from core.domain.review import ReviewFinding
from core.flows.ask_exception import ask_exception
from tests.builders import ADA, GRACE, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.scenarios.test_a_promotion_is_refused.promoting import (
    REASON,
    A,
    B,
    C,
    asks,
    passes,
    refused,
)
from tests.staged import some_evidence


def test_an_exception_needs_a_reason_and_a_second_person_and_is_written_down(
    scene: Scene,
) -> None:
    scene.proposed(a_challenge("ver_b"))

    asks(scene, ADA.id)
    assert scene.pointer().champion == A
    shown = scene.words(scene.card("ver_b"))
    assert f"<@U0ADA> asks for an exception from the gate:* {REASON}" in shown
    assert not scene.has(scene.card("ver_b"), ASK_EXCEPTION)

    scene.click(APPROVE_EXCEPTION, ADA, on=scene.card("ver_b"))
    refused(scene, "You asked for this exception, so a second person has to approve it.")

    scene.click(APPROVE_EXCEPTION, GRACE, on=scene.card("ver_b"))
    assert scene.pointer().champion == B
    assert [reply.text for reply in scene.thread(scene.card("ver_b"))] == [
        f"<@U0ADA> asks for an exception from the gate: {REASON}",
        f"<@U0ADA>: <@U0GRACE> promoted it as the exception that was asked for: {REASON}",
    ]
    assert scene.served()[0].how == "promoted as an exception"


def test_a_blank_reason_is_mended_in_the_form(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))

    answer = asks(scene, ADA.id, reason=" " * 20)

    assert "Please give a reason that somebody else can judge." in str(answer)
    assert scene.challenge("ver_b").exception is None


def test_who_asks_second_is_told_who_has_asked(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    ask_exception("flights", B, reason=REASON, by=GRACE, ports=scene.ports)

    with pytest.raises(Refusal, match="<@U0GRACE> has asked for this exception already"):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)


def test_an_approval_that_is_clicked_twice_promotes_once(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    asks(scene, GRACE.id)
    card = scene.card("ver_b")

    scene.click(APPROVE_EXCEPTION, ADA, on=card)
    scene.click(APPROVE_EXCEPTION, ADA, on=card)

    assert "Nobody asks for an exception for version b any more." in scene.whispered_to(ADA)
    assert [line.version for line in scene.served()] == [B, A]


def test_an_exception_passes_over_the_gate_and_nothing_else(scene: Scene) -> None:
    finding = ReviewFinding(name="leak", sentence="It leaks.", is_blocking=True)
    scene.proposed(a_challenge("ver_b", findings=(finding,)))

    with pytest.raises(Refusal, match="The review of version b stands against it: It leaks"):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)


def test_the_author_may_not_approve_where_the_config_wants_a_second_person(scene: Scene) -> None:
    scene.applied(a_config(access=Access(promotion_needs_second_person=True).model_dump()))
    scene.proposed(a_challenge("ver_b", asked_by=ADA.id))
    asks(scene, GRACE.id)

    scene.click(APPROVE_EXCEPTION, ADA, on=scene.card("ver_b"))

    refused(scene, "<@U0ADA> asked for this version, so a second person has to promote it.")


def test_no_exception_is_needed_for_what_has_passed_and_none_is_made_for_what_waits(
    scene: Scene,
) -> None:
    passes(scene)
    scene.proposed(a_challenge("ver_c"))

    with pytest.raises(Refusal, match="b has passed its gate: promote it"):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)
    with pytest.raises(Refusal, match="c still waits, at place 1 of the queue"):
        ask_exception("flights", C, reason=REASON, by=ADA, ports=scene.ports)
    with pytest.raises(Refusal, match="z is not a challenger any more"):
        ask_exception("flights", VersionId("ver_z"), reason=REASON, by=ADA, ports=scene.ports)


def test_an_exception_that_was_asked_for_before_the_champion_changed_is_void(
    scene: Scene,
) -> None:
    scene.applied(a_config(stages={"canary_shares": (0.05,)}))
    scene.proposed(a_challenge("ver_b"))
    scene.proposed(a_challenge("ver_c"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    asks(scene, GRACE.id, version="ver_c")
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    card = scene.card("ver_c")

    scene.click(PROMOTE, ADA, on=scene.card("ver_b"))
    scene.click(APPROVE_EXCEPTION, ADA, on=card)

    assert "Nobody asks for an exception for version c any more." in scene.whispered_to(ADA)
    assert scene.pointer().champion == B
