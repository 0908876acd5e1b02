"""After a promotion: who guards it, what breaks its promise, and every way back."""

import pytest

from core.adapters.slack.actions import PROMOTE, ROLL_BACK
from core.domain.alert import Alert
from core.domain.challenge import ChallengeState
from core.domain.ids import VersionId
from core.domain.model_config import Access, StoredConfig
from core.flows.ask_exception import ask_exception
from core.flows.rollback import rollback
from infra.local.slack.records import Message
from tests.builders import ADA, APPROVERS, CHANNEL, GRACE, NOON, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.staged import a_manifest, some_evidence, store_version

A, B, C = (VersionId(f"ver_{letter}") for letter in "abc")


@pytest.fixture(autouse=True)
def promoted(scene: Scene) -> None:
    """Version b has taken the place of version a."""
    scene.applied(a_config(access=Access(approvers=(APPROVERS,)).model_dump()))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))
    promotes(scene, "ver_b", "ver_a")


def promotes(scene: Scene, version: str, against: str) -> None:
    scene.proposed(a_challenge(version, against=against))
    scene.shown(some_evidence(version, against, "gain"))
    scene.click(PROMOTE, ADA, on=scene.card(version))


def artefact_is_gone(scene: Scene, version: str) -> None:
    (scene.folder / f"objects/models/flights/{version}/model.skops").unlink()


def breach(scene: Scene) -> Alert | None:
    alert_id = Alert.id_of("flights", scene.pointer().champion, "promotion")
    return scene.ports.records.get(Alert, alert_id)


def alert_card(scene: Scene) -> Message:
    [card] = [m for m in scene.slack.messages(CHANNEL) if "made it worse" in scene.words(m)]
    return card


def test_the_old_champion_guards_the_new_one(scene: Scene) -> None:
    assert scene.pointer().guard == A
    assert "guards the new one from shadow" in scene.words(scene.card("ver_a"))
    assert scene.challenge("ver_a").state is ChallengeState.GUARDING


def test_when_the_old_champion_turns_out_better_one_alert_offers_the_way_back(
    scene: Scene,
) -> None:
    scene.shown(some_evidence("ver_a", "ver_b", "gain"))
    scene.shown(some_evidence("ver_a", "ver_b", "gain", days=3))

    words = scene.words(alert_card(scene))
    assert "a promotion that made it worse" in words
    assert (
        "Version b is worse than a, which it replaced: it loses 0.0200 a row more over 1,000 rows "
        "(e-value above a million, from 20 on it counts)"
    ) in words
    assert "a serves again from the next partition on." in words
    assert scene.pointer().champion == B

    scene.click(ROLL_BACK, ADA, on=alert_card(scene))
    assert scene.pointer().champion == A


def test_where_the_config_says_so_it_rolls_back_by_itself(scene: Scene) -> None:
    scene.applied(a_config(stages={"rolls_back_by_itself": True}))

    scene.shown(some_evidence("ver_a", "ver_b", "gain"))

    assert scene.pointer().champion == A
    assert "It is rolled back by itself." in scene.words(alert_card(scene))
    assert scene.thread(scene.card("ver_b"))[-1].text == (
        "watchkeeper rolled it back; a serves again"
    )
    assert scene.served()[0].by == "watchkeeper"


def test_where_nothing_can_serve_in_its_place_the_alert_stays_with_its_button(
    scene: Scene,
) -> None:
    scene.applied(a_config(stages={"rolls_back_by_itself": True}))
    artefact_is_gone(scene, "ver_a")

    scene.shown(some_evidence("ver_a", "ver_b", "gain"))

    assert scene.pointer().champion == B
    assert scene.has(alert_card(scene), ROLL_BACK)


def test_a_first_day_that_breaks_the_promise_raises_the_alert_before_the_gate_could(
    scene: Scene,
) -> None:
    scene.shown(some_evidence("ver_a", "ver_b", "undecided", days=1, day=(0.03, 100, 0.02)))

    assert (
        "its gain was to be +0.0100 a row, at least +0.0020, and is -0.0300 over its first 100 rows"
    ) in scene.words(alert_card(scene))


def test_a_first_day_that_may_be_chance_raises_nothing(scene: Scene) -> None:
    scene.shown(some_evidence("ver_a", "ver_b", "undecided", days=1, day=(0.03, 100, 0.12)))

    assert breach(scene) is None


def test_the_guard_ends_when_it_is_shown_to_be_the_worse_one(scene: Scene) -> None:
    scene.shown(some_evidence("ver_a", "ver_b", "harmful", days=1))

    assert scene.pointer().guard is None
    assert scene.pointer().previous == A
    assert "was champion; a newer version serves" in scene.words(scene.card("ver_a"))
    assert scene.thread(scene.card("ver_a"))[-1].text == (
        "watchkeeper ended its guard: the new champion keeps its place"
    )


def test_the_guard_ends_after_a_week_of_cohorts(scene: Scene) -> None:
    scene.shown(some_evidence("ver_a", "ver_b", "undecided", days=6, day=(0.0, 50, 0.01)))
    assert scene.pointer().guard == A

    scene.shown(some_evidence("ver_a", "ver_b", "undecided", days=7, day=(0.0, 50, 0.01)))
    assert scene.pointer().guard is None


