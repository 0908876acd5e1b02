import pytest

from core.adapters.slack.actions import PROMOTE, ROLL_BACK
from core.domain.challenge import Challenge, ChallengeState
from core.domain.errors import Busy, Unknown
from core.domain.ids import VersionId
from core.domain.model_config import Access
from core.domain.serving import Served, Serving
from core.flows.promote import promote
from tests.builders import ADA, APPROVERS, CHANNEL, GRACE, a_challenge, a_config
from tests.scenarios.scene import Scene

A, B = VersionId("ver_a"), VersionId("ver_b")


@pytest.fixture(autouse=True)
def challenger(scene: Scene) -> None:
    scene.applied(a_config(access=Access(approvers=(APPROVERS,)).model_dump()))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))
    scene.proposed(a_challenge("ver_b"))


def serving(scene: Scene) -> Serving:
    stored = scene.ports.records.get(Serving, "flights")
    assert stored is not None
    return stored


def test_a_challenger_shows_its_evidence_and_a_button(scene: Scene) -> None:
    [first, card] = scene.slack.messages(CHANNEL)

    assert "serves as champion" in scene.words(first)
    words = scene.words(card)
    assert "challenger, predicts in shadow" in words
    assert "Gain in Brier score +0.0100 (95 % interval +0.0020 to +0.0180)" in words
    assert "over champion `a` on the same rows: better." in words
    assert scene.has(card, PROMOTE)


def test_one_click_promotes_and_both_cards_say_so(scene: Scene) -> None:
    scene.click(PROMOTE, ADA)

    assert serving(scene).champion == B
    [old, new_one] = scene.slack.messages(CHANNEL)
    assert "was champion" in scene.words(old)
    assert "serves as champion" in scene.words(new_one)
    assert not scene.has(new_one, PROMOTE)
    assert [reply.text for reply in scene.thread(new_one)] == ["<@U0ADA> promoted it"]
    assert [reply.text for reply in scene.thread(old)] == ["<@U0ADA> promoted b in its place"]


def test_a_double_click_promotes_once(scene: Scene) -> None:
    [_, card] = scene.slack.messages(CHANNEL)

    scene.click(PROMOTE, ADA, on=card)
    scene.click(PROMOTE, ADA, on=card)

    assert scene.whispered_to(ADA) == "Version b is not the challenger any more."
    assert [line.version for line in scene.served()] == [B, A]


def test_who_is_no_approver_cannot_promote(scene: Scene) -> None:
    scene.click(PROMOTE, GRACE)

    assert serving(scene).champion == A
    assert "You may not promote here. Please ask one of: <!subteam^S0APPROVERS>." in (
        scene.whispered_to(GRACE)
    )


def test_the_author_of_a_version_needs_a_second_person_where_the_config_says_so(
    scene: Scene,
) -> None:
    access = Access(promotion_needs_second_person=True)
    scene.applied(a_config(access=access.model_dump()))
    scene.proposed(a_challenge("ver_c", asked_by=ADA.id))

    scene.click(PROMOTE, ADA)
    assert serving(scene).champion == A
    assert "a second person has to promote it" in scene.whispered_to(ADA)

    scene.click(PROMOTE, GRACE)
    assert serving(scene).champion == VersionId("ver_c")


def test_evidence_against_another_champion_is_refused(scene: Scene) -> None:
    [_, card_of_b] = scene.slack.messages(CHANNEL)
    scene.proposed(a_challenge("ver_c"))
    promote("flights", VersionId("ver_c"), seen_champion=A, by=ADA, ports=scene.ports)

    scene.click(PROMOTE, ADA, on=card_of_b)

    assert serving(scene).champion == VersionId("ver_c")
    assert scene.whispered_to(ADA) == "Version b is not the challenger any more."


def test_a_newer_challenger_replaces_one_that_nobody_decided(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_c"))

    b = scene.ports.records.get(Challenge, Challenge.id_of("flights", B))
    assert b is not None
    assert b.state is ChallengeState.REPLACED
    [_, card_of_b, _] = scene.slack.messages(CHANNEL)
    assert "replaced by a newer challenger" in scene.words(card_of_b)
    assert not scene.has(card_of_b, PROMOTE)


def test_a_rollback_brings_the_version_before_back_at_once(scene: Scene) -> None:
    scene.click(PROMOTE, ADA)

    scene.click(ROLL_BACK, ADA)

    assert serving(scene).champion == A
    [old, rolled_back] = scene.slack.messages(CHANNEL)
    assert "rolled back" in scene.words(rolled_back)
    assert "serves as champion" in scene.words(old)
    assert [(line.version, line.how) for line in scene.served()] == [
        (A, "rolled back"),
        (B, "promoted"),
        (A, "first version"),
    ]


def test_the_short_command_shows_what_would_be_rolled_back(scene: Scene) -> None:
    scene.click(PROMOTE, ADA)

    scene.slack.command("/rollback", "flights", user=ADA.id, channel=CHANNEL)
    shown = scene.slack.whispers(ADA.id)[-1]
    assert serving(scene).champion == B
    scene.click(ROLL_BACK, ADA, on=shown)

    assert serving(scene).champion == A


def test_two_people_who_roll_back_at_once_move_the_pointer_one_version_only(
    scene: Scene,
) -> None:
    scene.click(PROMOTE, ADA)
    scene.proposed(a_challenge("ver_c", against="ver_b"))
    scene.click(PROMOTE, ADA)
    for _ in range(2):
        scene.slack.command("/rollback", "flights", user=ADA.id, channel=CHANNEL)
    first, second = scene.slack.whispers(ADA.id)[-2:]

    scene.click(ROLL_BACK, ADA, on=first)
    scene.click(ROLL_BACK, ADA, on=second)

    assert serving(scene).champion == B
    assert "The champion changed since you looked" in scene.whispered_to(ADA)


def test_the_first_version_cannot_be_rolled_back(scene: Scene) -> None:
    scene.slack.command("/rollback", "flights", user=ADA.id, channel=CHANNEL)

    assert "there is no way back" in scene.whispered_to(ADA)


def test_the_promote_command_shows_the_evidence_before_anything_moves(scene: Scene) -> None:
    scene.slack.command("/promote", "flights", user=ADA.id, channel=CHANNEL)

    shown = scene.slack.whispers(ADA.id)[-1]
    assert "Gain in Brier score +0.0100" in scene.words(shown)
    assert serving(scene).champion == A


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
