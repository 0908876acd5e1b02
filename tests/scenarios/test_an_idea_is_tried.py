from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from core.adapters.slack.actions import PROMOTE
from core.domain.challenge import Challenge, ChallengeState
from core.domain.errors import Unknown
from core.domain.idea import Idea, IdeaAnswered, IdeaState, Proposal
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.serving import Serving
from core.flows.advance import advance
from core.flows.close_ideas import close_ideas
from core.flows.kill import kill
from core.flows.propose_idea import idea_of, tie_to_version, try_with_config
from core.flows.rollback import rollback
from core.ports import changed
from core.wiring import use
from functions.handlers import refresh_people as hourly
from infra.local.front_door import CallContext
from tests.builders import ADA, CHANNEL, GRACE, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.staged import a_manifest, some_evidence, store_version

A_DAY_S = 24 * 3600
WRITTEN = {
    "hypothesis": {"hypothesis": "Wind *at the destination* tells more than wind here"},
    "expected": {"expected": "Brier score lower by 0.005"},
    "owner": {"owner": GRACE.id},
    "kill_by": {"kill_by": "2013-02-20"},
}


@pytest.fixture(autouse=True)
def handed_over(scene: Scene) -> Iterator[None]:
    use(scene.ports)
    yield
    use(None)


def said(scene: Scene, text: str) -> str:
    scene.slack.command("/watch", text, user=ADA.id, channel=CHANNEL)
    shown = scene.slack.whispers(ADA.id)[-1]
    return shown.text + "\n" + scene.words(shown)


def proposed(scene: Scene, **changes: Any) -> Idea:
    scene.slack.command("/watch", "idea flights", user=ADA.id, channel=CHANNEL)
    scene.slack.submit(ADA.id, WRITTEN | changes)
    scene.deliver()
    return scene.ports.records.query(Idea, "ideas:open")[-1]


def an_hour_passes(scene: Scene) -> int:
    refresh: Any = hourly.handler
    answer = refresh({}, CallContext("refresh_people"))
    scene.deliver()
    return int(answer["ideas_answered"])


def a_version_tries(scene: Scene, idea: Idea, version: str = "ver_b") -> None:
    """Let a training that was asked for with the idea end in a challenger."""
    scene.store(Serving(id="flights", champion=VersionId("ver_a")))
    store_version(version, scene.ports)
    scene.proposed(a_challenge(version))
    tie_to_version(VersionId(version), idea.id, scene.ports)
    scene.deliver()


def turned_out(scene: Scene, state: str, version: str = "ver_b") -> None:
    """Let a version come to a state, whatever led there."""
    challenge = scene.ports.records.get(Challenge, Challenge.id_of("flights", VersionId(version)))
    assert challenge is not None
    ended = challenge.model_copy(update={"state": state})
    assert scene.ports.records.commit(changed(ended))


def test_an_idea_that_is_proposed_stands_in_the_channel(scene: Scene) -> None:
    idea = proposed(scene)

    [card] = scene.slack.messages(CHANNEL)
    words = scene.words(card)
    assert "*flights* :bulb: an idea\nWind *at the destination* tells more" in words
    assert "*Expected*\nBrier score lower by 0.005" in words
    assert "*Owner*\n<@U0GRACE>" in words
    assert "*Kill by*\n2013-02-20" in words
    assert f"`/watch retrain flights idea {idea.id}`" in words
    assert (idea.proposed_by, idea.state) == (ADA.id, IdeaState.OPEN)


def test_the_form_proposes_its_sender_and_a_month(scene: Scene) -> None:
    scene.slack.command("/watch", "idea flights", user=ADA.id, channel=CHANNEL)

    view = scene.slack.view_of(ADA.id)
    assert view is not None
    known = {block.get("block_id"): block.get("element") for block in view["blocks"]}
    assert known["owner"]["initial_user"] == ADA.id
    assert known["kill_by"]["initial_date"] == "2013-03-10"


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("hypothesis", " ", "Please write something here."),
        ("expected", " ", "Please write something here."),
        ("kill_by", "2013-02-08", "2013-02-08 is not ahead of today, 2013-02-08."),
    ],
)
def test_an_idea_that_cannot_be_answered_is_mended_in_the_form(
    scene: Scene, field: str, value: str, error: str
) -> None:
    scene.slack.command("/watch", "idea flights", user=ADA.id, channel=CHANNEL)

    scene.slack.submit(ADA.id, WRITTEN | {field: {field: value}})

    assert scene.slack.view_errors(ADA.id) == {field: error}
    assert scene.ports.records.query(Idea, "ideas:open") == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("idea", "Please name the model as well"),
        ("idea planes", "I know no model named `planes`."),
        ("ideas planes", "I know no model named `planes`."),
        ("ideas flights", "Nobody has an idea for `flights` yet: `/watch idea flights`."),
        ("retrain flights idea", "Please name the idea as well"),
        ("retrain flights idea ide_0", "I know no idea named `ide_0`."),
    ],
)
def test_a_command_about_ideas_that_cannot_be_done_says_why(
    scene: Scene, text: str, answer: str
) -> None:
    assert answer in said(scene, text)


