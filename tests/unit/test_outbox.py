from datetime import timedelta

from core.domain.outbox import OutboxEntry
from core.domain.timeline import Line
from tests.builders import ADA, CHANNEL, NOON, an_alert


def test_a_retry_asks_for_the_same_drawing_and_a_change_for_another() -> None:
    card = OutboxEntry.card(an_alert(), CHANNEL, NOON)
    changed = an_alert(revision=1)

    assert OutboxEntry.card(an_alert(), CHANNEL, NOON + timedelta(hours=1)).id == card.id
    assert OutboxEntry.card(changed, CHANNEL, NOON).id != card.id
    assert OutboxEntry.card(changed, CHANNEL, NOON).post_id == card.post_id


def test_a_card_is_told_before_the_reply_under_it() -> None:
    alert = an_alert()
    line = Line.of(alert, ADA, "acknowledged", NOON)
    reply = OutboxEntry.reply(line, alert, CHANNEL, NOON)
    card = OutboxEntry.card(alert, CHANNEL, NOON)

    assert sorted([reply, card], key=lambda entry: entry.place) == [card, reply]


def test_only_the_card_of_a_new_record_is_a_first_one() -> None:
    assert OutboxEntry.card(an_alert(), CHANNEL, NOON).is_first
    assert not OutboxEntry.card(an_alert(revision=3), CHANNEL, NOON).is_first
