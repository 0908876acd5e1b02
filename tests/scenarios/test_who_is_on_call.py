"""A rota: alerts name who is on call, go to the next person, and a shift ends with a report."""

import json
from datetime import timedelta
from typing import Any

import pytest

from core.adapters.slack.actions import ACKNOWLEDGE, MORE, REPORT_CHOICE, RESOLVE, MenuChoice
from core.domain.hand_over import HandOver
from core.domain.model_config import ModelConfig
from core.domain.verdict import Severity
from core.flows.hand_over import hand_over
from core.flows.on_call import escalate
from core.flows.overview import alert_of
from core.flows.raise_alert import raise_alert
from core.flows.sweep import sweep
from core.wiring import use
from functions.handlers import deliver as deliver_door
from functions.handlers import refresh_people as people_door
from functions.handlers import sweep as sweep_door
from infra.local.front_door import CallContext
from tests.builders import ADA, CHANNEL, GRACE, a_config, an_alert, some_evidence
from tests.scenarios.scene import Scene

REPORT_OF_THE_6TH = MenuChoice(alert=an_alert(partition="2013-02-06").id, choice=REPORT_CHOICE)
OWNER, NEW = "U0OWNER", "U0NEW"
ROTA = {"rota": [ADA.id, GRACE.id], "since": "2013-02-04", "escalates_after_minutes": 30}


def with_rota(**changes: object) -> ModelConfig:
    return a_config(owner=OWNER, on_call=ROTA | changes)


@pytest.fixture
def rota(scene: Scene) -> Scene:
    """Ada is on call in the week of the 4th, Grace in that of the 11th."""
    scene.slack.add_user(OWNER, "Owen", handle="owen")
    scene.slack.add_user(NEW, "Nora", handle="nora")
    scene.applied(with_rota())
    return scene


def minutes_pass(scene: Scene, minutes: int) -> list[str]:
    """Let time pass and the sweep look; return what was said under the alert since."""
    scene.ports.sleep(timedelta(minutes=minutes).total_seconds())
    card = scene.slack.messages(CHANNEL)[0]
    before = len(scene.thread(card))
    if CHANNEL in sweep(scene.ports):
        escalate(CHANNEL, scene.ports)
        scene.deliver()
    return [line.text for line in scene.thread(card)[before:]]