def test_who_may_not_respond_may_not_propose(scene: Scene) -> None:
    scene.applied(a_config(access={"responders": [GRACE.id]}))

    scene.slack.command("/watch", "idea flights", user=ADA.id, channel=CHANNEL)
    scene.slack.submit(ADA.id, WRITTEN)

    assert scene.ports.records.query(Idea, "ideas:open") == []
    view = scene.slack.view_of(ADA.id)
    assert view is not None
    assert "You may not propose an idea here." in str(view["blocks"])


def test_a_training_can_be_asked_for_with_an_idea(scene: Scene) -> None:
    idea = proposed(scene)

    said(scene, f"retrain flights idea {idea.id}")

    [training] = [job for job in scene.waiting_jobs() if job.function == "retrain"]
    assert training.event["idea"] == idea.id


def test_the_version_that_tries_an_idea_and_the_idea_name_each_other(scene: Scene) -> None:
    idea = proposed(scene)

    a_version_tries(scene, idea)

    [of_idea, of_version] = scene.slack.messages(CHANNEL)
    assert "*Tried by*\n• version `b`" in scene.words(of_idea)
    assert scene.thread(of_idea)[-1].text == "watchkeeper trained version b to try it"
    assert "Tries out: Wind *at the destination* tells more" in scene.words(of_version)


def test_a_training_that_is_run_again_ties_nothing_twice(scene: Scene) -> None:
    idea = proposed(scene)
    a_version_tries(scene, idea)

    again = tie_to_version(VersionId("ver_b"), idea.id, scene.ports)

    assert again == []
    assert idea_of(idea.id, scene.ports).versions == ("ver_b",)
    assert tie_to_version(VersionId("ver_unknown"), idea.id, scene.ports) == []


def test_whatever_an_applied_config_makes_belongs_to_its_idea(scene: Scene) -> None:
    idea = proposed(scene)
    by = Person.command_line()
    made_by = a_manifest().config_hash
    try_with_config(idea.id, "flights", made_by, by, scene.ports)
    try_with_config(idea.id, "flights", made_by, by, scene.ports)
    store_version("ver_b", scene.ports)

    [tied] = tie_to_version(VersionId("ver_b"), None, scene.ports)
    scene.deliver()

    assert tied.id == idea.id
    told = [line.text for line in scene.thread(scene.slack.messages(CHANNEL)[0])]
    assert told == [
        f"command-line applied config {made_by[:8]} to try it",
        "watchkeeper trained version ver_b to try it",
    ]


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
    assert "This idea has come to its end" in said(scene, f"retrain flights idea {idea.id}")
    with pytest.raises(IdeaAnswered):
        try_with_config(idea.id, "flights", "hash", Person.command_line(), scene.ports)
    assert "· its time is over" in said(scene, "ideas flights")


def test_the_ideas_of_a_model_are_listed_the_open_ones_first(scene: Scene) -> None:
    proposed(scene, hypothesis={"hypothesis": "the first"}, kill_by={"kill_by": "2013-02-09"})
    scene.ports.sleep(2 * A_DAY_S)
    an_hour_passes(scene)
    proposed(scene, hypothesis={"hypothesis": "the second"})

    words = said(scene, "ideas flights")

    assert words.index("• the second · <@U0GRACE> · until 2013-02-20") < words.index("• the first")


def test_an_idea_of_another_model_cannot_be_tried_here(scene: Scene) -> None:
    idea = proposed(scene)

    with pytest.raises(Unknown):
        try_with_config(idea.id, "planes", "hash", Person.command_line(), scene.ports)


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
