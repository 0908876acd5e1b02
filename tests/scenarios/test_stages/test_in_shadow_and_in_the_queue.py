"""One version is in shadow, the others queue, and what is shown decides where each goes."""

import pytest

from core.adapters.slack.actions import KILL, PROMOTE
from core.domain.challenge import ChallengeState
from core.domain.errors import Busy
from core.flows.advance import advance
from tests.builders import ADA, GRACE, a_challenge
from tests.scenarios.scene import Scene
from tests.scenarios.test_stages.staging import last_said, with_shares, words
from tests.staged import some_evidence


def test_while_one_version_is_in_shadow_the_others_queue_and_their_cards_say_where(
    scene: Scene,
) -> None:
    for version in ("ver_b", "ver_c", "ver_d"):
        scene.proposed(a_challenge(version, config_hash=version))

    assert "challenger, predicts in shadow" in words(scene, "ver_b")
    assert "waits in the queue at place 1" in words(scene, "ver_c")
    assert "waits in the queue at place 2" in words(scene, "ver_d")
    assert not scene.has(scene.card("ver_c"), PROMOTE)


def test_a_newer_version_of_the_same_config_takes_the_place_of_the_one_that_queues(
    scene: Scene,
) -> None:
    for version, config in (("ver_b", "1"), ("ver_c", "1"), ("ver_d", "2"), ("ver_e", "1")):
        scene.proposed(a_challenge(version, config_hash=config))

    assert scene.pointer().queue == ("ver_e", "ver_d")
    assert "replaced by a newer version" in words(scene, "ver_c")
    assert last_said(scene, "ver_c") == (
        "watchkeeper let e, which is newer, have its place in the queue"
    )
    assert not scene.has(scene.card("ver_c"), KILL)


def test_a_queue_that_is_full_gives_its_last_place_to_the_newest_version(scene: Scene) -> None:
    for number in range(23):
        scene.proposed(a_challenge(f"ver_{number:02}", config_hash=f"{number}"))

    assert len(scene.pointer().queue) == 20
    assert scene.pointer().queue[-2:] == ("ver_19", "ver_22")
    assert scene.challenge("ver_21").state is ChallengeState.REPLACED


def test_who_shows_a_gain_stands_for_promotion_straight_from_shadow(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b", asked_by=ADA.id))

    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    assert "stands for promotion" in words(scene, "ver_b")
    assert last_said(scene, "ver_b") == (
        "<@U0ADA>: watchkeeper lets it stand for promotion: it is better: +0.0200 a row over "
        "1,000 rows of 2 cohorts (e-value above a million, from 20 on it counts)"
    )
    assert scene.has(scene.card("ver_b"), PROMOTE)


def test_who_is_no_worse_stands_for_promotion_too(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))

    scene.shown(some_evidence("ver_b", "ver_a", "refresh"))

    assert scene.pointer().ready == "ver_b"
    assert "it is no worse" in words(scene, "ver_b")


def test_while_nothing_is_shown_the_card_says_how_far_it_is_and_nothing_moves(
    scene: Scene,
) -> None:
    scene.proposed(a_challenge("ver_b"))
    assert "no cohort has a label yet" in words(scene, "ver_b")

    scene.shown(some_evidence("ver_b", "ver_a", "undecided"))

    assert scene.pointer().ready is None
    assert "Undecided after 40 pairs of 2 days" in words(scene, "ver_b")


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (
            "harmful",
            "it is worse: -0.0200 a row over 1,000 rows of 2 cohorts (e-value above a million",
        ),
        ("futile", "it cannot gain enough to be worth a promotion: +0.0000 a row over"),
    ],
)
def test_who_is_harmful_or_futile_is_killed_and_the_next_of_the_queue_enters_shadow(
    scene: Scene, decision: str, why: str
) -> None:
    scene.proposed(a_challenge("ver_b", asked_by=GRACE.id))
    scene.proposed(a_challenge("ver_c"))

    scene.shown(some_evidence("ver_b", "ver_a", decision))  # type: ignore[arg-type]  # parametrised

    assert f"killed as {decision}" in words(scene, "ver_b")
    assert f"Why: {why}" in words(scene, "ver_b")
    assert last_said(scene, "ver_b").startswith(f"<@U0GRACE>: watchkeeper killed it as {decision}:")
    assert not scene.has(scene.card("ver_b"), PROMOTE)
    assert scene.pointer().challenger == "ver_c"
    assert "challenger, predicts in shadow" in words(scene, "ver_c")
    assert last_said(scene, "ver_c") == (
        "watchkeeper let it predict in shadow: it was the next of the queue"
    )


def test_evidence_against_a_champion_that_does_not_serve_moves_nothing(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    before = scene.pointer()

    scene.shown(some_evidence("ver_b", "ver_z", "harmful"))

    assert scene.pointer() == before


def test_the_same_evidence_again_moves_and_tells_nothing_more(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    before, told = scene.pointer(), scene.thread(scene.card("ver_b"))

    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    assert scene.pointer() == before
    assert scene.thread(scene.card("ver_b")) == told


def test_who_advances_and_is_never_first_is_asked_to_try_again(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    scene.shown(some_evidence("ver_b", "ver_a", "undecided"))

    with pytest.raises(Busy):
        advance(some_evidence("ver_b", "ver_a", "gain"), scene.never_first())


def test_when_the_champion_changes_the_next_of_the_queue_is_compared_anew(scene: Scene) -> None:
    with_shares(scene, 0.05)
    for version in ("ver_b", "ver_c", "ver_d"):
        scene.proposed(a_challenge(version, config_hash=version))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    scene.shown(some_evidence("ver_c", "ver_a", "gain"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    scene.click(PROMOTE, ADA, on=scene.card("ver_b"))

    assert (scene.pointer().challenger, scene.pointer().queue) == ("ver_c", ("ver_d",))
    assert scene.challenge("ver_c").evidence is None
    assert "no cohort has a label yet" in words(scene, "ver_c")
    assert last_said(scene, "ver_c") == (
        "watchkeeper compares it with b from now on: the champion changed"
    )
