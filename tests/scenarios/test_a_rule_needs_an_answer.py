from typing import Any

import pytest

from core.domain.model_config import ModelConfig
from core.domain.person_name import PersonName
from core.flows.ask_about_rules import ask_about_rules
from core.flows.deliver import deliver
from core.flows.sweep import sweep
from functions.handlers import refresh_people as handler
from infra.local.front_door import CallContext
from tests.builders import ADA, CHANNEL, GRACE, a_config, a_rule
from tests.scenarios.scene import Scene

pytestmark = pytest.mark.usefixtures("handed_over")

A_DAY_S = 24 * 3600


def ruled(**changes: Any) -> ModelConfig:
    """A config with a rule of Grace's that holds until the end of this day."""
    stated = {"owner": GRACE.id, "expires": "2013-02-08", **changes}
    return a_config(constraints=[a_rule(**stated).model_dump()])


def an_hour_passes(scene: Scene) -> int:
    """Let the hourly function run, and the sweep after it; returns how many were asked."""
    refresh: Any = handler.handler
    answer = refresh({}, CallContext("refresh_people"))
    for channel in sweep(scene.ports):
        deliver(channel, scene.ports)
    return int(answer["asked"])


def said(scene: Scene, channel: str = CHANNEL) -> list[str]:
    return [message.text for message in scene.slack.messages(channel)]


def test_the_owner_of_a_rule_is_asked_once_when_it_has_expired(scene: Scene) -> None:
    scene.applied(ruled())
    assert an_hour_passes(scene) == 0

    scene.ports.sleep(A_DAY_S)
    assert [an_hour_passes(scene) for _ in range(3)] == [1, 0, 0]

    [question] = said(scene)
    assert question == (
        "<@U0GRACE> is asked about a rule that expired after 2013-02-08 and is no longer judged: "
        "`distance` of `flights`, at most 6,000 (no flight is longer). Give it a new `expires` in "
        "the config, or drop it there."
    )


def test_a_rule_that_got_another_day_is_asked_about_when_that_has_passed(scene: Scene) -> None:
    scene.applied(ruled())
    scene.ports.sleep(A_DAY_S)
    an_hour_passes(scene)

    scene.applied(ruled(expires="2013-02-10"))
    assert an_hour_passes(scene) == 0
    scene.ports.sleep(2 * A_DAY_S)
    assert an_hour_passes(scene) == 1


def test_when_the_owner_has_left_the_owner_of_the_model_is_asked_while_the_rule_still_holds(
    scene: Scene,
) -> None:
    scene.slack.add_user(GRACE.id, "Grace", handle="grace", is_active=False)
    scene.applied(ruled(expires="2013-12-31"))

    assert [an_hour_passes(scene) for _ in range(2)] == [1, 0]

    [question] = said(scene)
    assert question.startswith(
        "<@U0ADA> is asked who maintains a rule from now on, since Grace has left Slack: `distance`"
    )
    assert question.endswith("it is judged until 2013-12-31.")


def test_that_somebody_left_is_known_a_day_later_at_the_latest(scene: Scene) -> None:
    scene.applied(ruled(expires="2013-12-31"))
    scene.slack.add_user(GRACE.id, "Grace", handle="grace", is_active=False)
    assert an_hour_passes(scene) == 0

    scene.ports.sleep(A_DAY_S)
    assert an_hour_passes(scene) == 1

    known = scene.ports.records.get(PersonName, GRACE.id)
    assert known is not None
    assert (known.name, known.is_gone) == ("Grace", True)


def test_when_both_owners_have_left_the_channel_is_asked(scene: Scene) -> None:
    for person in (ADA, GRACE):
        scene.slack.add_user(person.id, person.id, handle=person.id.lower(), is_active=False)
    scene.applied(ruled())
    scene.ports.sleep(A_DAY_S)

    assert an_hour_passes(scene) == 1

    [question] = said(scene)
    assert question.startswith("Whoever looks after `flights` is asked about a rule that expired")


def test_a_question_about_a_sensitive_column_shows_no_value(scene: Scene) -> None:
    scene.applied(
        ruled(reason="<!channel> it is so").model_copy(update={"sensitive": ("distance",)})
    )
    scene.ports.sleep(A_DAY_S)
    an_hour_passes(scene)

    [question] = said(scene)
    assert "6,000" not in question
    assert "<!channel>" not in question


def test_a_question_follows_the_model_to_its_new_channel(scene: Scene) -> None:
    scene.applied(ruled())
    scene.ports.sleep(A_DAY_S)
    assert ask_about_rules(scene.ports) == 1
    scene.slack.add_channel("C0ELSEWHERE", "ml-alerts-2")
    scene.slack.archive_channel(CHANNEL)
    scene.applied(ruled().model_copy(update={"channel": "C0ELSEWHERE"}))

    for _ in range(3):
        an_hour_passes(scene)

    assert len(said(scene, "C0ELSEWHERE")) == 1
    assert scene.told_elsewhere() == []
