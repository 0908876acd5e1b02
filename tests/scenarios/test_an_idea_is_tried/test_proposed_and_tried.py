"""An idea is proposed in Slack, tried by a training, and named by its version."""

import pytest

from core.domain.errors import Unknown
from core.domain.idea import Idea, IdeaState
from core.domain.ids import VersionId
from core.domain.person import Person
from core.flows.propose_idea import idea_of, tie_to_version, try_with_config
from tests.builders import ADA, CHANNEL, GRACE, a_config
from tests.scenarios.scene import Scene
from tests.scenarios.test_an_idea_is_tried.ideas import (
    A_DAY_S,
    WRITTEN,
    a_version_tries,
    an_hour_passes,
    proposed,
)
from tests.staged import a_manifest, store_version

pytestmark = pytest.mark.usefixtures("handed_over")


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
    assert answer in scene.answer_to(text)


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

    scene.answer_to(f"retrain flights idea {idea.id}")

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


def test_the_ideas_of_a_model_are_listed_the_open_ones_first(scene: Scene) -> None:
    proposed(scene, hypothesis={"hypothesis": "the first"}, kill_by={"kill_by": "2013-02-09"})
    scene.ports.sleep(2 * A_DAY_S)
    an_hour_passes(scene)
    proposed(scene, hypothesis={"hypothesis": "the second"})

    words = scene.answer_to("ideas flights")

    assert words.index("• the second · <@U0GRACE> · until 2013-02-20") < words.index("• the first")


def test_an_idea_of_another_model_cannot_be_tried_here(scene: Scene) -> None:
    idea = proposed(scene)

    with pytest.raises(Unknown):
        try_with_config(idea.id, "planes", "hash", Person.command_line(), scene.ports)
