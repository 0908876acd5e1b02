"""Who asks for a training hears what came of it, also when nothing changed."""

from pathlib import Path

import pytest

from core.domain.outbox import OutboxEntry
from core.domain.serving import short
from core.domain.timeline import Line
from functions.flows.retrain import retrain
from tests.builders import ADA, CHANNEL, a_config
from tests.watched_model import WatchedModel, training


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a first version."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    watched.it_is("2013-01-15")
    return watched


def asks(watched: WatchedModel) -> dict[str, str]:
    event = {"model": "flights", "reason": "a person asked", "asked_by": ADA.id}
    return event | {"asked_at": watched.now.isoformat()}


def answers(watched: WatchedModel) -> list[str]:
    waiting = watched.ports.records.query(OutboxEntry, f"outbox:{CHANNEL}")
    lines = (watched.ports.records.get(Line, entry.subject) for entry in waiting)
    return [f"{line.who} {line.what}" for line in lines if line and "asked" in line.what]


def test_a_person_is_told_in_the_channel_that_nothing_changed_since_which_version(
    watched: WatchedModel,
) -> None:
    watched.call("retrain", asks(watched))

    version = short(watched.serving().champion or "")
    [answer] = answers(watched)
    assert answer.startswith("<@U0ADA> asked for a training of `flights`: config and data are")
    assert answer.endswith(f"those of version `{version}`, so there is no new version.")


def test_the_same_request_is_answered_once_and_each_request_is_answered(
    watched: WatchedModel,
) -> None:
    request = asks(watched)
    for _ in range(2):
        watched.call("retrain", request)
    assert len(answers(watched)) == 1

    watched.it_is("2013-01-16")
    watched.call("retrain", asks(watched))

    assert len(answers(watched)) == 2


def test_a_training_that_makes_a_version_is_answered_by_its_card_alone_even_when_tried_again(
    watched: WatchedModel,
) -> None:
    watched.apply(a_config(training=training(seed=1)))
    request = asks(watched)

    for _ in range(2):
        watched.call("retrain", request)

    assert watched.serving().challenger
    assert answers(watched) == []


def test_on_a_cadence_nobody_waits_for_an_answer(watched: WatchedModel) -> None:
    watched.call("retrain", {"model": "flights", "reason": "cadence", "asked_by": "watchkeeper"})

    assert answers(watched) == []