def test_the_next_promotion_relieves_the_guard(scene: Scene) -> None:
    promotes(scene, "ver_c", "ver_b")

    assert scene.pointer().guard == B
    assert "was champion; a newer version serves" in scene.words(scene.card("ver_a"))
    assert scene.thread(scene.card("ver_a"))[-1].text == "watchkeeper ended its guard"


def test_what_was_promised_and_what_it_brought_is_shown_at_the_next_promotion(
    scene: Scene,
) -> None:
    scene.shown(some_evidence("ver_a", "ver_b", "undecided", days=5, day=(-0.0012, 100, 0.01)))
    scene.proposed(a_challenge("ver_c", against="ver_b"))

    scene.shown(some_evidence("ver_c", "ver_b", "gain"))

    assert "`b`: offline +0.0100, live so far +0.0012 on 5 cohorts" in scene.words(
        scene.card("ver_c")
    )


def test_what_it_has_brought_since_is_shown_when_the_card_is_drawn_again(scene: Scene) -> None:
    scene.shown(some_evidence("ver_a", "ver_b", "undecided", days=5, day=(-0.0012, 100, 0.01)))
    scene.proposed(a_challenge("ver_c", against="ver_b"))
    scene.shown(some_evidence("ver_c", "ver_b", "gain"))

    scene.shown(some_evidence("ver_a", "ver_b", "undecided", days=6, day=(-0.0012, 100, 0.01)))
    scene.slack.command("/promote", "flights", user=ADA.id, channel=CHANNEL)

    assert "`b`: offline +0.0100, live so far +0.0012 on 6 cohorts" in scene.words(
        scene.slack.whispers(ADA.id)[-1]
    )


def test_who_decides_about_an_exception_sees_what_earlier_promotions_brought(scene: Scene) -> None:
    brought = "`b`: offline +0.0100, live so far +0.0012 on 5 cohorts"
    scene.shown(some_evidence("ver_a", "ver_b", "undecided", days=5, day=(-0.0012, 100, 0.01)))
    scene.proposed(a_challenge("ver_c", against="ver_b"))
    assert brought not in scene.words(scene.card("ver_c"))

    ask_exception("flights", C, reason="It knows the new airports.", by=ADA, ports=scene.ports)
    scene.deliver()

    assert brought in scene.words(scene.card("ver_c"))


def test_a_rollback_passes_over_a_version_whose_artefact_is_gone_and_says_so(
    scene: Scene,
) -> None:
    promotes(scene, "ver_c", "ver_b")
    artefact_is_gone(scene, "ver_b")

    scene.click(ROLL_BACK, ADA, on=scene.card("ver_c"))

    assert scene.pointer().champion == A
    assert scene.thread(scene.card("ver_a"))[-1].text.endswith(
        "Passed over: `b`: its artefact is gone."
    )


def test_where_no_earlier_version_can_serve_a_rollback_is_refused_and_says_why(
    scene: Scene,
) -> None:
    artefact_is_gone(scene, "ver_a")

    scene.click(ROLL_BACK, ADA, on=scene.card("ver_b"))

    assert scene.pointer().champion == B
    assert scene.whispered_to(ADA) == (
        "No earlier version of `flights` can serve again: `a`: its artefact is gone."
    )


def test_overrides_come_back_with_the_version_unless_its_config_is_not_stored(
    scene: Scene,
) -> None:
    scene.click(ROLL_BACK, ADA, on=scene.card("ver_b"))

    assert scene.thread(scene.card("ver_a"))[-1].text == (
        "<@U0ADA> brought it back by a rollback; its config is not stored, so overrides and "
        "fallback stay those in force."
    )


def test_a_version_whose_config_is_stored_comes_back_with_its_overrides(scene: Scene) -> None:
    config = a_config()
    scene.store(StoredConfig(id="of c", config=config, applied_at=NOON, applied_by="command-line"))
    store_version("ver_c", scene.ports, manifest=a_manifest(config_hash="of c"))
    promotes(scene, "ver_c", "ver_b")
    promotes(scene, "ver_d", "ver_c")

    scene.click(ROLL_BACK, ADA, on=scene.card("ver_d"))

    assert scene.thread(scene.card("ver_c"))[-1].text == "<@U0ADA> brought it back by a rollback."


def test_a_rollback_ends_the_canary_that_was_compared_with_what_goes(scene: Scene) -> None:
    scene.applied(a_config(stages={"canary_shares": (0.05,)}))
    scene.proposed(a_challenge("ver_c", against="ver_b"))
    scene.proposed(a_challenge("ver_d", against="ver_b"))
    scene.shown(some_evidence("ver_c", "ver_b", "gain"))

    rollback("flights", seen_champion=B, by=GRACE, ports=scene.ports)
    scene.deliver()

    assert (scene.pointer().canary, scene.pointer().challenger) == (None, "ver_d")
    assert "waits in the queue at place 1" in scene.words(scene.card("ver_c"))
    assert scene.thread(scene.card("ver_c"))[-1].text == (
        "watchkeeper took its share back, since the champion changed; it waits in the queue"
    )
    assert scene.thread(scene.card("ver_d"))[-1].text == (
        "watchkeeper compares it with a from now on: the champion changed"
    )
