"""Watchkeeper deployed to the emulator, as a person who runs it sees it from outside."""

import json
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from core.config import Settings
from core.domain.constraint import Constraint
from core.domain.model_config import ModelConfig
from core.domain.person import Person
from core.flows.apply_config import apply_config
from core.ports import Ports
from core.wiring import connect, wall_clock
from infra.aws.environment import exports
from infra.local.config_file import read_config
from infra.local.emulator import Emulator, emulated_aws
from infra.local.flights import Day
from infra.local.slack.local_slack import LocalSlack, http_delivery
from tests.aws import witness
from tests.aws.osls import ROOT, listed, osls
from tests.aws.witness import Use, uses_in

STAGE: Final = "--stage=local"
SECRETS: Final = {
    "slack_bot_token": "xoxb-local",
    "slack_signing_secret": "a signing secret of the tests",
    "artefact_key": "an artefact key of the tests, 32 or longer",
}
ADA, GRACE = "U0ADA", "U0GRACE"  # Ada may promote and retrain, Grace may not
FARTHEST_MI: Final = 6000  # of the rule that the flights' config has here
_LOOKS_EVERY_S: Final = 0.2

T = TypeVar("T")


class Right(NamedTuple):
    """What a role may do."""

    role: str
    action: str
    resource: str
    """An ARN, in which `*` stands for anything."""

    def is_used_by(self, use: Use) -> bool:
        """Say whether it was for this that the role has the right."""
        is_it = (use.role, use.action) == (self.role, self.action)
        return is_it and use.was_allowed and fnmatchcase(use.resource, self.resource)


