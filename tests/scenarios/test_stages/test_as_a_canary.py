"""A canary goes through its shares; in a feedback loop only a canary tells."""

from core.adapters.slack.actions import PROMOTE
from core.flows.model_state import model_state
from core.flows.note_realised import note_realised
from tests.builders import ADA, NOON, a_challenge
from tests.scenarios.scene import Scene
from tests.scenarios.test_stages.staging import DAY_S, a_cohort_of, last_said, with_shares, words
from tests.staged import some_evidence


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
