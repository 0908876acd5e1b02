from datetime import timedelta
from itertools import pairwise

import pytest

from core.adapters.slack.actions import ACKNOWLEDGE
from core.domain.alert import Alert
from core.domain.errors import Throttled, Unavailable
from core.domain.outbox import Channel, OutboxEntry
from core.flows.acknowledge import acknowledge
from core.flows.change import change
from core.flows.deliver import deliver
from core.flows.raise_alert import raise_alert
from core.flows.sweep import sweep
from core.ports import Write, new
from tests.builders import ADA, CHANNEL, GRACE, NOON, an_alert
from tests.scenarios.scene import Scene


def waiting(scene: Scene) -> int:
    return len(scene.ports.records.query(OutboxEntry, f"outbox:{CHANNEL}", limit=1000))


def now_known(alert: Alert) -> tuple[Alert, list[Write]]:
    """Say anew what it affects, as scoring does."""
    after = alert.affecting("336 rows of this partition, scored by version `0a1b2c3`")
    return after, [new(OutboxEntry.redraw(after, after.channel, NOON))]


def days(count: int) -> list[str]:
    return [f"2013-{1 + n // 28:02d}-{1 + n % 28:02d}" for n in range(count)]


def test_slack_asks_to_wait_and_the_message_comes_a_little_later(scene: Scene) -> None:
    scene.slack.faults.rate_limited(retry_after=20)

    scene.raised(an_alert())

    assert len(scene.slack.messages(CHANNEL)) == 1
    assert waiting(scene) == 0


def test_slack_asks_to_wait_long_and_the_message_waits_for_the_sweep(scene: Scene) -> None:
    scene.slack.faults.rate_limited(retry_after=600)

    with pytest.raises(Throttled):
        scene.raised(an_alert())
    assert sweep(scene.ports) == [CHANNEL]
    scene.deliver()

    assert len(scene.slack.messages(CHANNEL)) == 1


@pytest.mark.parametrize("posted", [True, False])
def test_slack_answers_500_and_the_card_still_stands_once(scene: Scene, *, posted: bool) -> None:
    scene.slack.faults.next("chat.postMessage", status=500, after_posting=posted)

    with pytest.raises(Unavailable):
        scene.raised(an_alert())
    scene.deliver()

    assert len(scene.slack.messages(CHANNEL)) == 1
    assert waiting(scene) == 0
    scene.click(ACKNOWLEDGE, ADA)
    assert "<@U0ADA> has it" in scene.words(scene.slack.messages(CHANNEL)[0])


def test_a_line_that_is_cut_leaves_one_card_too(scene: Scene) -> None:
    scene.slack.faults.next("chat.postMessage", hang_up=True, after_posting=True)

    with pytest.raises(Unavailable):
        scene.raised(an_alert())
    scene.deliver()

    assert len(scene.slack.messages(CHANNEL)) == 1


def test_a_reply_that_may_have_been_posted_stands_once_in_its_thread(scene: Scene) -> None:
    scene.raised(an_alert())
    [card] = scene.slack.messages(CHANNEL)
    acknowledge(an_alert().id, ADA, scene.ports)
    scene.slack.faults.next("chat.postMessage", status=500, after_posting=True)
    with pytest.raises(Unavailable):
        scene.deliver()

    scene.deliver()

    assert [reply.text for reply in scene.thread(card)] == ["<@U0ADA> acknowledged"]


def test_a_listing_that_lags_brings_nothing_back(scene: Scene) -> None:
    for day in days(12):
        raise_alert(an_alert(partition=day), scene.ports)
    lagging = scene.while_listings_lag()
    deliver(CHANNEL, lagging)

    assert deliver(CHANNEL, lagging) == 0

    assert len(scene.slack.messages(CHANNEL)) == 1


def test_a_message_that_slack_refuses_does_not_hold_up_those_behind_it(scene: Scene) -> None:
    scene.slack.faults.next("chat.postMessage", error="invalid_blocks")
    for day in days(3):
        raise_alert(an_alert(partition=day), scene.ports)

    scene.deliver()

    assert len(scene.slack.messages(CHANNEL)) == 2
    [told] = scene.told_elsewhere()
    assert "Slack says invalid_blocks" in told


