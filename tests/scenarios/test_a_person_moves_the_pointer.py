from typing import Any

import pytest

from core.adapters.slack.actions import PROMOTE, ROLL_BACK
from core.domain.challenge import Challenge
from core.domain.errors import Busy, Unknown
from core.domain.ids import VersionId
from core.domain.model_config import Access
from core.domain.served import Served
from core.flows.kill import kill
from core.flows.promote import promote
from tests.builders import ADA, APPROVERS, CHANNEL, GRACE, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.staged import some_evidence

A, B = VersionId("ver_a"), VersionId("ver_b")


@pytest.fixture(autouse=True)
def challenger(scene: Scene) -> None:
    scene.applied(a_config(access=Access(approvers=(APPROVERS,)).model_dump()))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))
    scene.proposed(a_challenge("ver_b"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))


def champion(scene: Scene) -> VersionId | None:
    return scene.pointer().champion


def also_ready(scene: Scene, version: str, against: str, **changes: Any) -> None:
    scene.proposed(a_challenge(version, against=against, **changes))
    scene.shown(some_evidence(version, against, "gain"))


def test_a_challenger_shows_its_evidence_and_a_button(scene: Scene) -> None:
    [first, card] = scene.slack.messages(CHANNEL)

    assert "serves as champion" in scene.words(first)
    words = scene.words(card)
    assert "stands for promotion" in words
    assert "Gain in Brier score +0.0100 (95 % interval +0.0020 to +0.0180)" in words
    assert "over champion `a` on the same rows: better." in words
    assert scene.has(card, PROMOTE)


def test_one_click_promotes_and_both_cards_say_so(scene: Scene) -> None:
    scene.click(PROMOTE, ADA)

    assert champion(scene) == B
    [old, new_one] = scene.slack.messages(CHANNEL)
    assert "serves as champion" in scene.words(new_one)
    assert not scene.has(new_one, PROMOTE)
    assert "guards the new one from shadow" in scene.words(old)
    assert scene.thread(new_one)[-1].text == "<@U0ADA> promoted it"
    assert [reply.text for reply in scene.thread(old)] == [
        "<@U0ADA> promoted b in its place; it guards that one"
    ]


def test_a_double_click_promotes_once(scene: Scene) -> None:
    [_, card] = scene.slack.messages(CHANNEL)

    scene.click(PROMOTE, ADA, on=card)
    scene.click(PROMOTE, ADA, on=card)

    assert scene.whispered_to(ADA) == "Version b serves already. Nothing more was moved."
    assert [line.version for line in scene.served()] == [B, A]


def test_who_is_no_approver_cannot_promote(scene: Scene) -> None:
    scene.click(PROMOTE, GRACE)

    assert champion(scene) == A
    assert "You may not promote here. Please ask one of: <!subteam^S0APPROVERS>." in (
        scene.whispered_to(GRACE)
    )


def test_the_author_of_a_version_needs_a_second_person_where_the_config_says_so(
    scene: Scene,
) -> None:
    access = Access(promotion_needs_second_person=True)
    scene.applied(a_config(access=access.model_dump()))
    kill("flights", B, ADA, scene.ports)
    also_ready(scene, "ver_c", "ver_a", asked_by=ADA.id)

    scene.click(PROMOTE, ADA)
    assert champion(scene) == A
    assert "a second person has to promote it" in scene.whispered_to(ADA)

    scene.click(PROMOTE, GRACE)
    assert champion(scene) == VersionId("ver_c")


def test_a_rollback_brings_the_version_before_back_at_once(scene: Scene) -> None:
    scene.click(PROMOTE, ADA)

    scene.click(ROLL_BACK, ADA)

    assert champion(scene) == A
    [old, rolled_back] = scene.slack.messages(CHANNEL)
    assert "rolled back" in scene.words(rolled_back)
    assert "serves as champion" in scene.words(old)
    assert scene.thread(rolled_back)[-1].text == "<@U0ADA> rolled it back; a serves again"
    assert [(line.version, line.how) for line in scene.served()] == [
        (A, "rolled back"),
        (B, "promoted"),
        (A, "first version"),
    ]


def test_the_short_command_shows_what_would_be_rolled_back(scene: Scene) -> None:
    scene.click(PROMOTE, ADA)

    scene.slack.command("/rollback", "flights", user=ADA.id, channel=CHANNEL)
    shown = scene.slack.whispers(ADA.id)[-1]
    assert champion(scene) == B
    scene.click(ROLL_BACK, ADA, on=shown)

    assert champion(scene) == A


def test_two_people_who_roll_back_at_once_move_the_pointer_one_version_only(
    scene: Scene,
) -> None:
    scene.click(PROMOTE, ADA)
    also_ready(scene, "ver_c", "ver_b")
    scene.click(PROMOTE, ADA)
    for _ in range(2):
        scene.slack.command("/rollback", "flights", user=ADA.id, channel=CHANNEL)
    first, second = scene.slack.whispers(ADA.id)[-2:]

    scene.click(ROLL_BACK, ADA, on=first)
    scene.click(ROLL_BACK, ADA, on=second)

    assert champion(scene) == B
    assert "The champion changed since you looked" in scene.whispered_to(ADA)


def test_the_first_version_cannot_be_rolled_back(scene: Scene) -> None:
    scene.slack.command("/rollback", "flights", user=ADA.id, channel=CHANNEL)

    assert "there is no way back" in scene.whispered_to(ADA)


def test_the_promote_command_shows_the_evidence_before_anything_moves(scene: Scene) -> None:
    scene.slack.command("/promote", "flights", user=ADA.id, channel=CHANNEL)

    shown = scene.slack.whispers(ADA.id)[-1]
    assert "Gain in Brier score +0.0100" in scene.words(shown)
    assert champion(scene) == A


def test_which_version_served_when_is_one_query(scene: Scene) -> None:
    scene.click(PROMOTE, ADA)

    history = scene.ports.records.query(Served, "served:flights")

    assert [(line.version, line.by) for line in history] == [(A, "watchkeeper"), (B, ADA.id)]


def test_a_version_that_nobody_knows_cannot_be_promoted(scene: Scene) -> None:
    with pytest.raises(Unknown, match="no version named `ver_z`"):
        promote("flights", VersionId("ver_z"), seen_champion=A, by=ADA, ports=scene.ports)


def test_a_model_without_any_version_cannot_be_rolled_back(scene: Scene) -> None:
    scene.applied(a_config(model="trains"))

    scene.slack.command("/rollback", "trains", user=ADA.id, channel=CHANNEL)

    assert "No earlier version of `trains` has served" in scene.whispered_to(ADA)


def test_the_same_version_proposed_again_is_the_same_challenge(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b", reason="asked for again"))

    assert len(scene.slack.messages(CHANNEL)) == 2
    b = scene.ports.records.get(Challenge, Challenge.id_of("flights", B))
    assert b is not None
    assert b.reason == "cadence"


def test_who_keeps_losing_the_race_is_asked_to_try_again(scene: Scene) -> None:
    with pytest.raises(Busy, match="Please try once more"):
        promote("flights", B, seen_champion=A, by=ADA, ports=scene.never_first())
