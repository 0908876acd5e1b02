"""A version's way from the queue to the championship, as its cards tell it."""

import pytest

from core.adapters.slack.actions import KILL, PROMOTE
from core.domain.challenge import ChallengeState
from core.domain.cohort import Cohort, Outcome
from core.domain.errors import Busy
from core.domain.ids import VersionId
from core.domain.model_config import Access
from core.domain.stages_config import Stages
from core.flows.advance import advance
from core.flows.model_state import model_state
from core.flows.note_realised import note_realised
from tests.builders import ADA, APPROVERS, CHANNEL, GRACE, NOON, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.staged import a_simple_model, some_evidence, store_version

DAY_S = 24 * 3600


@pytest.fixture(autouse=True)
def champion(scene: Scene) -> None:
    scene.applied(a_config(access=Access(approvers=(APPROVERS,)).model_dump()))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))


def with_shares(scene: Scene, *shares: float, **changes: object) -> None:
    stages = Stages.model_validate({"canary_shares": shares, **changes})
    scene.applied(a_config(stages=stages.model_dump()))


def a_cohort_of(*versions: str) -> Cohort:
    """A mature cohort that these versions predicted."""
    return Cohort(
        id=Cohort.id_of("flights", "2013-02-01"),
        model="flights",
        partition="2013-02-01",
        outcomes=tuple(an_outcome(version) for version in versions),
        labels_hash="l",
        labels_key="l",
        labelled_share=1.0,
        unmatched=0,
        corrections=0,
        known_until=NOON,
        matures_at=NOON,
    )


def an_outcome(version: str) -> Outcome:
    return Outcome(
        version=VersionId(version),
        stage="champion" if version == "ver_a" else "shadow",
        key="k",
        predicted=10,
        labelled=10,
        loss=0.1,
        log_loss=0.3,
        accuracy=0.9,
    )


def last_said(scene: Scene, version: str) -> str:
    return scene.thread(scene.card(version))[-1].text


def words(scene: Scene, version: str) -> str:
    return scene.words(scene.card(version))


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


def test_a_canary_goes_through_its_shares_and_leaves_each_on_a_cohort_of_its_own(
    scene: Scene,
) -> None:
    with_shares(scene, 0.05, 0.25)
    scene.proposed(a_challenge("ver_b"))

    scene.shown(some_evidence("ver_b", "ver_a", "gain", first=7, days=1))
    scene.shown(some_evidence("ver_b", "ver_a", "gain", first=7, days=2))
    assert "canary, serves 5.0 % of the entities" in words(scene, "ver_b")

    scene.ports.sleep(2 * DAY_S)
    scene.shown(some_evidence("ver_b", "ver_a", "gain", first=7, days=3))
    scene.shown(some_evidence("ver_b", "ver_a", "gain", first=7, days=4))
    assert "canary, serves 25 % of the entities" in words(scene, "ver_b")

    scene.shown(some_evidence("ver_b", "ver_a", "gain", first=7, days=5))
    assert "stands for promotion, serves 25 % of the entities" in words(scene, "ver_b")


