"""Which vendor stands behind which port; the only reader of the wall clock and of chance.

The vendors of the other place are not even imported: no boto3 on one box, no sqlite3 on AWS.
"""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from slack_sdk import WebClient

from core.adapters.hmac_signer import HmacSigner
from core.adapters.slack.notifier import SlackNotifier
from core.adapters.slack.people import SlackPeople
from core.config import AwsSettings, OneBoxSettings, Secrets, Settings
from core.ports import Ports

if TYPE_CHECKING:
    from core.adapters.aws_clients import AwsClients

_SLACK_TIMEOUT_S: Final = 10


@dataclass(frozen=True)
class Connected:
    """The ports, and what a Slack door needs beside them."""

    ports: Ports
    client: WebClient
    signing_secret: str = field(repr=False)


@dataclass(frozen=True)
class Time:
    """A clock, and how to let time pass on it; a replay brings its own."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]


def wall_clock() -> datetime:
    """Say what time it is, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the only reader


def connect(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = wall_clock,
    sleep: Callable[[float], None] = time.sleep,
) -> Ports:
    """Connect all ports; see `connect_slack`."""
    return connect_slack(settings, clock=clock, sleep=sleep).ports


def connect_slack(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = wall_clock,
    sleep: Callable[[float], None] = time.sleep,
) -> Connected:
    """Connect all ports; but for the secrets, what is far away is called when it is needed.

    Args:
        settings: where this runs.
        clock: says what time it is, in UTC; a replay brings its own.
        sleep: lets so many seconds pass on that clock.

    Raises:
        WrongSettings: a secret is missing, or others can read it.
        Unavailable: the secrets cannot be read now.
    """
    known = read_secrets(settings)
    client = _slack_client(settings, known)
    passing = Time(clock, sleep)
    if isinstance(settings.place, OneBoxSettings):
        ports = _on_one_box(settings.place, known, client, passing)
    else:
        ports = _on_aws(settings.place, known, client, passing)
    return Connected(ports, client, known.slack_signing_secret.get_secret_value())


def read_secrets(settings: Settings) -> Secrets:
    """Read the secrets of this deployment; on one box those that can be random are made."""
    if isinstance(settings.place, OneBoxSettings):
        from core.adapters.folder.secrets import folder_secrets  # noqa: PLC0415 - not on AWS

        return folder_secrets(settings.place, secrets.randbits)
    from core.adapters.ssm_secrets import ssm_secrets  # noqa: PLC0415 - not on one box

    return ssm_secrets(_aws_clients().ssm, settings.place.secrets_parameter)


class _Current:
    """What this process is connected to; `None` until somebody asks."""

    connected: Connected | None = None
    ports: Ports | None = None


def connected() -> Connected:
    """Return what the environment says this process is connected to."""
    if _Current.connected is None:
        _Current.connected = connect_slack(Settings.from_environment())
    return _Current.connected


def ports() -> Ports:
    """Return the ports of this process: those handed over, or else those of the environment."""
    return _Current.ports or connected().ports


def use(ports: Ports | None) -> None:
    """Hand over ports that are connected already; `None` goes back to the environment's."""
    _Current.ports = ports


def _slack_client(settings: Settings, known: Secrets) -> WebClient:
    return WebClient(
        token=known.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=_SLACK_TIMEOUT_S,
        retry_handlers=[],  # a lost answer may mean that the message was posted: the flow decides
    )


def _on_one_box(place: OneBoxSettings, known: Secrets, slack: WebClient, passing: Time) -> Ports:
    from core.adapters.folder.objects import FolderObjects  # noqa: PLC0415 - not on AWS
    from core.adapters.folder.second_route import FileSecondRoute  # noqa: PLC0415 - not on AWS
    from core.adapters.processes import OneProcess, Processes  # noqa: PLC0415 - not on AWS
    from core.adapters.sqlite.arrivals import SqliteArrivals  # noqa: PLC0415 - not on AWS
    from core.adapters.sqlite.database import Database  # noqa: PLC0415 - not on AWS
    from core.adapters.sqlite.jobs import SqliteJobs  # noqa: PLC0415 - not on AWS
    from core.adapters.sqlite.records import SqliteRecords  # noqa: PLC0415 - not on AWS
    from core.adapters.sqlite.schedules import SqliteSchedules  # noqa: PLC0415 - not on AWS

    place.watchkeeper_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database, objects = Database(place.database_file), FolderObjects(place.objects_folder)
    cores = os.cpu_count() or 1
    return Ports(
        records=SqliteRecords(database),
        objects=objects,
        arrivals=SqliteArrivals(database, objects),
        jobs=SqliteJobs(database),
        fan=Processes(cores) if cores > 1 else OneProcess(),
        schedules=SqliteSchedules(database, passing.now),
        notifier=SlackNotifier(slack),
        second_route=FileSecondRoute(place.second_route_file, passing.now),
        people=SlackPeople(slack),
        signer=HmacSigner(known.artefact_key),
        now=passing.now,
        sleep=passing.sleep,
        random_bits=secrets.randbits,
    )


def _on_aws(place: AwsSettings, known: Secrets, slack: WebClient, passing: Time) -> Ports:
    from core.adapters.aws_jobs import AwsJobs  # noqa: PLC0415 - not on one box
    from core.adapters.dynamodb.records import DynamoRecords  # noqa: PLC0415 - not on one box
    from core.adapters.s3.arrivals import EventBridgeArrivals  # noqa: PLC0415 - not on one box
    from core.adapters.s3.objects import S3Objects  # noqa: PLC0415 - not on one box
    from core.adapters.scheduler import AwsSchedules, ScheduleTarget  # noqa: PLC0415 - the same
    from core.adapters.second_route import SnsSecondRoute  # noqa: PLC0415 - not on one box
    from core.adapters.step_functions import StepFunctions  # noqa: PLC0415 - not on one box

    aws = _aws_clients()
    objects = S3Objects(aws.s3, place.objects_bucket)
    return Ports(
        records=DynamoRecords(aws.dynamodb, place.records_table, passing.sleep),
        objects=objects,
        arrivals=EventBridgeArrivals(),
        jobs=AwsJobs(
            functions=aws.functions,
            sqs=aws.sqs,
            function_prefix=place.function_prefix,
            delivery_queue_url=place.delivery_queue_url,
        ),
        fan=StepFunctions(aws.states, objects, place.fan_arn, passing.now),
        schedules=AwsSchedules(
            aws.scheduler,
            ScheduleTarget(
                group=place.schedule_group,
                function_arn_prefix=place.function_arn_prefix,
                role_arn=place.scheduler_role_arn,
                dlq_arn=place.scheduler_dlq_arn,
            ),
            passing.now,
        ),
        notifier=SlackNotifier(slack),
        second_route=SnsSecondRoute(aws.sns, place.second_route_topic_arn),
        people=SlackPeople(slack),
        signer=HmacSigner(known.artefact_key),
        now=passing.now,
        sleep=passing.sleep,
        random_bits=secrets.randbits,
    )


@cache
def _aws_clients() -> "AwsClients":
    from core.adapters.aws_clients import AwsClients  # noqa: PLC0415 - no boto3 on one box

    return AwsClients()