def eventually(look: Callable[[], T | None], *, within_s: float) -> T:
    """Look again and again until there is something; other processes take their time."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        seen = look()
        if seen:
            return seen
        time.sleep(_LOOKS_EVERY_S)
    seen = look()
    assert seen, f"nothing of it was seen in {within_s} s"
    return seen


@dataclass(frozen=True)
class Deployed:
    """A deployment and the Slack that it talks to."""

    aws: Emulator
    slack: LocalSlack
    ports: Ports
    """What an operator with all rights works with; functions have their own."""
    told: dict[str, str]
    """The environment of the functions."""
    channel: str

    def client(self, service: str) -> Any:  # noqa: ANN401 - each service is another class
        """Return a client of the emulator's root."""
        return boto3.client(service)  # type: ignore[call-overload]  # the stubs want a literal

    def lands(self, day: Day, *, features: bytes | None = None, labels: bool = True) -> None:
        """Let the objects of a day land, as another system would write them."""
        if labels:
            self.labels_land(day)
        self.puts(day.features_key, features or day.features)

    def labels_land(self, day: Day) -> None:
        """Let the labels of a day land."""
        self.puts(day.labels_key, day.labels)

    def part_lands(self, day: Day, place: int, features: bytes) -> None:
        """Let one of several objects of a day land."""
        self.puts(day.features_key.replace("part-0", f"part-{place}"), features)

    def is_warm(self) -> None:
        """Let each function start once, one after the other, by a call that concerns nobody."""
        self.slack.command("/watch", "help", user=ADA, channel=self.channel)
        for function in ("check_partition", "score", "join_labels"):
            self.calls(function, {"detail": {"object": {"key": "nothing"}}})

    def name_of(self, function: str) -> str:
        """Return the name under which a function is deployed."""
        return f"{self.told['FUNCTION_PREFIX']}-{function}"

    def calls(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """Call a function as an operator may, and wait for what it returns."""
        called = self.client("lambda").invoke(
            FunctionName=self.name_of(function), Payload=json.dumps(event)
        )
        answer: dict[str, Any] = json.load(called["Payload"])
        assert "FunctionError" not in called, answer
        return answer

    def sends_rows(self, body: str, *, is_signed: bool = True) -> tuple[int, dict[str, Any]]:
        """Post a request of rows to its URL; returns the status and what was answered."""
        config = self.client("lambda").get_function_url_config(
            FunctionName=self.name_of("score_request")
        )
        url = self.aws.function_url(config["FunctionUrl"])
        request = AWSRequest("POST", url, data=body, headers={"content-type": "application/json"})
        if is_signed:
            session = boto3.session.Session()
            who = session.get_credentials()
            assert who is not None
            SigV4Auth(who, "lambda", session.region_name).add_auth(request)
        posted = Request(url, body.encode(), dict(request.headers))  # noqa: S310 - loopback
        try:
            with urlopen(posted) as answer:  # noqa: S310 - the same
                return answer.status, json.load(answer)
        except HTTPError as refused:
            return refused.code, json.load(refused)

    def log_of(self, function: str) -> list[str]:
        """Read what a function has logged."""
        name = f"/aws/lambda/{self.name_of(function)}"
        events = self.client("logs").filter_log_events(logGroupName=name)["events"]
        return [event["message"] for event in events]

    def said(self, function: str, *words: str) -> bool:
        """Say whether one line of a function's log has all of these words."""
        return any(all(word in line for word in words) for line in self.log_of(function))

    def waiting_in(self, queue_url: str) -> int:
        """Count the messages of a queue."""
        name = "ApproximateNumberOfMessages"
        answer = self.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def dead_letters(self) -> dict[str, int]:
        """Count what nobody could do, by queue."""
        urls = self.client("sqs").list_queues()["QueueUrls"]
        return {
            url.rpartition("/")[2]: self.waiting_in(url) for url in urls if "DeadLetters" in url
        }

    def uses(self) -> set[Use]:
        """Read which rights the functions have made use of, or wanted to."""
        return uses_in(self.aws.log.parent)

    def rights(self) -> set[Right]:
        """Read what the roles of this deployment may do, as AWS itself says it."""
        iam = self.client("iam")
        names = [role["RoleName"] for role in iam.list_roles()["Roles"]]
        return {
            Right(name, action, resource)
            for name in names
            for document in _policies(name, iam)
            for statement in listed(document["Statement"])
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }

    def puts(self, key: str, body: bytes) -> None:
        """Write an object, as another system would."""
        self.client("s3").put_object(Bucket=self.told["OBJECTS_BUCKET"], Key=key, Body=body)

    @contextmanager
    def without(self, key: str) -> Iterator[None]:
        """Let an object be gone for a while."""
        body = self.ports.objects.get(key)
        self.client("s3").delete_object(Bucket=self.told["OBJECTS_BUCKET"], Key=key)
        try:
            yield
        finally:
            self.puts(key, body)


@contextmanager
def deployed(config: ModelConfig, home: Path) -> Iterator[Deployed]:
    """Deploy, apply a config, and remove everything afterwards."""
    slack = LocalSlack(SECRETS["slack_signing_secret"], SECRETS["slack_bot_token"], now=wall_clock)
    with (
        emulated_aws([witness.__file__]) as aws,
        slack,
        pytest.MonkeyPatch.context() as environment,
    ):
        for name, value in aws.environment.items():
            environment.setenv(name, value)
        given = aws.environment | {"SLACK_API_URL": slack.api_url, "CODE_REF": "abc123"}
        slack.add_user(ADA, "Ada")
        slack.add_user(GRACE, "Grace")
        slack.add_channel(config.channel, "ml-alerts")
        slack.add_group("S0APPROVERS", "ml-approvers", [ADA])
        osls("deploy", STAGE, environment=given, home=home)
        boto3.client("ssm").put_parameter(
            Name="/watchkeeper/local/secrets", Type="SecureString", Value=json.dumps(SECRETS)
        )
        url = boto3.client("lambda").get_function_url_config(FunctionName="watchkeeper-local-bot")
        slack.connect(http_delivery(f"{aws.function_url(url['FunctionUrl'])}slack/events"))
        told = exported(exports("local"))
        ports = connect(Settings.read(told))
        apply_config(config, Person.command_line(), ports)
        try:
            yield Deployed(aws, slack, ports, told, config.channel)
        except BaseException:
            sys.stderr.write(aws.log.read_text(errors="replace"))
            raise
        osls("remove", STAGE, environment=given, home=home)
        stacks = boto3.client("cloudformation").list_stacks(
            StackStatusFilter=["CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_FAILED"]
        )
        assert stacks["StackSummaries"] == []


def _policies(role: str, iam: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - see `client`
    """Read the documents of a role, its own and those it shares."""
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = policy["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        stored = iam.get_policy_version(PolicyArn=arn, VersionId=version)
        yield stored["PolicyVersion"]["Document"]


def exported(lines: Iterable[str]) -> dict[str, str]:
    """Read `export NAME=value` as a shell does."""
    stated = (shlex.split(line)[1].partition("=") for line in lines)
    return {name: value for name, _, value in stated}


def flights_config() -> ModelConfig:
    """Read the flights' config, with a rule, and a window and a size that a test can wait for."""
    config = read_config(ROOT / "infra/models/flights.yaml")
    training = config.training.model_copy(
        update={
            "parameters": config.training.parameters | {"max_iter": 20},
            "window_days": 9,
            "validation_days": 2,
            "minimum_rows": 1000,
        }
    )
    checks = config.checks.model_copy(update={"parallel_above_mib": 1})
    rule = Constraint(
        column="distance",
        at_most=FARTHEST_MI,
        owner=ADA,
        reason="no flight is longer",
        expires=date(2199, 12, 31),
    )
    update = {"training": training, "checks": checks, "constraints": (rule,)}
    return config.model_copy(update=update)