def test_the_next_version_passes_its_shadow_and_waits_until_there_is_no_canary(
    scene: Scene,
) -> None:
    with_shares(scene, 0.05)
    scene.proposed(a_challenge("ver_b"))
    scene.proposed(a_challenge("ver_c"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    scene.shown(some_evidence("ver_c", "ver_a", "gain"))
    assert (scene.pointer().canary, scene.pointer().challenger) == ("ver_b", "ver_c")
    scene.shown(some_evidence("ver_b", "ver_a", "harmful"))
    scene.shown(some_evidence("ver_c", "ver_a", "gain"))

    assert (scene.pointer().canary, scene.pointer().challenger) == ("ver_c", None)


def test_where_predictions_change_what_happens_only_the_canary_tells(scene: Scene) -> None:
    with_shares(scene, 0.05, has_feedback_loop=True)
    scene.proposed(a_challenge("ver_b"))
    scene.shown(some_evidence("ver_b", "ver_a", "futile"))
    assert scene.pointer().challenger == "ver_b"

    note_realised(a_cohort_of("ver_a"), scene.ports)
    assert scene.pointer().canary is None
    note_realised(a_cohort_of("ver_a", "ver_b"), scene.ports)
    scene.deliver()

    assert scene.pointer().canary == "ver_b"
    assert last_said(scene, "ver_b").endswith(
        "in shadow nothing can be shown, since what is served changes what happens"
    )
    scene.shown(some_evidence("ver_b", "ver_a", "harmful"))
    assert scene.pointer().canary is None


def test_the_next_version_of_a_feedback_loop_waits_until_there_is_no_canary(scene: Scene) -> None:
    with_shares(scene, 0.05, has_feedback_loop=True)
    scene.proposed(a_challenge("ver_b"))
    scene.proposed(a_challenge("ver_c"))
    note_realised(a_cohort_of("ver_a", "ver_b"), scene.ports)

    note_realised(a_cohort_of("ver_a", "ver_c"), scene.ports)

    assert (scene.pointer().canary, scene.pointer().challenger) == ("ver_b", "ver_c")


def test_after_a_promotion_in_a_feedback_loop_the_guard_keeps_a_share_and_its_card_says_so(
    scene: Scene,
) -> None:
    with_shares(scene, 0.05, has_feedback_loop=True, held_back=0.1)
    scene.proposed(a_challenge("ver_b"))
    note_realised(a_cohort_of("ver_a", "ver_b"), scene.ports)
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    scene.click(PROMOTE, ADA, on=scene.card("ver_b"))

    pointer = scene.pointer()
    assert (pointer.champion, pointer.guard, pointer.canary) == ("ver_b", "ver_a", "ver_a")
    words = scene.words(scene.card("ver_a"))
    assert "was champion; guards the new one, serves 10 % of the entities" in words
    assert "goes on serving 10 % of the entities, drawn anew" in last_said(scene, "ver_a")
    assert ("Guard", "a, the last champion, serves 10 % of the entities") in model_state(
        "flights", scene.ports
    ).facts(NOON)

    scene.shown(some_evidence("ver_a", "ver_b", "harmful"))
    assert (scene.pointer().guard, scene.pointer().canary_share) == (None, 0)


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


def test_status_home_and_the_models_own_screen_show_who_stands_where(scene: Scene) -> None:
    with_shares(scene, 0.05)
    for version in ("ver_b", "ver_c", "ver_d"):
        scene.proposed(a_challenge(version, config_hash=version))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    scene.slack.command("/watch", "status", user=ADA.id, channel=CHANNEL)
    status = scene.words(scene.slack.whispers(ADA.id)[-1])
    scene.slack.command("/watch", "model flights", user=ADA.id, channel=CHANNEL)
    model = scene.words(scene.slack.whispers(ADA.id)[-1])

    assert (
        "champion `a`, canary `b` with 5.0 % of the entities, in shadow `c`, 1 in the queue"
        in status
    )
    assert "*Canary:* b, serves 5.0 % of the entities" in model
    assert "*Challenger:* c, predicts in shadow" in model
    assert "*Queue:* `d`" in model


def test_a_card_says_what_serves_if_the_version_cannot(scene: Scene) -> None:
    simple = a_simple_model("ver_b", scene.ports)
    store_version("ver_b", scene.ports, simple=simple)
    scene.proposed(a_challenge("ver_b"))
    chain = "If it cannot serve: `a`, else its own simple model, else a constant."
    assert chain in words(scene, "ver_b")
    assert "cannot serve: its" not in words(scene, "ver_b")

    (scene.folder / "objects/models/flights/ver_a/model.skops").unlink()
    (scene.folder / "objects" / simple.artefact.key).unlink()
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    assert (
        f"{chain} Now `a` cannot serve: its artefact is gone. "
        "Now its own simple model cannot serve: its artefact is gone."
    ) in words(scene, "ver_b")


def test_a_card_of_a_version_of_old_says_that_it_has_no_simple_model(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))

    assert (
        "`a`, else its own simple model, else the constant of the config, if there is one. "
        "Now its own simple model cannot serve: none was trained with it."
    ) in words(scene, "ver_b")
