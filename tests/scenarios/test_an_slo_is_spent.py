"""A promise about predictions: while it has no error budget left nothing new comes to serve."""

import pytest

from core.adapters.slack.actions import APPROVE_EXCEPTION, ASK_EXCEPTION, PROMOTE, ROLL_BACK
from core.domain.alert import Disposition
from core.domain.errors import Refusal
from core.flows.ask_exception import ask_exception
from core.flows.note_realised import note_realised
from core.flows.overview import queue
from core.flows.promote import approve_exception
from core.flows.resolve import resolve
from tests.builders import ADA, GRACE, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.scenarios.slo_days import (
    NEWEST,
    PROMISE,
    SLO,
    VIOLATED,
    A,
    B,
    a_cohort,
    labels_are_there,
    passes,
    says,
)
from tests.staged import some_evidence

REASON = "Nothing else brings the accuracy back."
SPENT = (
    f"{PROMISE}: met, but its error budget is spent: 1 of 12 cohorts bad, no more may be, known up "
    f"to {NEWEST}"
)


@pytest.fixture(autouse=True)
def champion(scene: Scene) -> None:
    """Twelve days of labels, and a champion that is right on nine of ten rows of each."""
    scene.applied(a_config(slo=SLO))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))
    labels_are_there(scene)


def asks(scene: Scene, by: str) -> None:
    scene.slack.click(ASK_EXCEPTION, user=by, message=scene.card("ver_b"))
    scene.slack.submit(by, {"reason": {"reason": REASON}})
    scene.deliver()


def test_a_spent_budget_refuses_a_promotion_and_says_what_can_be_done(scene: Scene) -> None:
    old_card = passes(scene, "refresh")
    labels_are_there(scene, "2013-02-02")
    assert not scene.has(scene.card("ver_b"), PROMOTE)
    assert not scene.has(scene.card("ver_b"), ASK_EXCEPTION)
    assert "*Cannot be promoted now:* the error budget of the SLO is spent, so promotions" in (
        says(scene, "ver_b")
    )
    assert "Only what is shown to be better than what serves passes" in says(scene, "ver_b")

    scene.click(PROMOTE, ADA, on=old_card)

    assert scene.pointer().champion == A
    assert scene.whispered_to(ADA) == (
        "Promotions are frozen, so version b stays where it is: the error budget of the SLO is "
        f"spent ({SPENT}). Only a version that is shown to be better than what serves can be "
        "promoted then, as an exception, and this one is not; wait until the bad cohorts have left "
        "the window, or roll back, which is never held back."
    )


def test_no_exception_passes_over_it_for_what_is_only_no_worse(scene: Scene) -> None:
    passes(scene, "undecided")
    asks(scene, GRACE.id)
    assert scene.has(scene.card("ver_b"), APPROVE_EXCEPTION)
    labels_are_there(scene, "2013-02-02")
    assert not scene.has(scene.card("ver_b"), APPROVE_EXCEPTION)

    with pytest.raises(Refusal, match="and this one is not"):
        approve_exception("flights", B, seen_champion=A, by=ADA, ports=scene.ports)

    assert scene.pointer().champion == A


def test_nobody_may_even_ask_for_what_is_not_shown_to_be_better(scene: Scene) -> None:
    passes(scene, "refresh")
    labels_are_there(scene, "2013-02-02")

    with pytest.raises(Refusal, match="Promotions are frozen, so version b stays where it is"):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)


def test_what_is_shown_to_be_better_may_be_the_cure_and_passes_with_a_second_person(
    scene: Scene,
) -> None:
    old_card = passes(scene)
    labels_are_there(scene, "2013-02-01", "2013-02-02")
    assert f"SLO: {VIOLATED}" in says(scene, "ver_b")
    scene.click(PROMOTE, ADA, on=old_card)
    assert "This one is shown to be better than what serves" in scene.whispered_to(ADA)
    assert scene.pointer().champion == A

    assert "This version is shown to be better, so it can be promoted as an exception." in (
        says(scene, "ver_b")
    )
    asks(scene, GRACE.id)
    assert "asks for an exception from the freeze of promotions:* " + REASON in says(scene, "ver_b")
    scene.click(APPROVE_EXCEPTION, ADA, on=scene.card("ver_b"))

    assert scene.pointer().champion == B
    assert scene.served()[0].how == "promoted as an exception"


def test_a_rollback_is_never_held_back(scene: Scene) -> None:
    card = passes(scene)
    scene.click(PROMOTE, ADA, on=card)
    labels_are_there(scene, "2013-02-01", "2013-02-02")

    scene.click(ROLL_BACK, ADA, on=scene.card("ver_b"))

    assert scene.pointer().champion == A


def test_labels_that_come_late_give_the_budget_back(scene: Scene) -> None:
    passes(scene)
    labels_are_there(scene, "2013-02-02")
    assert not scene.has(scene.card("ver_b"), PROMOTE)

    labels_are_there(scene)
    assert scene.has(scene.card("ver_b"), PROMOTE)
    scene.click(PROMOTE, ADA, on=scene.card("ver_b"))

    assert scene.pointer().champion == B


def test_a_canary_gets_no_larger_share_until_there_is_a_budget_again(scene: Scene) -> None:
    scene.applied(a_config(slo=SLO, stages={"canary_shares": (0.05, 0.25)}))
    labels_are_there(scene, "2013-02-02")
    passes(scene)
    assert scene.pointer().canary is None

    labels_are_there(scene)
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    assert scene.pointer().canary_share == 0.05

    labels_are_there(scene, "2013-02-02")
    seen = some_evidence("ver_b", "ver_a", "gain", days=4)
    scene.shown(seen)
    assert scene.pointer().canary_share == 0.05
    labels_are_there(scene)
    scene.shown(seen)

    assert scene.pointer().canary_share == 0.25


def test_in_a_feedback_loop_the_first_share_is_not_held_back_for_nothing_else_shows_a_cure(
    scene: Scene,
) -> None:
    stages = {"canary_shares": (0.05, 0.25), "has_feedback_loop": True}
    scene.applied(a_config(slo=SLO, stages=stages))
    labels_are_there(scene, "2013-02-02")
    scene.proposed(a_challenge("ver_b"))

    both = a_cohort(NEWEST, 0.9)
    in_shadow = both.served.model_copy(update={"version": B, "stage": "shadow"})
    predicted = both.model_copy(update={"outcomes": (both.served, in_shadow)})
    note_realised(predicted, scene.ports)
    assert scene.pointer().canary_share == 0.05
    scene.shown(some_evidence("ver_b", "ver_a", "gain", days=4, trial="canary"))

    assert scene.pointer().canary_share == 0.05


def test_who_is_worse_is_killed_all_the_same(scene: Scene) -> None:
    labels_are_there(scene, "2013-02-02")

    passes(scene, "harmful")

    assert scene.pointer().challenger is None


def test_closing_the_alert_does_not_open_the_way(scene: Scene) -> None:
    passes(scene)
    labels_are_there(scene, "2013-02-02", "2013-02-03")
    [alert] = queue(scene.ports)

    resolve(alert.id, Disposition.EXPECTED_CHANGE, ADA, scene.ports)
    scene.deliver()

    assert not scene.has(scene.card("ver_b"), PROMOTE)
