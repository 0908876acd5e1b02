"""The loop on the emulator: real template, real roles, real events; only the machines are ours."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from pyarrow import parquet

from core.adapters.slack.actions import ACKNOWLEDGE, PROMOTE, ROLL_BACK
from core.domain.access import GroupMembers
from core.domain.alert import Alert
from core.domain.awaited import Awaited
from core.domain.cohort import Cohort
from core.domain.continuation import Continuation
from core.domain.data_config import Complete
from core.domain.job import Job
from core.domain.model_config import ModelConfig
from core.domain.outbox import Channel
from core.domain.partition_check import PartitionCheck, PredictionsCheck
from core.domain.person import Person
from core.domain.scored import Scored
from core.domain.serving import Serving
from core.domain.timetable import Timetable
from core.flows.apply_config import apply_config
from core.flows.raise_alert import raise_alert
from core.ports import new
from infra.local import flights
from infra.local.slack.signing import SignedRequest, sign
from tests.aws.deployed import ADA, GRACE, Deployed, Right, deployed, eventually, flights_config
from tests.aws.found import (
    MODEL,
    card_that_says,
    card_with,
    challenger_of,
    champion_of,
    check_with,
    ended_executions,
    has_started_training,
    is_booked_for,
    is_checked,
    is_evaluated,
    is_not_evaluated_yet,
    is_redrawn,
    is_scored,
    requested_log_of,
    stored_item,
    used,
)
from tests.aws.rows import (
    TIMES,
    many_times,
    rows_of,
    uncompressed,
    with_a_rule_broken,
    without,
    written,
)
from tests.aws.template_parts import EVERY_FUNCTION
from tests.builders import a_config, an_alert
from tests.checked_model import DAY, LEARNED, moved
from tests.checked_model import flights as some_flights
from tests.staged import passes_its_gate
from tests.watched_model import parquet_of

TRAINED_ON = [f"2013-01-{day:02}" for day in range(1, 10)]
NEXT_DAY, BROKEN_DAY, LARGE_DAY = "2013-01-10", "2013-01-11", "2013-01-12"
LATER_DAYS = [f"2013-01-{day:02}" for day in range(13, 24)]
RULED_DAY = "2013-01-24"
PARTS = 3  # objects, each several times the flights of the day
CALM = "calm"
QUIET = "C0QUIET"  # of no model: no function that works for one tells there what waits
TEAM = "team"
TRAINER = """
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


def shallow(features, labels, parameters, seed):
    numbers = make_column_transformer((SimpleImputer(), ["distance"]))
    return make_pipeline(numbers, LogisticRegression(**parameters)).fit(features, labels)


def throws(features, labels, parameters, seed):
    raise KeyError("no column `speed`")
