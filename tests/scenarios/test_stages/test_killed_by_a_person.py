"""An approver kills a version, and nobody else does."""

from core.adapters.slack.actions import KILL
from core.domain.challenge import ChallengeState
from tests.builders import ADA, GRACE, a_challenge
from tests.scenarios.scene import Scene
from tests.scenarios.test_stages.staging import last_said, words


def test_an_approver_kills_a_version_and_its_author_hears_of_it(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b", asked_by=GRACE.id))
    scene.proposed(a_challenge("ver_c"))

    scene.click(KILL, ADA, on=scene.card("ver_b"))

    assert scene.pointer().challenger == "ver_c"
    assert last_said(scene, "ver_b") == "<@U0GRACE>: <@U0ADA> killed it"
    assert "Decided by <@U0ADA>" in words(scene, "ver_b")


def test_a_version_in_the_queue_can_be_killed_and_the_others_move_up(scene: Scene) -> None:
    for version in ("ver_b", "ver_c", "ver_d"):
        scene.proposed(a_challenge(version, config_hash=version))

    scene.click(KILL, ADA, on=scene.card("ver_c"))

    assert "waits in the queue at place 1" in words(scene, "ver_d")
    assert scene.thread(scene.card("ver_d")) == []


def test_a_double_click_kills_once_and_the_card_of_a_champion_cannot_kill_it(
    scene: Scene,
) -> None:
    scene.proposed(a_challenge("ver_b"))
    card = scene.card("ver_b")

    scene.click(KILL, ADA, on=card)
    scene.click(KILL, ADA, on=card)

    assert scene.whispered_to(ADA) == "Version b is not a challenger any more."


def test_who_is_no_approver_cannot_kill(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))

    scene.click(KILL, GRACE, on=scene.card("ver_b"))

    assert scene.pointer().challenger == "ver_b"
    assert "You may not kill here." in scene.whispered_to(GRACE)


def test_a_version_that_was_killed_never_comes_back(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    scene.click(KILL, ADA, on=scene.card("ver_b"))

    scene.proposed(a_challenge("ver_b"))

    assert scene.pointer().challenger is None
    assert scene.challenge("ver_b").state is ChallengeState.KILLED
