import json

import pytest

from core.adapters.slack.actions import ACKNOWLEDGE
from core.domain.alert import Alert
from core.domain.outbox import OutboxEntry
from core.domain.timeline import Line
from core.flows.acknowledge import acknowledge
from core.flows.deliver import deliver
from core.flows.raise_alert import raise_alert
from core.flows.sweep import sweep
from tests.builders import ADA, CHANNEL, GRACE, a_challenge, a_config, an_alert
from tests.scenarios.scene import Scene

ELSEWHERE = "C0ELSEWHERE"


@pytest.fixture
def archived(scene: Scene) -> Scene:
    """The same stage after the channel was archived, with another one to go to."""
    scene.slack.add_channel(ELSEWHERE, "ml-alerts-2")
    scene.slack.archive_channel(CHANNEL)
    return scene


def swept(scene: Scene) -> None:
    """Let a few minutes pass: each time the sweep wakes what waits, and that is delivered."""
    for _ in range(3):
        for channel in sweep(scene.ports):
            deliver(channel, scene.ports)
        scene.ports.sleep(60)


def waits_in(scene: Scene, channel: str) -> int:
    return len(scene.ports.records.query(OutboxEntry, f"outbox:{channel}", limit=1000))


def test_what_waits_for_an_archived_channel_moves_to_the_one_that_the_config_names(
    archived: Scene,
) -> None:
    archived.raised(an_alert())
    archived.ports.sleep(1)
    archived.proposed(a_challenge())
    archived.applied(a_config(channel=ELSEWHERE))

    swept(archived)

    alert, challenge = (archived.words(m) for m in archived.slack.messages(ELSEWHERE))
    assert "`wind_speed` is never above 3" in alert
    assert "serves as champion" in challenge
    assert (waits_in(archived, CHANNEL), waits_in(archived, ELSEWHERE)) == (0, 0)


def test_the_status_says_that_messages_do_not_arrive_until_they_do(archived: Scene) -> None:
    archived.raised(an_alert())
    archived.slack.command("/watch", "status", user=ADA.id, channel=ELSEWHERE)
    lost = archived.words(archived.slack.whispers(ADA.id)[-1])

    archived.applied(a_config(channel=ELSEWHERE))
    swept(archived)
    archived.slack.command("/watch", "status", user=ADA.id, channel=ELSEWHERE)

    assert f"Messages to <#{CHANNEL}> do not arrive since" in lost
    assert "is_archived. They wait, in order." in lost
    assert "do not arrive" not in archived.words(archived.slack.whispers(ADA.id)[-1])


def test_after_the_move_a_click_is_drawn_where_the_card_stands_now(archived: Scene) -> None:
    archived.raised(an_alert())
    archived.applied(a_config(channel=ELSEWHERE))
    swept(archived)
    [card] = archived.slack.messages(ELSEWHERE)

    archived.slack.click(ACKNOWLEDGE, user=GRACE.id, message=card)
    deliver(ELSEWHERE, archived.ports)

    [card] = archived.slack.messages(ELSEWHERE)
    assert "<@U0GRACE> has it" in archived.words(card)
    [reply] = archived.slack.thread(ELSEWHERE, card.ts)
    assert reply.text == "<@U0GRACE> acknowledged"


def test_a_reply_brings_the_card_that_it_answers(scene: Scene) -> None:
    scene.raised(an_alert())
    acknowledge(an_alert().id, ADA, scene.ports)
    scene.slack.add_channel(ELSEWHERE, "ml-alerts-2")
    scene.slack.archive_channel(CHANNEL)
    scene.applied(a_config(channel=ELSEWHERE))

    swept(scene)

    [card] = scene.slack.messages(ELSEWHERE)
    assert "<@U0ADA> has it" in scene.words(card)
    [reply] = scene.slack.thread(ELSEWHERE, card.ts)
    assert reply.text == "<@U0ADA> acknowledged"


def test_a_storm_moves_as_a_storm_and_each_model_goes_its_own_way(archived: Scene) -> None:
    archived.applied(a_config(model="ferries"))
    for day in range(1, 13):
        for model in ("flights", "ferries"):
            partition = f"2013-01-{day:02}"
            alert = an_alert(
                id=Alert.id_of(model, partition, "partition"), model=model, partition=partition
            )
            raise_alert(alert, archived.ports)
    archived.deliver()
    archived.applied(a_config(channel=ELSEWHERE))

    swept(archived)

    [card] = archived.slack.messages(ELSEWHERE)
    assert "12 alerts at once" in archived.words(card)
    assert "ferries" not in json.dumps(card.blocks)
    assert waits_in(archived, CHANNEL) == 1  # the ferries': their config names no other channel


def test_what_moved_is_nothing_to_tell_the_second_route(archived: Scene) -> None:
    archived.raised(an_alert())
    archived.applied(a_config(channel=ELSEWHERE))
    archived.ports.sleep(600)

    swept(archived)

    assert archived.told_elsewhere() == []


def test_an_alert_whose_wake_was_lost_is_told_though_no_config_names_its_channel_any_more(
    scene: Scene,
) -> None:
    scene.slack.add_channel(ELSEWHERE, "ml-alerts-2")
    raise_alert(an_alert(), scene.ports)
    scene.applied(a_config(channel=ELSEWHERE))

    swept(scene)

    assert len(scene.slack.messages(CHANNEL)) == 1


def test_an_answer_that_stands_by_itself_moves_too(archived: Scene) -> None:
    archived.store(a_challenge())
    now = archived.ports.now()
    answer = Line.of(a_challenge(), ADA, "asked for a training: nothing has changed.", now)
    archived.store(answer)
    archived.store(OutboxEntry.card(answer, CHANNEL, now))
    archived.applied(a_config(channel=ELSEWHERE))

    swept(archived)

    [message] = archived.slack.messages(ELSEWHERE)
    assert message.text == "<@U0ADA> asked for a training: nothing has changed."
    assert waits_in(archived, CHANNEL) == 0
    assert archived.told_elsewhere() == []
