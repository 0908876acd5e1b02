import json
from dataclasses import replace
from typing import Any

import pytest

from core.domain.access import GroupMembers
from core.domain.errors import Unavailable
from core.domain.job import Job
from core.domain.model_config import Access, InForce, StoredConfig
from core.domain.outbox import OutboxEntry
from core.domain.person import Person
from core.flows.apply_config import apply_config
from core.flows.raise_alert import raise_alert
from core.flows.refresh_people import refresh_people
from functions.handlers import deliver, sweep
from functions.handlers import refresh_people as refresh_handler
from infra.local.front_door import CallContext
from tests.builders import ADA, APPROVERS, CHANNEL, GRACE, a_config, an_alert
from tests.scenarios.scene import Scene

pytestmark = pytest.mark.usefixtures("handed_over")


def call(handler: Any, event: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - decorated by powertools
    answer: dict[str, Any] = handler(event, CallContext(handler.__module__))
    return answer


def woken(*channels: str) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"m{n}", "body": json.dumps({"channel": channel})}
            for n, channel in enumerate(channels)
        ]
    }


def test_a_channel_that_is_woken_several_times_is_delivered_once(scene: Scene) -> None:
    raise_alert(an_alert(), scene.ports)

    answer = call(deliver.handler, woken(CHANNEL, CHANNEL))

    assert answer == {"told": {CHANNEL: 1}}
    assert len(scene.slack.messages(CHANNEL)) == 1


def test_a_channel_that_failed_waits_for_the_sweep_and_holds_up_no_other(scene: Scene) -> None:
    scene.slack.add_channel("C0OTHER", "other")
    raise_alert(an_alert(), scene.ports)
    raise_alert(an_alert(partition="2013-02-09", channel="C0OTHER"), scene.ports)
    scene.slack.faults.next("chat.postMessage", status=500)

    answer = call(deliver.handler, woken(CHANNEL, "C0OTHER", CHANNEL))

    assert answer == {"told": {CHANNEL: None, "C0OTHER": 1}}
    assert len(scene.slack.messages("C0OTHER")) == 1
    assert call(sweep.handler, {})["channels"] == [CHANNEL]


def test_the_sweep_wakes_only_channels_where_something_waits(scene: Scene) -> None:
    assert call(sweep.handler, {}) == {"channels": [], "partitions": []}

    raise_alert(an_alert(), scene.ports)

    assert call(sweep.handler, {})["channels"] == [CHANNEL]


def test_a_wake_that_was_lost_is_made_good_by_the_sweep(scene: Scene) -> None:
    before = scene.waiting_jobs()
    assert raise_alert(an_alert(), replace(scene.ports, jobs=_OutOfOrder()))
    assert scene.waiting_jobs() == before

    call(sweep.handler, {})

    [woken_again] = [job for job in scene.waiting_jobs() if job not in before]
    assert (woken_again.function, woken_again.group) == ("deliver", CHANNEL)
    scene.deliver()
    assert len(scene.slack.messages(CHANNEL)) == 1


class _OutOfOrder:
    """A queue that takes nothing."""

    def start(self, job: Job) -> None:
        """See Jobs."""
        raise Unavailable(f"SQS did not take {job.id}.")


def test_people_are_asked_for_the_groups_that_configs_name(scene: Scene) -> None:
    scene.applied(a_config(access=Access(approvers=(APPROVERS, GRACE.id)).model_dump()))
    scene.slack.add_group(APPROVERS, "ml-approvers", [ADA.id, GRACE.id])

    assert call(refresh_handler.handler, {}) == {
        "groups": 1,
        "asked": 0,
        "ideas_answered": 0,
        "unwatched_models": 0,
        "handed_over": 0,
    }

    group = scene.ports.records.get(GroupMembers, APPROVERS)
    assert group is not None
    assert group.members == {ADA.id, GRACE.id}


def test_while_slack_does_not_answer_the_known_members_stay(scene: Scene) -> None:
    scene.applied(a_config(access=Access(approvers=(APPROVERS,)).model_dump()))
    scene.slack.faults.down()

    with pytest.raises(Unavailable, match="did not say who is in the group S0APPROVERS"):
        refresh_people(scene.ports)

    group = scene.ports.records.get(GroupMembers, APPROVERS)
    assert group is not None
    assert group.members == {ADA.id}


def test_a_config_applied_twice_is_stored_once(scene: Scene) -> None:
    assert not apply_config(a_config(), Person.command_line(), scene.ports)

    [stored] = scene.ports.records.query(StoredConfig, "configs:flights")
    assert stored.id == a_config().hash


def test_a_changed_config_is_in_force_at_once_and_the_old_one_is_kept(scene: Scene) -> None:
    changed = a_config(about="Will it be early?")

    assert apply_config(changed, Person.command_line(), scene.ports)

    in_force = scene.ports.records.get(InForce, "flights")
    assert in_force is not None
    assert in_force.config == changed
    assert len(scene.ports.records.query(StoredConfig, "configs:flights")) == 2


def test_the_cadence_follows_the_config(scene: Scene) -> None:
    training = a_config().training.model_dump()

    scene.applied(a_config(training=training | {"every_days": 7}))
    assert scene.ports.schedules.names("retrain-") == ["retrain-flights"]

    scene.applied(a_config(training=training))
    assert scene.ports.schedules.names("retrain-") == []


def test_a_record_that_is_gone_leaves_nothing_in_the_outbox(scene: Scene) -> None:
    entry = OutboxEntry.card(an_alert(), CHANNEL, scene.ports.now())
    scene.store(entry)

    assert scene.deliver() == 0
    assert scene.ports.records.get(OutboxEntry, entry.id) is None
