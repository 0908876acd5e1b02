"""The loop on the emulator: real template, real roles, real events; only the machines are ours."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

import boto3
import pyarrow as pa
import pytest
from botocore.exceptions import ClientError
from pyarrow import parquet

from core.adapters.slack.actions import ACKNOWLEDGE
from core.domain.access import GroupMembers
from core.domain.alert import Alert
from core.domain.awaited import Awaited
from core.domain.cohort import Cohort
from core.domain.data_config import Complete
from core.domain.job import Job
from core.domain.model_config import ModelConfig
from core.domain.outbox import Channel
from core.domain.partition_check import PartitionCheck, PredictionsCheck
from core.domain.person import Person
from core.domain.scored import Scored
from core.domain.serving import Serving
from core.domain.timetable import Timetable
from core.domain.version import Version
from core.flows.apply_config import apply_config
from core.flows.raise_alert import raise_alert
from core.ports import new
from infra.local import flights
from infra.local.slack.records import Message
from infra.local.slack.signing import SignedRequest, sign
from tests.aws.deployed import ADA, GRACE, Deployed, Right, deployed, eventually, flights_config
from tests.aws.test_template import EVERY_FUNCTION
from tests.builders import an_alert

MODEL = "flights"
TRAINED_ON = [f"2013-01-{day:02}" for day in range(1, 10)]
NEXT_DAY, BROKEN_DAY, LARGE_DAY = "2013-01-10", "2013-01-11", "2013-01-12"
LATER_DAYS = [f"2013-01-{day:02}" for day in range(13, 24)]
PARTS, TIMES = 3, 8  # each object is eight times the flights of the day
CALM = "calm"
QUIET = "C0QUIET"  # of no model: no function that works for one tells there what waits


@pytest.fixture(scope="module")
def days() -> dict[str, flights.Day]:
    """Build the days that land."""
    return {day.name: day for day in flights.days(TRAINED_ON[0], LATER_DAYS[-1])}


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


def test_rows_that_are_sent_are_answered_and_logged(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    rows = parquet.read_table(BytesIO(days[NEXT_DAY].features)).slice(0, 3).to_pandas()
    body = f'{{"model": "{MODEL}", "rows": {rows.to_json(orient="records")}}}'
    called = world.client("lambda").invoke(
        FunctionName="watchkeeper-local-score_request", Payload=json.dumps({"body": body})
    )

    answer = json.loads(json.load(called["Payload"])["body"])

    assert [one["version"] for one in answer["predictions"]] == [champion_of(world).id] * 3
    logged = world.ports.objects.list(f"predictions/{MODEL}/requests/")
    assert [answer["request"] in found.key for found in logged] == [True]


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


def test_a_large_partition_is_profiled_by_the_state_machine_and_checked_after_that(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    table = parquet.read_table(BytesIO(days[LARGE_DAY].features))
    for place in range(PARTS):
        world.part_lands(days[LARGE_DAY], place, uncompressed(many_times(table, place)))

    check = eventually(
        lambda: check_with(world, LARGE_DAY, PARTS * TIMES * len(table)), within_s=240
    )

    assert check.reference_key is not None
    assert len(list(world.ports.objects.list(f"profiles/{MODEL}/"))) == PARTS
    ended = eventually(lambda: ended_executions(world), within_s=120)
    assert set(ended) == {"SUCCEEDED"}


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


def test_what_nobody_woke_is_told_by_the_sweep(world: Deployed) -> None:
    world.slack.add_channel(QUIET, "ml-quiet")
    assert world.ports.records.commit(new(Channel(id=QUIET)))

    raise_alert(an_alert(channel=QUIET), replace(world.ports, jobs=_NeverHeard()))

    eventually(lambda: world.slack.messages(QUIET), within_s=90)


def test_a_partition_that_has_to_be_quiet_is_checked_when_the_sweep_says_so(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    apply_config(that_waits_a_minute(), Person.command_line(), world.ports)
    world.puts(f"calm/features/dt={NEXT_DAY}/part-0.parquet", days[NEXT_DAY].features)
    awaited, check = Awaited.id_of(CALM, NEXT_DAY), PartitionCheck.id_of(CALM, NEXT_DAY)
    eventually(lambda: world.ports.records.get(Awaited, awaited), within_s=60)
    assert world.ports.records.get(PartitionCheck, check) is None

    eventually(lambda: world.ports.records.get(PartitionCheck, check), within_s=200)

    came = world.ports.records.get(Timetable, CALM)
    assert came is not None
    assert list(came.came) == [NEXT_DAY]


def test_a_message_that_slack_refuses_is_told_on_the_second_route(world: Deployed) -> None:
    world.slack.faults.next("chat.postMessage", error="invalid_blocks")

    raise_alert(an_alert(channel=world.channel, partition="2013-01-06"), world.ports)

    eventually(lambda: used(world, "DeliverRole", "sns:Publish"), within_s=60)


def test_labels_without_their_column_reach_slack(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    day = days[NEXT_DAY]
    world.labels_land(replace(day, labels=without("late", day.labels)))

    eventually(lambda: card_that_says(world, f"The labels of {NEXT_DAY}"), within_s=60)


def test_a_partition_that_was_changed_after_it_was_scored_reaches_slack(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    day = days[NEXT_DAY]
    fewer = parquet.read_table(BytesIO(day.features)).slice(100)
    world.lands(day, features=written(fewer), labels=False)

    eventually(lambda: card_that_says(world, "changed after it was scored"), within_s=60)


def test_predictions_of_enough_days_are_compared_with_each_other(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    for name in LATER_DAYS:
        world.lands(days[name], labels=False)
        eventually(partial(is_scored, world, name), within_s=60)

    checked = PredictionsCheck.id_of(MODEL, LATER_DAYS[-1])
    check = eventually(lambda: world.ports.records.get(PredictionsCheck, checked), within_s=60)
    assert check.reference_key is not None


def test_the_queue_is_shown_in_slack(world: Deployed) -> None:
    world.slack.command("/watch", "queue", user=ADA, channel=world.channel)

    assert BROKEN_DAY in str(world.slack.whispers(ADA)[-1])


def test_no_function_was_refused_anything(world: Deployed) -> None:
    assert [use for use in world.uses() if not use.was_allowed] == []


def test_no_role_has_a_right_that_nothing_used(world: Deployed) -> None:
    """Looks back on all the tests above: run alone it fails."""
    uses, rights = world.uses(), world.rights()

    unused = [
        right
        for right in rights
        if not any(right.is_used_by(use) for use in uses)
        and not is_for_aws_itself(right)
        and not is_for_a_rare_moment(right)
    ]

    assert {right.role.split("-")[2] for right in rights} == {
        *(f"{name.title().replace('_', '')}Role" for name in EVERY_FUNCTION),
        "SchedulerRole",
        "FanRole",
    }
    assert unused == []


class _NeverHeard:
    """Accepts jobs that nobody ever runs, as if the process had died before it could tell."""

    def start(self, job: Job) -> None:
        """See Jobs."""


def that_waits_a_minute() -> ModelConfig:
    """A model of the same data that is not trained, whose partitions have to be quiet."""
    config = flights_config()
    places = {"features": "calm/features", "labels": "calm/labels"}
    data = config.data.model_copy(update={**places, "complete": Complete(quiet_minutes=1)})
    training = config.training.model_copy(update={"every_days": None})
    return config.model_copy(update={"model": CALM, "data": data, "training": training})


def used(world: Deployed, role: str, action: str) -> bool:
    """Say whether a role has done this."""
    return any(role in use.role and use[1] == action and use.was_allowed for use in world.uses())


def is_for_a_rare_moment(right: Right) -> bool:
    """Say whether it is for what happens here once in several runs, or never.

    Labels land while their partition is scored, which books them itself then; a row breaks a
    written rule; an artefact is gone when a request comes, and its owner is told.
    """
    if "ScoreRequestRole" in right.role:
        return right.action in {"dynamodb:PutItem", "sqs:SendMessage", "s3:ListBucket"}
    is_score = "ScoreRole" in right.role and right.action == "s3:PutObject"
    return is_score and right.resource.endswith(("/booked/*", "/quarantine/*"))


def is_for_aws_itself(right: Right) -> bool:
    """Say whether AWS does it in the role's name, where the emulator asks nobody.

    Lambda writes the log, reads the queue that it serves and leaves dead letters; the scheduler
    and the state machine start functions. That each of these is there, for what it should be, is
    in test_template.py.
    """
    reads_queue = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
    return (
        "SchedulerRole" in right.role
        or "FanRole" in right.role
        or right.action in {"logs:CreateLogStream", "logs:PutLogEvents"}
        or ("DeliverRole" in right.role and right.action in reads_queue)
        or (right.action == "sqs:SendMessage" and "-DeadLetters-" in right.resource)
    )


def many_times(table: pa.Table, place: int) -> pa.Table:
    """Repeat flights under other names."""
    names = table.column("flight_id").to_pylist()
    copies = [
        table.set_column(
            table.schema.get_field_index("flight_id"),
            "flight_id",
            pa.array([f"{name}-{place}-{copy}" for name in names]),
        )
        for copy in range(TIMES)
    ]
    return pa.concat_tables(copies)


def uncompressed(table: pa.Table) -> bytes:
    """Write rows so that few take much room."""
    sink = BytesIO()
    parquet.write_table(table, sink, compression="none", use_dictionary=False)
    return sink.getvalue()


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


def is_checked(world: Deployed, partition: str) -> bool:
    """Say whether the check of a partition is done."""
    check = PartitionCheck.id_of(MODEL, partition)
    return world.ports.records.get(PartitionCheck, check) is not None


def without(column: str, features: bytes) -> bytes:
    """Write a partition again as a system would that lost a column."""
    return written(parquet.read_table(BytesIO(features)).drop_columns([column]))


def written(table: pa.Table) -> bytes:
    """Write rows as the bytes of a Parquet file."""
    sink = BytesIO()
    parquet.write_table(table, sink)
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