def test_while_slack_is_down_nothing_is_lost_and_the_second_route_is_told_once(
    scene: Scene,
) -> None:
    scene.slack.faults.down()
    for day in days(3):
        raise_alert(an_alert(partition=day), scene.ports)
    for _ in range(40):
        with pytest.raises(Unavailable):
            scene.deliver()
        scene.ports.sleep(60)

    scene.slack.faults.down(is_down=False)
    scene.deliver()

    assert len(scene.slack.messages(CHANNEL)) == 3
    [told] = scene.told_elsewhere()
    assert "Watchkeeper cannot reach Slack" in told
    assert "3 messages wait" in told


def test_an_archived_channel_keeps_its_alerts_and_the_second_route_hears_why(
    scene: Scene,
) -> None:
    scene.slack.archive_channel(CHANNEL)
    scene.raised(an_alert())
    scene.ports.sleep(timedelta(minutes=6).total_seconds())

    scene.deliver()

    assert "is_archived" in scene.told_elsewhere()[0]
    assert waiting(scene) == 1
    channel = scene.ports.records.get(Channel, CHANNEL)
    assert channel is not None
    assert channel.reason == "is_archived"


def test_a_deleted_message_is_posted_afresh_with_its_state(scene: Scene) -> None:
    scene.raised(an_alert())
    [card] = scene.slack.messages(CHANNEL)
    scene.slack.delete_message(CHANNEL, card.ts)

    acknowledge(an_alert().id, ADA, scene.ports)
    scene.deliver()

    [fresh] = scene.slack.messages(CHANNEL)
    assert "<@U0ADA> has it" in scene.words(fresh)


def test_an_older_card_never_overwrites_a_newer_one(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.slack.faults.next("chat.update", status=500)
    acknowledge(an_alert().id, ADA, scene.ports)
    with pytest.raises(Unavailable):
        scene.deliver()

    scene.deliver()

    updates = scene.slack.calls("chat.update")
    assert "<@U0ADA> has it" in scene.words(scene.slack.messages(CHANNEL)[0])
    assert len(updates) == 2


def test_a_storm_is_a_few_messages_and_every_alert_can_still_be_acted_on(scene: Scene) -> None:
    for day in days(300):
        raise_alert(an_alert(partition=day), scene.ports)
    before = scene.ports.now()

    scene.deliver()

    took_s = (scene.ports.now() - before).total_seconds()
    posts = scene.slack.calls("chat.postMessage")
    assert len(posts) <= 20
    assert len(posts) <= took_s + 1
    assert waiting(scene) == 0
    one = an_alert(partition=days(300)[123])
    acknowledge(one.id, GRACE, scene.ports)
    scene.deliver()
    assert "<@U0GRACE> has it" in scene.words(scene.slack.messages(CHANNEL)[-1])


def test_what_changes_by_itself_brings_no_alert_out_of_its_storm(scene: Scene) -> None:
    alerts = [an_alert(partition=day) for day in days(12)]
    for alert in alerts:
        raise_alert(alert, scene.ports)
    scene.deliver()
    [storm] = scene.slack.messages(CHANNEL)

    for alert in alerts:
        change(Alert, alert.id, now_known, scene.ports)
    scene.deliver()

    assert scene.slack.messages(CHANNEL) == [storm]
    assert waiting(scene) == 0


def test_what_a_person_does_to_an_alert_in_a_storm_is_told_though_its_card_changed_before(
    scene: Scene,
) -> None:
    alerts = [an_alert(partition=day) for day in days(12)]
    for alert in alerts:
        raise_alert(alert, scene.ports)
    scene.deliver()
    change(Alert, alerts[3].id, now_known, scene.ports)
    acknowledge(alerts[3].id, GRACE, scene.ports)

    scene.deliver()

    assert "<@U0GRACE> has it" in scene.words(scene.slack.messages(CHANNEL)[-1])


def test_messages_of_a_channel_are_a_second_apart(scene: Scene) -> None:
    for day in days(5):
        raise_alert(an_alert(partition=day), scene.ports)

    scene.deliver()

    stamps = [float(card.ts) for card in scene.slack.messages(CHANNEL)]
    assert len(stamps) == 5
    assert all(later - earlier >= 1 for earlier, later in pairwise(stamps))