"""


@pytest.fixture(scope="module")
def days() -> dict[str, flights.Day]:
    """Build the days that land."""
    return {day.name: day for day in flights.days(TRAINED_ON[0], RULED_DAY)}


@pytest.fixture(scope="module")
def world(
    days: dict[str, flights.Day], zips: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    """Deploy, let nine days of flights land, and let Ada ask for the first training."""
    with zipfile.ZipFile(zips / "functions-local.zip", "a") as code:  # beside our own code, as a
        code.writestr("our_trainers.py", TRAINER)  # line of the Dockerfile puts it into the image
    with deployed(flights_config(), tmp_path_factory.mktemp("home")) as world:
        world.is_warm()
        for name in TRAINED_ON:  # one after the other: all at once is a process for each event
            world.lands(days[name])
            eventually(partial(is_checked, world, name), within_s=60)
        eventually(lambda: world.ports.records.get(GroupMembers, "S0APPROVERS"), within_s=30)
        world.slack.command("/watch", f"retrain {MODEL}", user=ADA, channel=world.channel)
        eventually(lambda: world.ports.records.get(Serving, MODEL), within_s=300)
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


def test_the_simple_model_answers_for_a_champion_that_is_gone_and_the_channel_hears_it(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    champion = champion_of(world)

    with world.without(champion.artefact.key):
        status, answer = world.sends_rows(rows_of(days[NEXT_DAY]))

    assert status == 200
    assert [one["stage"] for one in answer["predictions"]] == ["fallback"] * 3
    eventually(lambda: card_that_says(world, f"{champion.artefact.key} is gone"), within_s=60)


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


@pytest.mark.parametrize("function", ["check_partition", "score"])
def test_a_day_that_no_longer_shows_an_error_is_taken_out_of_its_alert_by_who_looks_first(
    world: Deployed, function: str
) -> None:
    link = Continuation(
        id=Continuation.id_of(MODEL, NEXT_DAY), alert=Alert.id_of(MODEL, BROKEN_DAY, "partition")
    )
    assert world.ports.records.commit(new(link))

    world.calls(function, {"model": MODEL, "partition": NEXT_DAY})

    assert world.ports.records.get(Continuation, link.id) is None


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


def test_rows_that_are_sent_are_answered_by_the_champion_and_logged(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    def answered() -> str | None:  # what could not be loaded above is tried again after 30 s
        _, said = world.sends_rows(rows_of(days[NEXT_DAY]))
        by = {(one["stage"], one["version"]) for one in said["predictions"]}
        return str(said["request"]) if by == {("champion", champion_of(world).id)} else None

    request = eventually(answered, within_s=60)

    logged = world.ports.objects.list(f"predictions/{MODEL}/requests/")
    assert any(request in found.key for found in logged)


def test_rows_that_nobody_signed_for_are_refused(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    status, _ = world.sends_rows(rows_of(days[NEXT_DAY]), is_signed=False)

    assert status == 403


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
        world.lands(days[name])
        eventually(partial(is_scored, world, name), within_s=60)

    checked = PredictionsCheck.id_of(MODEL, LATER_DAYS[-1])
    check = eventually(lambda: world.ports.records.get(PredictionsCheck, checked), within_s=60)
    assert check.reference_key is not None


def test_a_second_training_makes_a_version_that_predicts_in_shadow(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    world.labels_land(days[NEXT_DAY])  # mended: it learns from that day, too

    world.slack.command("/watch", f"retrain {MODEL}", user=ADA, channel=world.channel)

    version = eventually(lambda: challenger_of(world), within_s=300)

    assert champion_of(world).id != version
    eventually(lambda: card_that_says(world, "predicts in shadow"), within_s=60)


def test_rows_that_break_a_written_rule_are_put_aside(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    day = days[RULED_DAY]
    world.labels_land(day)  # before there is a prediction that they belong to
    eventually(lambda: world.said("join_labels", RULED_DAY, "not predicted"), within_s=60)
    is_not_evaluated_yet(world)

    world.lands(day, features=with_a_rule_broken(day.features), labels=False)

    scored = eventually(
        lambda: world.ports.records.get(Scored, Scored.id_of(MODEL, RULED_DAY)), within_s=60
    )
    assert sum(scored.quarantined.values()) == 2
    [aside] = world.ports.objects.list(f"quarantine/{MODEL}/dt={RULED_DAY}/")
    assert parquet.read_table(BytesIO(world.ports.objects.get(aside.key))).num_rows == 2


def test_labels_that_came_before_their_predictions_are_booked_by_scoring(world: Deployed) -> None:
    version = eventually(lambda: challenger_of(world), within_s=1)

    eventually(lambda: is_booked_for(world, RULED_DAY, version), within_s=60)

    eventually(lambda: is_evaluated(world), within_s=120)


def test_an_evaluation_that_got_lost_is_made_when_a_partition_is_scored_again(
    world: Deployed,
) -> None:
    is_not_evaluated_yet(world)

    world.calls("score", {"model": MODEL, "partition": RULED_DAY})

    eventually(lambda: is_evaluated(world), within_s=120)


def test_an_evaluation_that_got_lost_is_made_when_labels_land(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    is_not_evaluated_yet(world)

    world.labels_land(days[RULED_DAY])

    eventually(lambda: is_evaluated(world), within_s=120)


def test_rows_that_are_asked_for_are_booked_and_predicted_in_shadow(
    world: Deployed, days: dict[str, flights.Day]
) -> None:
    version = eventually(lambda: challenger_of(world), within_s=1)
    status, _ = world.sends_rows(rows_of(days[RULED_DAY]))  # two of them were put aside before

    world.labels_land(days[RULED_DAY])

    assert status == 200
    log = eventually(lambda: requested_log_of(world, RULED_DAY, version), within_s=60)
    assert log.rows == 2


def test_a_click_promotes_a_version_and_another_one_brings_the_champion_back(
    world: Deployed,
) -> None:
    before, version = champion_of(world).id, eventually(lambda: challenger_of(world), within_s=1)
    passes_its_gate(version, world.ports)

    world.slack.click(PROMOTE, user=ADA, message=card_with(world, PROMOTE))

    eventually(lambda: champion_of(world).id == version, within_s=30)
    world.slack.click(ROLL_BACK, user=ADA, message=card_with(world, ROLL_BACK))
    eventually(lambda: champion_of(world).id == before, within_s=30)


def test_a_teams_own_trainer_makes_a_version_in_a_process_of_its_own(world: Deployed) -> None:
    apply_config(of_a_team("our_trainers:shallow"), Person.command_line(), world.ports)
    for name in LEARNED:
        rows = some_flights(name)
        labels = rows[["flight_id"]].assign(late=(rows["distance"] > 1500).astype(int))
        world.puts(f"team/labels/dt={name}/part-0.parquet", parquet_of(labels))
        world.puts(f"team/features/dt={name}/part-0.parquet", parquet_of(rows))
        eventually(partial(is_checked, world, name, TEAM), within_s=60)

    done = world.calls("retrain", {"model": TEAM, "reason": "a person asked", "asked_by": ADA})

    assert done["decision"] == "trained"
    served = world.ports.records.get(Serving, TEAM)
    assert served is not None
    assert served.champion == done["version"]


def test_a_world_that_moved_starts_a_training(world: Deployed) -> None:
    world.puts(f"team/features/dt={DAY}/part-0.parquet", parquet_of(moved(DAY)))

    alert = Alert.id_of(TEAM, DAY, "partition")
    eventually(lambda: has_started_training(world, alert), within_s=60)
    eventually(lambda: world.said("retrain", TEAM, "already trained"), within_s=120)


def test_a_trainer_that_throws_is_told_to_its_owner(world: Deployed) -> None:
    apply_config(of_a_team("our_trainers:throws"), Person.command_line(), world.ports)

    eventually(lambda: card_that_says(world, "KeyError"), within_s=120)


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
        if not any(right.is_used_by(use) for use in uses) and not is_for_aws_itself(right)
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


def of_a_team(trainer: str) -> ModelConfig:
    """A small model that a function of its team trains, once more when the world moves."""
    training = {"trainer": trainer, "window_days": 14, "validation_days": 3, "on_drift": True}
    config = a_config(model=TEAM, training=training)
    places = {"features": "team/features", "labels": "team/labels"}
    return config.model_copy(update={"data": config.data.model_copy(update=places)})


def is_for_aws_itself(right: Right) -> bool:
    """Say whether AWS does it in the role's name, where the emulator asks nobody.

    Lambda writes the log, reads the queue that it serves and leaves dead letters; the scheduler
    and the state machine start functions; S3 looks whether who asks for an object that is gone may
    know so. That each of these is there, for what it should be, is in test_template.py.
    """
    reads_queue = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
    return (
        "SchedulerRole" in right.role
        or "FanRole" in right.role
        or right.action in {"logs:CreateLogStream", "logs:PutLogEvents"}
        or ("DeliverRole" in right.role and right.action in reads_queue)
        or ("ScoreRequestRole" in right.role and right.action == "s3:ListBucket")
        or (right.action == "sqs:SendMessage" and "-DeadLetters-" in right.resource)
    )
