"""An idea is answered when its version ends, or when its own time does."""

from datetime import date

import pytest

from core.adapters.slack.actions import PROMOTE
from core.domain.challenge import ChallengeState
from core.domain.idea import Idea, IdeaAnswered, IdeaState, Proposal
from core.domain.ids import VersionId
from core.domain.person import Person
from core.flows.advance import advance
from core.flows.close_ideas import close_ideas
from core.flows.kill import kill
from core.flows.propose_idea import idea_of, try_with_config
from core.flows.rollback import rollback
from core.ports import changed
from tests.builders import ADA, CHANNEL, a_challenge
from tests.scenarios.scene import Scene
from tests.scenarios.test_an_idea_is_tried.ideas import (
    A_DAY_S,
    a_version_tries,
    an_hour_passes,
    proposed,
    turned_out,
)
from tests.staged import some_evidence, store_version

pytestmark = pytest.mark.usefixtures("handed_over")


def test_an_idea_is_answered_when_its_version_is_promoted(scene: Scene) -> None:
    idea = proposed(scene)
    a_version_tries(scene, idea)
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    scene.click(PROMOTE, ADA)

    answered = idea_of(idea.id, scene.ports)
    assert answered.state is IdeaState.SERVES
    assert answered.answer == (
        "Version `b` is champion. Its gain offline: +0.0100 (95 % interval +0.0020 to +0.0180). "
        "Expected was: Brier score lower by 0.005"
    )
    [of_idea, _] = scene.slack.messages(CHANNEL)
    assert ":trophy: an idea that was promoted" in scene.words(of_idea)
    assert "*What came of it*\nVersion `b` is champion." in scene.words(of_idea)
    assert "answered the idea: it was promoted." in scene.thread(of_idea)[-1].text


@pytest.mark.parametrize("by", ["a person", "the gate"])
def test_an_idea_is_answered_when_its_last_version_is_killed(scene: Scene, by: str) -> None:
    idea = proposed(scene)
    a_version_tries(scene, idea)

    if by == "a person":
        kill("flights", VersionId("ver_b"), ADA, scene.ports)
    else:
        advance(some_evidence("ver_b", "ver_a", "futile"), scene.ports)

    answered = idea_of(idea.id, scene.ports)
    assert answered.state is IdeaState.KILLED
    assert answered.answer is not None
    assert answered.answer.startswith("Version `b` is killed")


def test_an_idea_whose_version_was_rolled_back_is_answered(scene: Scene) -> None:
    idea = proposed(scene)
    a_version_tries(scene, idea)
    store_version("ver_a", scene.ports)
    promoted = scene.pointer().promoting(
        VersionId("ver_b"), seen_champion=VersionId("ver_a"), is_exception=True
    )
    scene.ports.records.commit(changed(promoted))

    rollback("flights", seen_champion=VersionId("ver_b"), by=ADA, ports=scene.ports)

    answered = idea_of(idea.id, scene.ports)
    assert answered.state is IdeaState.SERVES
    assert (answered.answer or "").startswith("Version `b` is rolled back.")


def test_an_idea_that_somebody_is_changing_stays_for_the_next_hour(scene: Scene) -> None:
    proposed(scene)
    scene.ports.sleep(13 * A_DAY_S)

    assert close_ideas(scene.never_first()) == 0
    assert close_ideas(scene.ports) == 1


def test_an_idea_whose_versions_were_all_replaced_or_wait_stays_open(scene: Scene) -> None:
    idea = proposed(scene)
    a_version_tries(scene, idea)
    turned_out(scene, ChallengeState.REPLACED)

    assert an_hour_passes(scene) == 0


def test_an_idea_ends_on_its_last_day_with_what_is_known_then(scene: Scene) -> None:
    idea = proposed(scene)
    a_version_tries(scene, idea)
    scene.ports.sleep(12 * A_DAY_S)
    assert an_hour_passes(scene) == 0

    scene.ports.sleep(A_DAY_S)

    assert [an_hour_passes(scene), an_hour_passes(scene)] == [1, 0]
    answered = idea_of(idea.id, scene.ports)
    assert answered.state is IdeaState.OUT_OF_TIME
    assert answered.answer is not None
    assert answered.answer.startswith("Version `b` is shadow. Its gain offline: +0.0100")


def test_an_idea_that_nobody_tried_says_so_and_cannot_be_tried_any_more(scene: Scene) -> None:
    idea = proposed(scene)
    scene.ports.sleep(13 * A_DAY_S)
    an_hour_passes(scene)

    answered = idea_of(idea.id, scene.ports)
    assert answered.answer == ("No version tried it. Expected was: Brier score lower by 0.005")
    assert "This idea has come to its end" in scene.answer_to(f"retrain flights idea {idea.id}")
    with pytest.raises(IdeaAnswered):
        try_with_config(idea.id, "flights", "hash", Person.command_line(), scene.ports)
    assert "· its time is over" in scene.answer_to("ideas flights")


def test_a_killed_version_answers_its_idea() -> None:
    written = Proposal(hypothesis="h", owner=ADA.id, expected="more", kill_by=date(2013, 2, 20))
    idea = Idea(
        id="ide_1",
        model="flights",
        channel=CHANNEL,
        proposal=written,
        proposed_by=ADA.id,
        proposed_at=a_challenge().proposed_at,
    )
    killed = a_challenge().model_copy(update={"state": "killed as futile", "gain": None})

    found = idea.outcome([killed], written.kill_by)

    assert found == (
        IdeaState.KILLED,
        "Version `b` is killed as futile. There was nothing to compare it with. Expected was: more",
    )


def test_an_idea_that_another_run_has_answered_is_left_alone(scene: Scene) -> None:
    idea = proposed(scene)
    scene.ports.sleep(13 * A_DAY_S)

    assert close_ideas(scene.while_listings_lag()) == 1
    assert close_ideas(scene.ports, "planes") == 0
    assert scene.ports.records.get(Idea, idea.id) is not None
