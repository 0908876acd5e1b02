"""What stands in the records and in the channel of a deployment, as its tests look for it."""

import json
from typing import Final

from core.domain.alert import Alert
from core.domain.challenge import Challenge
from core.domain.cohort import Cohort
from core.domain.ids import VersionId
from core.domain.partition_check import PartitionCheck
from core.domain.requested import Requested
from core.domain.scored import Logged, Scored
from core.domain.serving import Serving
from core.domain.version import Version
from core.ports import changed
from infra.local.slack.records import Message
from tests.aws.deployed import Deployed, eventually

MODEL: Final = "flights"


def used(world: Deployed, role: str, action: str) -> bool:
    """Say whether a role has done this."""
    return any(role in use.role and use[1] == action and use.was_allowed for use in world.uses())


def check_with(world: Deployed, partition: str, rows: int) -> PartitionCheck | None:
    """Read the check of so many rows; `None` while it is not there."""
    check = world.ports.records.get(PartitionCheck, PartitionCheck.id_of(MODEL, partition))
    return check if check is not None and check.rows == rows else None


def ended_executions(world: Deployed) -> list[str]:
    """Read how the executions of the state machine ended; nothing while one runs."""
    states = world.client("stepfunctions")
    listed = states.list_executions(stateMachineArn=world.told["FAN_ARN"])["executions"]
    ended = [execution["status"] for execution in listed]
    return [] if "RUNNING" in ended else ended


def is_scored(world: Deployed, partition: str) -> bool:
    """Say whether the predictions of a partition are there."""
    return world.ports.records.get(Scored, Scored.id_of(MODEL, partition)) is not None


def is_checked(world: Deployed, partition: str, model: str = MODEL) -> bool:
    """Say whether the check of a partition is done."""
    check = PartitionCheck.id_of(model, partition)
    return world.ports.records.get(PartitionCheck, check) is not None


def champion_of(world: Deployed) -> Version:
    """Read the version that serves."""
    serving = world.ports.records.get(Serving, MODEL)
    assert serving is not None
    version = world.ports.records.get(Version, serving.champion or "")
    assert version is not None
    return version


def challenger_of(world: Deployed) -> VersionId | None:
    """Name the version that predicts in shadow; `None` while there is none."""
    serving = world.ports.records.get(Serving, MODEL)
    return serving.challenger if serving else None


def challenge_of(world: Deployed) -> Challenge:
    """Read what is shown of the version in shadow."""
    challenge = Challenge.id_of(MODEL, challenger_of(world) or VersionId(""))
    found = world.ports.records.get(Challenge, challenge)
    assert found is not None
    return found


def is_booked_for(world: Deployed, partition: str, version: VersionId) -> bool:
    """Say whether labels are booked to what a version, perhaps in shadow, predicted."""
    cohort = world.ports.records.get(Cohort, Cohort.id_of(MODEL, partition))
    return cohort is not None and cohort.has(version)


def requested_log_of(world: Deployed, partition: str, version: VersionId) -> Logged | None:
    """Find what a version says in shadow of rows that were asked for; `None` while it does not."""
    requested = world.ports.records.get(Requested, Requested.id_of(MODEL, partition))
    return requested.log_of(version, "shadow") if requested else None


def is_not_evaluated_yet(world: Deployed) -> None:
    """Let the version in shadow stand as if another champion had served when it was evaluated."""
    stale = challenge_of(world).model_copy(update={"against": VersionId("ver_before")})
    assert world.ports.records.commit(changed(stale))


def is_evaluated(world: Deployed) -> bool:
    """Say whether it was compared with what serves now."""
    return challenge_of(world).against == champion_of(world).id


def has_started_training(world: Deployed, alert_id: str) -> bool:
    """Say whether an alert started a training."""
    alert = world.ports.records.get(Alert, alert_id)
    return alert is not None and alert.has_started_training


def card_with(world: Deployed, action: str) -> Message:
    """Find the card that a person can click on for this, once it stands there."""

    def found() -> Message | None:
        shown = world.slack.messages(world.channel)
        return next((card for card in shown if action in json.dumps(card.blocks)), None)

    return eventually(found, within_s=60)


def card_that_says(world: Deployed, words: str) -> Message | None:
    """Find a message in the channel; `None` while it is not there."""
    found = [message for message in world.slack.messages(world.channel) if words in str(message)]
    return found[-1] if found else None


def is_redrawn(world: Deployed, card: Message, words: str) -> bool:
    """Say whether the card shows this by now."""
    [now] = [message for message in world.slack.messages(world.channel) if message.ts == card.ts]
    return words in str(now.blocks)


def stored_item(world: Deployed, kind: type[Alert], record_id: str) -> dict[str, dict[str, str]]:
    """Read an item as DynamoDB has it."""
    key = {"pk": {"S": f"{kind.kind}/{record_id}"}}
    answer = world.client("dynamodb").get_item(TableName=world.told["RECORDS_TABLE"], Key=key)
    item: dict[str, dict[str, str]] = answer["Item"]
    return item
