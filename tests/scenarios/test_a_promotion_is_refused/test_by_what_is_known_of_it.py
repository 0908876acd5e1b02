"""What is known of a version speaks against it: the gate, the review, the replay, its origin."""

import pytest

from core.adapters.slack.actions import PROMOTE
from core.domain.errors import Refusal
from core.domain.ids import VersionId
from core.domain.review import Probe, ReviewFinding
from core.domain.stage_refusals import PathsDiffer, StaleEvaluation
from core.flows.ask_exception import ask_exception
from core.flows.draw_again import draw_again
from core.flows.promote import approve_exception, promote
from core.flows.prospects import with_prospects
from tests.builders import ADA, CHANNEL, GRACE, a_challenge
from tests.scenarios.scene import Scene
from tests.scenarios.test_a_promotion_is_refused.promoting import (
    REASON,
    A,
    B,
    a_parity,
    asks,
    card_with,
    found_later,
    passes,
    refused,
)
from tests.staged import some_evidence


def test_while_the_gate_is_not_passed_a_promotion_is_refused(scene: Scene) -> None:
    passes(scene)
    old_card = card_with(scene, PROMOTE)
    scene.shown(some_evidence("ver_b", "ver_a", "harmful"))
    scene.proposed(a_challenge("ver_c"))

    scene.click(PROMOTE, ADA, on=old_card)

    refused(scene, "Version b is not a challenger any more.")


def test_a_version_in_shadow_has_no_promote_button_and_its_click_would_be_refused(
    scene: Scene,
) -> None:
    scene.proposed(a_challenge("ver_b"))
    assert not scene.has(scene.card("ver_b"), PROMOTE)

    with pytest.raises(Refusal, match="b has not passed its gate"):
        promote("flights", B, seen_champion=A, by=ADA, ports=scene.ports)


def test_numbers_against_another_champion_are_stale(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b", against="ver_old"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    with pytest.raises(Refusal, match="b was compared with old, but a serves now"):
        promote("flights", B, seen_champion=A, by=ADA, ports=scene.ports)
    with pytest.raises(Refusal, match="The champion changed since you looked: it was old, now it"):
        promote("flights", B, seen_champion=VersionId("ver_old"), by=ADA, ports=scene.ports)

    assert not scene.has(scene.card("ver_b"), PROMOTE)
    assert "*Cannot be promoted now:* it was compared with old, which does not serve any" in (
        scene.words(scene.card("ver_b"))
    )


def test_stale_numbers_are_asked_for_anew_once_however_often_somebody_clicks(
    scene: Scene,
) -> None:
    scene.proposed(a_challenge("ver_b", against="ver_old"))
    asks(scene, GRACE.id)
    for _ in range(2):
        with pytest.raises(StaleEvaluation, match="Comparing it anew has been started"):
            approve_exception("flights", B, seen_champion=A, by=ADA, ports=scene.ports)

    [asked] = [job for job in scene.waiting_jobs() if "evaluate" in job.event]

    assert (asked.function, asked.event["evaluate"]) == ("retrain", B)


def test_no_exception_passes_over_a_difference_of_training_and_scoring(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    asks(scene, GRACE.id)
    scene.store(a_parity("ver_b", differing=3))

    with pytest.raises(PathsDiffer, match="Version b stays where it is: 3 of 40 rows"):
        approve_exception("flights", B, seen_champion=A, by=ADA, ports=scene.ports)
    with pytest.raises(PathsDiffer):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)

    assert scene.pointer().champion == A


def test_a_version_that_scores_otherwise_than_it_learned_is_offered_no_more(scene: Scene) -> None:
    passes(scene)
    old_card = card_with(scene, PROMOTE)
    scene.store(a_parity("ver_b", differing=3))
    draw_again(scene.challenge("ver_b").id, scene.ports)
    scene.deliver()
    assert not scene.has(scene.card("ver_b"), PROMOTE)
    assert "*Cannot be promoted now:* 3 of 40 rows of 2013-02-01 come out otherwise" in (
        scene.words(scene.card("ver_b"))
    )

    scene.click(PROMOTE, ADA, on=old_card)

    refused(scene, "Version b stays where it is: 3 of 40 rows")


def test_the_card_of_a_model_that_nobody_watches_is_drawn_as_it_is_stored(scene: Scene) -> None:
    challenge = a_challenge(model="unwatched")

    assert with_prospects(challenge, scene.ports) == challenge


def test_what_promote_shows_offers_no_more_than_the_card(scene: Scene) -> None:
    passes(scene)
    scene.slack.command("/promote", "flights", user=ADA.id, channel=CHANNEL)
    assert scene.has(scene.slack.whispers(ADA.id)[-1], PROMOTE)

    scene.store(a_parity("ver_b", differing=3))
    scene.slack.command("/promote", "flights", user=ADA.id, channel=CHANNEL)

    assert not scene.has(scene.slack.whispers(ADA.id)[-1], PROMOTE)


def test_what_the_review_found_blocks_whatever_the_gate_says(scene: Scene) -> None:
    finding = ReviewFinding(
        name="leak", sentence="`delay` is known only afterwards.", is_blocking=True
    )
    passes(scene)
    old_card = card_with(scene, PROMOTE)
    found_later(scene, findings=(finding,))
    assert "`delay` is known only afterwards." in scene.words(scene.card("ver_b"))
    assert not scene.has(scene.card("ver_b"), PROMOTE)

    scene.click(PROMOTE, ADA, on=old_card)

    refused(scene, "The review of version b stands against it: `delay` is known only afterwards.")


def test_a_finding_that_does_not_block_is_shown_and_passes(scene: Scene) -> None:
    finding = ReviewFinding(name=Probe.PRIOR, sentence="Fewer are late.", is_blocking=False)
    passes(scene, findings=(finding,))
    assert "Fewer are late." in scene.words(scene.card("ver_b"))

    scene.click(PROMOTE, ADA)

    assert scene.pointer().champion == B


def test_a_version_of_inputs_without_a_hash_is_never_promoted(scene: Scene) -> None:
    passes(scene)
    old_card = card_with(scene, PROMOTE)
    found_later(scene, is_reproducible=False)
    assert "Cannot be promoted" in scene.words(scene.card("ver_b"))
    assert not scene.has(scene.card("ver_b"), PROMOTE)

    scene.click(PROMOTE, ADA, on=old_card)

    refused(scene, "Version b was made from inputs that have no hash")
