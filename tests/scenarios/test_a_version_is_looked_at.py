"""What a version's card leaves out is one click away, for everybody, and is of now."""

import json
from dataclasses import replace

import pytest

from core.adapters.slack.actions import ASK_EXCEPTION, DETAILS, KILL
from core.domain.challenge import Challenge
from core.domain.review import Probe, ReviewFinding
from infra.local.slack.records import Message
from tests.builders import ADA, GRACE, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.staged import some_evidence


@pytest.fixture(autouse=True)
def champion(scene: Scene) -> None:
    scene.applied(a_config(access={"approvers": [ADA.id]}))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))


def details(scene: Scene, card: Message) -> str:
    scene.click(DETAILS, GRACE, on=card)
    view = scene.slack.view_of(GRACE.id)
    assert view is not None
    return json.dumps(view, ensure_ascii=False)


def test_everybody_may_read_the_details(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b", calibration="Off by 0.01", made_of="data only"))
    card = scene.card("ver_b")
    assert "Off by 0.01" not in scene.words(card)

    shown = details(scene, card)

    assert "*flights* version `b`: shadow" in shown
    assert "Calibration: Off by 0.01" in shown
    assert r"Learned from 2013-01-01 to 2013-01-21, 18,204 flights\nCompared on" in shown
    assert "Changed: data only" in shown


def test_an_old_card_shows_what_is_known_by_now(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    old_card = scene.card("ver_b")
    scene.shown(some_evidence("ver_b", "ver_a", "harmful"))

    shown = details(scene, old_card)

    assert "version `b`: killed as harmful" in shown
    assert "Decided: it is worse." in shown


def test_a_card_whose_version_is_not_known_says_so(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    card = scene.card("ver_b")
    stranger = json.loads(json.dumps(card.blocks).replace(a_challenge("ver_b").id, "chl_0"))

    scene.click(DETAILS, GRACE, on=replace(card, blocks=stranger))

    assert "I know no version named `chl_0`." in scene.whispered_to(GRACE)


@pytest.mark.parametrize(
    "flawed",
    [
        a_challenge(is_reproducible=False),
        a_challenge(findings=(ReviewFinding.copy_of_target("delay"),)),
    ],
)
def test_no_exception_is_offered_for_what_can_never_serve(scene: Scene, flawed: Challenge) -> None:
    scene.proposed(flawed)

    card = scene.card("ver_b")

    assert scene.has(card, KILL)
    assert not scene.has(card, ASK_EXCEPTION)


def test_what_only_warns_leaves_the_exception_open(scene: Scene) -> None:
    warning = ReviewFinding(name=Probe.PRIOR, sentence="Fewer are late.", is_blocking=False)
    scene.proposed(a_challenge(findings=(warning,)))

    card = scene.card("ver_b")

    assert "*The review found*\n• *prior shift* Fewer are late." in scene.words(card)
    assert scene.has(card, ASK_EXCEPTION)