def call(handler: Any, event: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - decorated
    answer: dict[str, Any] = handler(event, CallContext(handler.__module__))
    return answer


def said(scene: Scene, text: str) -> str:
    scene.slack.command("/watch", text, user=ADA.id, channel=CHANNEL)
    return scene.words(scene.slack.whispers(ADA.id)[-1])


def test_an_alert_mentions_who_is_on_call_until_somebody_has_it(rota: Scene) -> None:
    rota.raised(an_alert())
    [posted] = rota.slack.messages(CHANNEL)

    rota.click(ACKNOWLEDGE, GRACE)

    assert "Nobody has it yet; <@U0ADA> is on call" in rota.words(posted)
    [taken] = rota.slack.messages(CHANNEL)
    assert "<@U0ADA>" not in rota.words(taken)


def test_who_learns_the_job_is_named_beside_them(rota: Scene) -> None:
    rota.applied(with_rota(shadow_seat=NEW))

    rota.raised(an_alert())

    [card] = rota.slack.messages(CHANNEL)
    assert "<@U0ADA> is on call, <@U0NEW> watches along" in rota.words(card)


def test_many_alerts_in_one_message_mention_them_once(rota: Scene) -> None:
    for day in range(1, 13):
        raise_alert(an_alert(partition=f"2013-01-{day:02d}"), rota.ports)

    rota.deliver()

    [storm] = rota.slack.messages(CHANNEL)
    assert "12 alerts at once" in rota.words(storm)
    assert rota.words(storm).count("On call: <@U0ADA>") == 1


def test_the_next_week_is_the_next_persons(rota: Scene) -> None:
    rota.ports.sleep(timedelta(days=3).total_seconds())

    rota.raised(an_alert())

    assert "<@U0GRACE> is on call" in rota.words(rota.slack.messages(CHANNEL)[0])


def test_what_nobody_takes_goes_to_the_next_person_and_then_to_the_owner(rota: Scene) -> None:
    rota.raised(an_alert())

    early, first = minutes_pass(rota, 29), minutes_pass(rota, 1)
    again, second = minutes_pass(rota, 5), minutes_pass(rota, 25)
    last = minutes_pass(rota, 300)

    assert (early, again, last) == ([], [], [])
    assert first == ["<@U0GRACE>: watchkeeper asks you to take it: nobody has for 30 min"]
    assert second == ["<@U0OWNER>: watchkeeper asks you to take it: nobody has for 60 min"]
    [card] = rota.slack.messages(CHANNEL)
    assert "<@U0ADA> is on call, then <@U0GRACE>, then <@U0OWNER>" in rota.words(card)


def test_what_somebody_has_goes_to_nobody_else(rota: Scene) -> None:
    rota.raised(an_alert())
    rota.click(ACKNOWLEDGE, ADA)

    assert minutes_pass(rota, 45) == []


def test_a_warning_waits_for_the_day_unless_a_person_says_that_it_is_urgent(rota: Scene) -> None:
    rota.raised(an_alert(evidence=some_evidence(severity=Severity.WARN)))
    waited = minutes_pass(rota, 45)

    said(rota, f"prioritise {an_alert().id} P1")

    assert waited == []
    assert "<@U0GRACE>: watchkeeper asks you" in minutes_pass(rota, 1)[-1]


def test_what_a_person_calls_less_urgent_wakes_nobody_else(rota: Scene) -> None:
    rota.raised(an_alert())
    rota.click(MORE, ADA, choice=MenuChoice(alert=an_alert().id, choice="P3"))

    assert minutes_pass(rota, 45) == []


def test_of_two_sweeps_at_once_one_asks(rota: Scene) -> None:
    rota.raised(an_alert())
    rota.ports.sleep(1800)

    overtaken = rota.while_overtaken_by(lambda: escalate(CHANNEL, rota.ports))

    assert escalate(CHANNEL, overtaken) == 0
    assert rota.alert().escalated_to == (GRACE.id,)


def test_a_model_without_a_rota_calls_nobody(scene: Scene) -> None:
    scene.raised(an_alert())

    assert minutes_pass(scene, 600) == []
    assert "on call" not in scene.words(scene.slack.messages(CHANNEL)[0])


def test_an_alert_from_before_the_rota_is_handed_to_nobody(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.applied(with_rota())

    assert minutes_pass(scene, 45) == []


def test_who_is_in_the_rota_may_do_what_responders_may(rota: Scene) -> None:
    rota.applied(a_config(access={"responders": ["U0BOSS"]}, on_call=ROTA))
    rota.raised(an_alert())

    rota.click(ACKNOWLEDGE, GRACE)

    assert alert_of(an_alert().id, rota.ports).owner == GRACE.id


def test_the_status_says_who_is_on_call_and_who_is_next(rota: Scene) -> None:
    words = said(rota, "status")

    assert "On call: <@U0ADA> until <!date^1360573200^" in words
    assert "then <@U0GRACE>" in words


def a_shift_with_work(scene: Scene) -> None:
    """One alert that is open, one that was resolved, one reported and not closed."""
    scene.raised(an_alert())
    scene.raised(an_alert(partition="2013-02-07"))
    scene.click(RESOLVE, ADA)
    scene.slack.submit(ADA.id, {"disposition": {"choice": "noise"}})
    scene.raised(an_alert(partition="2013-02-06"))
    scene.click(MORE, ADA, choice=REPORT_OF_THE_6TH)
    scene.slack.submit(ADA.id, {"title": {"title": "Wind stood still"}})
    scene.deliver()


def test_a_shift_ends_with_a_report_of_what_is_left(rota: Scene) -> None:
    a_shift_with_work(rota)
    rota.ports.sleep(timedelta(days=3).total_seconds())

    assert hand_over(rota.ports) == 1
    rota.deliver()

    report = rota.slack.messages(CHANNEL)[-1]
    words = rota.words(report)
    assert "<@U0ADA> hands over to <@U0GRACE>" in words
    assert "2 open alerts, 1 incident not closed." in words
    assert "P2 Wind stood still" in words
    assert (
        "page · flights 2013-02-07 · `wind_speed` is never above 3, usually 0 to 40: noise" in words
    )
    ignored = words.split("*Ignored in this shift*")[1].split("*Closed")[0]
    assert ("2013-02-08" in ignored, "2013-02-06" in ignored) == (True, False)


def test_a_shift_is_reported_once(rota: Scene) -> None:
    rota.ports.sleep(timedelta(days=3).total_seconds())
    hand_over(rota.ports)

    assert hand_over(rota.ports) == 0
    assert len(rota.ports.records.query(HandOver, "hand_overs:flights")) == 1
    rota.deliver()
    assert "Nothing waits." in rota.words(rota.slack.messages(CHANNEL)[-1])


def test_nothing_is_handed_over_in_the_middle_of_a_shift_or_before_the_rota(rota: Scene) -> None:
    assert hand_over(rota.ports) == 0

    rota.applied(with_rota(since="2013-01-28"))

    assert hand_over(rota.ports) == 0


def test_who_is_alone_in_the_rota_goes_on(rota: Scene) -> None:
    rota.applied(with_rota(rota=[ADA.id]))
    rota.raised(an_alert())
    asked = minutes_pass(rota, 30)
    rota.ports.sleep(timedelta(days=3).total_seconds())

    hand_over(rota.ports)
    rota.deliver()

    assert asked[0].startswith("<@U0OWNER>: watchkeeper asks you")
    assert "<@U0ADA> goes on" in rota.words(rota.slack.messages(CHANNEL)[-1])


def test_the_doors_that_run_each_minute_and_each_hour_do_it(rota: Scene) -> None:
    use(rota.ports)
    rota.raised(an_alert())
    rota.ports.sleep(timedelta(days=3).total_seconds())

    woken = call(sweep_door.handler, {})["channels"]
    records = [{"messageId": "m", "body": json.dumps({"channel": name})} for name in woken]
    call(deliver_door.handler, {"Records": records})
    answer = call(people_door.handler, {})

    use(None)
    assert rota.alert().escalated_to == (GRACE.id,)
    assert answer["handed_over"] == 1
