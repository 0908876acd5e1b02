"""The loop on the emulator: real template, real roles, real events; only the machines are ours."""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from pyarrow import parquet

from core.adapters.slack.actions import ACKNOWLEDGE
from core.domain.access import GroupMembers
from core.domain.alert import Alert
from core.domain.cohort import Cohort
from core.domain.partition_check import PartitionCheck
from core.domain.scored import Scored
from core.domain.serving import Serving
from core.domain.version import Version
from infra.local import flights
from infra.local.slack.records import Message
from infra.local.slack.signing import SignedRequest, sign
from tests.aws.deployed import ADA, GRACE, Deployed, deployed, eventually, flights_config

MODEL = "flights"
TRAINED_ON = [f"2013-01-{day:02}" for day in range(1, 10)]
NEXT_DAY, BROKEN_DAY = "2013-01-10", "2013-01-11"


@pytest.fixture(scope="module")
def days() -> dict[str, flights.Day]:
    """Build the days that land."""
    return {day.name: day for day in flights.days(TRAINED_ON[0], BROKEN_DAY)}


@pytest.fixture(scope="module")
def world(
    days: dict[str, flights.Day], zips: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    """Deploy, let nine days of flights land, and let Ada ask for the first training."""
    assert zips.exists()
    with deployed(flights_config(), tmp_path_factory.mktemp("home")) as world:
        world.is_warm()
        for name in TRAINED_ON:  # one after the other: all at once is a process for each event
            world.lands(days[name])
            eventually(partial(is_checked, world, name), within_s=60)
        eventually(lambda: world.ports.records.get(GroupMembers, "S0APPROVERS"), within_s=30)
        world.slack.command("/watch", f"retrain {MODEL}", user=ADA, channel=world.channel)
        eventually(lambda: world.ports.records.get(Serving, MODEL), within_s=120)
        yield world
        assert world.slack.rejections == []
        assert set(world.dead_letters().values()) == {0}


def test_a_training_that_ada_asked_for_makes_the_first_champion(world: Deployed) -> None:
    champion = champion_of(world)

    card = eventually(lambda: card_that_says(world, "champion"), within_s=60)

    assert champion.artefact.key.startswith(f"models/{MODEL}/{champion.id}/")
    assert [used.partition for used in champion.manifest.partitions] == TRAINED_ON[:-2]
    assert card.user == "U0BOT"


def test_a_landed_partition_is_scored_and_its_labels_are_booked(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    world.lands(days[NEXT_DAY], labels=False)
    scored = eventually(
        lambda: world.ports.records.get(Scored, Scored.id_of(MODEL, NEXT_DAY)), within_s=60
    )
    world.labels_land(days[NEXT_DAY])

    cohort = eventually(
        lambda: world.ports.records.get(Cohort, Cohort.id_of(MODEL, NEXT_DAY)), within_s=60
    )

    assert scored.served.version == champion_of(world).id
    assert scored.served.rows == cohort.served.predicted
    assert cohort.labelled_share > 0.9


def test_a_partition_without_a_column_reaches_slack_and_the_first_who_clicks_has_it(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    day = days[BROKEN_DAY]
    world.lands(day, features=without("humidity", day.features))
    card = eventually(lambda: card_that_says(world, BROKEN_DAY), within_s=90)

    first = world.slack.click(ACKNOWLEDGE, user=GRACE, message=card)
    second = world.slack.click(ACKNOWLEDGE, user=ADA, message=card)

    assert (first.status, second.status) == (200, 200)
    [whisper] = world.slack.whispers(ADA)[-1:]
    assert f"<@{GRACE}> already has this one" in whisper.text
    item = stored_item(world, Alert, Alert.id_of(MODEL, BROKEN_DAY, "partition"))
    assert Alert.model_validate_json(item["doc"]["S"]).owner == GRACE
    assert item["listing"] == {"S": "alert/alerts:open"}
    eventually(lambda: is_redrawn(world, card, GRACE), within_s=60)


def test_a_wrongly_signed_request_is_refused(world: Deployed) -> None:
    body = "command=%2Fwatch&text=status"

    answer = world.slack.post(SignedRequest(sign(body, "not the secret of this app"), body))

    assert answer.status == 401


def test_the_emulator_refuses_whoever_it_does_not_know(world: Deployed) -> None:
    stranger = boto3.session.Session(*("nobody", "knows")).client("dynamodb")

    with pytest.raises(ClientError) as refused:
        stranger.scan(TableName=world.told["RECORDS_TABLE"])

    # Otherwise the whole of this file would say nothing about the roles of the functions.
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in {400, 403}


def test_the_sweep_and_the_cadence_are_in_one_group(world: Deployed) -> None:
    listed = world.client("scheduler").list_schedules(GroupName=world.told["SCHEDULE_GROUP"])

    names = {schedule["Name"] for schedule in listed["Schedules"]}

    assert names == {"sweep", "refresh_people", f"retrain-{MODEL}"}


def test_the_sweep_runs_each_minute(world: Deployed) -> None:
    said = eventually(lambda: world.log_of("sweep"), within_s=90)

    assert any("swept" in line for line in said)


def is_checked(world: Deployed, partition: str) -> bool:
    """Say whether the check of a partition is done."""
    check = PartitionCheck.id_of(MODEL, partition)
    return world.ports.records.get(PartitionCheck, check) is not None


def without(column: str, features: bytes) -> bytes:
    """Write a partition again as a system would that lost a column."""
    sink = BytesIO()
    parquet.write_table(parquet.read_table(BytesIO(features)).drop_columns([column]), sink)
    return sink.getvalue()


def champion_of(world: Deployed) -> Version:
    """Read the version that serves."""
    serving = world.ports.records.get(Serving, MODEL)
    assert serving is not None
    version = world.ports.records.get(Version, serving.champion or "")
    assert version is not None
    return version


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
