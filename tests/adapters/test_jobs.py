import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from core.adapters.aws_jobs import AwsJobs
from core.adapters.sqlite.jobs import SqliteJobs
from core.domain.errors import Unavailable
from core.domain.job import Job
from core.ports import Jobs
from tests.adapters.places import a_client, a_database
from tests.builders import CHANNEL

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

PREFIX = "watchkeeper-test"
Event = dict[str, Any]


@dataclass(frozen=True)
class Accepted:
    """The port, and what those who run the jobs have heard: of the queue, and of functions."""

    jobs: Jobs
    delivered: Callable[[], list[Event]]
    called: Callable[[], list[tuple[str, Event]]]


@contextmanager
def sqlite_jobs() -> Iterator[Accepted]:
    with a_database() as database:
        jobs = SqliteJobs(database)

        def waiting(*, in_a_group: bool) -> list[Job]:
            return [job for job in jobs.waiting() if (job.group is not None) == in_a_group]

        yield Accepted(
            jobs,
            delivered=lambda: [job.event for job in waiting(in_a_group=True)],
            called=lambda: [(job.function, job.event) for job in waiting(in_a_group=False)],
        )


@contextmanager
def aws_jobs() -> Iterator[Accepted]:
    with mock_aws(config={"lambda": {"use_docker": False}}):
        sqs, functions = a_client("sqs"), a_client("lambda")
        queue = sqs.create_queue(QueueName="deliveries.fifo", Attributes={"FifoQueue": "true"})

        def delivered() -> list[Event]:
            answer = sqs.receive_message(QueueUrl=queue["QueueUrl"], MaxNumberOfMessages=10)
            return [json.loads(message["Body"]) for message in answer.get("Messages", ())]

        with calls_of(functions) as called:
            yield Accepted(
                AwsJobs(
                    functions=lambda: functions,
                    sqs=lambda: sqs,
                    function_prefix=PREFIX,
                    delivery_queue_url=queue["QueueUrl"],
                ),
                delivered,
                called=lambda: called,
            )


@contextmanager
def calls_of(functions: "LambdaClient") -> Iterator[list[tuple[str, Event]]]:
    """Hear what the client of Lambda sends: which function is to run, and with which event."""
    called: list[tuple[str, Event]] = []

    def hear(params: dict[str, Any], **_: Any) -> None:
        assert params["headers"]["X-Amz-Invocation-Type"] == "Event"
        function = params["url_path"].split("/")[-2]
        called.append((function.removeprefix(f"{PREFIX}-"), json.loads(params["body"])))

    functions.meta.events.register("before-call.lambda.Invoke", hear)
    try:
        yield called
    finally:
        functions.meta.events.unregister("before-call.lambda.Invoke", hear)


@pytest.fixture(params=[sqlite_jobs, aws_jobs])
def accepted(request: pytest.FixtureRequest) -> Iterator[Accepted]:
    with request.param() as accepted:
        yield accepted


def a_job(name: str = "j1", **changes: Any) -> Job:
    stated = {"function": "score", "event": {"model": "flights", "job": name}, "id": name}
    return Job.model_validate(stated | changes)


def test_a_job_reaches_its_function_with_its_event(accepted: Accepted) -> None:
    accepted.jobs.start(a_job(event={"model": "Zoë", "deep": {"list": [1, None, 2.5]}}))

    assert accepted.called() == [("score", {"model": "Zoë", "deep": {"list": [1, None, 2.5]}})]
    assert accepted.delivered() == []


def test_jobs_of_a_group_are_queued_in_the_order_of_acceptance(accepted: Accepted) -> None:
    for name in ("j2", "j1", "j3"):
        accepted.jobs.start(a_job(name, function="deliver", group=CHANNEL))

    assert [event["job"] for event in accepted.delivered()] == ["j2", "j1", "j3"]
    assert accepted.called() == []


def test_a_job_that_waits_is_not_started_again(accepted: Accepted) -> None:
    for cause in ("alr_1 1", "alr_1 1", "alr_1 2"):
        accepted.jobs.start(Job.deliver(CHANNEL, cause))

    assert accepted.delivered() == [{"channel": CHANNEL}, {"channel": CHANNEL}]


def test_what_aws_refuses_names_the_service_and_the_reason() -> None:
    with aws_jobs() as accepted, Stubber(a_client("lambda")) as functions:
        functions.add_client_error("invoke", "TooManyRequestsException")
        with pytest.raises(Unavailable, match="Lambda refused a call: TooManyRequestsException"):
            accepted.jobs.start(a_job())
    with aws_jobs() as accepted, Stubber(a_client("sqs")) as sqs:
        sqs.add_client_error("send_message", "AWS.SimpleQueueService.NonExistentQueue")
        with pytest.raises(Unavailable, match=r"SQS refused a call: AWS\.Simple.*NonExistentQueue"):
            accepted.jobs.start(Job.deliver(CHANNEL, "alr_1 1"))


def test_on_aws_only_deliveries_have_a_queue() -> None:
    with aws_jobs() as accepted, pytest.raises(ValueError, match="only deliveries"):
        accepted.jobs.start(a_job(group="flights"))
