"""The state machine is started once for all who ask within a minute."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from core.adapters.s3.objects import S3Objects
from core.adapters.step_functions import StepFunctions
from core.domain.errors import Unavailable
from tests.adapters.fanned_work import AGAIN, Thing, done
from tests.adapters.places import BUCKET, REGION, a_client
from tests.builders import NOON

PASS = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
THINGS = [Thing(folder="f", name=name) for name in "ab"]


@dataclass
class Machine:
    """A state machine, and what it was started with."""

    arn: str

    def out(self, now: datetime, things: Sequence[Thing] = THINGS) -> bool:
        objects = S3Objects(lambda: a_client("s3"), BUCKET)
        fan = StepFunctions(lambda: a_client("stepfunctions"), objects, self.arn, lambda: now)
        return fan.out(done, things, AGAIN)

    def listed_in(self, manifest: str) -> list[str]:
        body = S3Objects(lambda: a_client("s3"), BUCKET).get(manifest)
        return [thing["name"] for thing in json.loads(body)]

    def started(self) -> dict[str, Any]:
        states = a_client("stepfunctions")
        listed = states.list_executions(stateMachineArn=self.arn)["executions"]
        inputs = {
            one["name"]: states.describe_execution(executionArn=one["executionArn"])["input"]
            for one in listed
        }
        return {name: json.loads(text) for name, text in inputs.items()}

    def ends(self) -> None:
        [name] = self.started()
        arn = self.arn.replace(":stateMachine:", ":execution:")
        a_client("stepfunctions").stop_execution(executionArn=f"{arn}:{name}")


@pytest.fixture
def machine() -> Iterator[Machine]:
    with mock_aws():
        a_client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        made = a_client("stepfunctions").create_state_machine(
            name="fan", definition=json.dumps(PASS), roleArn="arn:aws:iam::123456789012:role/fan"
        )
        yield Machine(made["stateMachineArn"])


def test_it_is_told_where_the_list_is_and_what_comes_after(machine: Machine) -> None:
    assert machine.out(NOON) is False

    name = f"{AGAIN.id}-20130208T1200"
    manifest = f"profiles/fans/{name}.json"
    assert machine.started() == {name: {"manifest": manifest, "again": AGAIN.event}}
    assert machine.listed_in(manifest) == ["a", "b"]


def test_whoever_asks_within_a_minute_starts_nothing_more_but_adds_to_the_list(
    machine: Machine,
) -> None:
    machine.out(NOON)
    machine.out(NOON + timedelta(seconds=59), [*THINGS, Thing(folder="f", name="c")])

    [started] = machine.started().values()
    assert machine.listed_in(started["manifest"]) == ["a", "b", "c"]


def test_an_emulator_that_calls_a_running_execution_an_error_starts_nothing_more_either(
    machine: Machine,
) -> None:
    machine.out(NOON)
    machine.ends()

    machine.out(NOON)

    assert len(machine.started()) == 1


def test_whoever_asks_later_starts_it_again(machine: Machine) -> None:
    machine.out(NOON)
    machine.out(NOON + timedelta(minutes=1))

    assert len(machine.started()) == 2


def test_a_machine_that_is_not_there_is_a_reason_to_try_again(machine: Machine) -> None:
    gone = Machine(f"{machine.arn}-gone")

    with pytest.raises(
        Unavailable, match="Step Functions refused a call: StateMachineDoesNotExist"
    ):
        gone.out(NOON)
