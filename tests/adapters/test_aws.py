"""The small adapters of AWS: the second route, and the secrets."""

import json
from typing import Any

import pytest
from moto import mock_aws

from core.adapters.aws_clients import AwsClients
from core.adapters.second_route import SnsSecondRoute
from core.adapters.ssm_secrets import ssm_secrets
from core.config import WrongSettings
from core.domain.errors import Unavailable
from tests.adapters.places import REGION, a_client


def published(headline: str) -> dict[str, Any]:
    """Tell one thing over the second route; returns what somebody who subscribed has got."""
    sns, sqs = a_client("sns"), a_client("sqs")
    topic = sns.create_topic(Name="second-route")["TopicArn"]
    queue = sqs.create_queue(QueueName="mailbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])

    SnsSecondRoute(lambda: sns, topic).tell(headline, "2 alerts wait.")

    [message] = sqs.receive_message(QueueUrl=queue)["Messages"]
    received: dict[str, Any] = json.loads(message["Body"])
    return received


@mock_aws
def test_what_takes_the_second_route_reaches_those_who_subscribed() -> None:
    message = published("Slack is down")

    assert message["Subject"] == "Slack is down"
    assert message["Message"] == "Slack is down\n\n2 alerts wait."


@mock_aws
def test_a_headline_that_is_no_subject_is_whole_in_the_message() -> None:
    headline = "Zoë's alerts\nwait " + "x" * 100

    message = published(headline)

    assert message["Subject"] == ("Zo?'s alerts wait " + "x" * 100)[:99]
    assert message["Message"].startswith(headline)


@mock_aws
def test_a_second_route_that_is_not_there_says_so() -> None:
    arn = f"arn:aws:sns:{REGION}:123456789012:gone"

    with pytest.raises(Unavailable, match="SNS refused a call: NotFound"):
        SnsSecondRoute(lambda: a_client("sns"), arn).tell("Slack is down", "")


KNOWN = {"slack_bot_token": "xoxb-hush", "slack_signing_secret": "sign", "artefact_key": "k" * 32}


def stored(secrets: str) -> None:
    a_client("ssm").put_parameter(Name="/secrets", Value=secrets, Type="SecureString")


@mock_aws
def test_secrets_are_one_encrypted_parameter() -> None:
    stored(json.dumps(KNOWN))

    known = ssm_secrets(lambda: a_client("ssm"), "/secrets")

    assert known.slack_bot_token.get_secret_value() == "xoxb-hush"
    assert known.artefact_key.get_secret_value() == "k" * 32
    assert known.slack_app_token is None
    assert "hush" not in repr(known)


@mock_aws
@pytest.mark.parametrize(
    ("secrets", "fault"),
    [
        (json.dumps(KNOWN | {"artefact_key": "hush"}), "artefact_key: "),
        (json.dumps({"slack_bot_token": "hush", "artefact_key": "k" * 32}), "slack_signing_secret"),
        ("hush", "as a whole: Invalid JSON"),
    ],
)
def test_wrong_secrets_are_told_without_a_value(secrets: str, fault: str) -> None:
    stored(secrets)

    with pytest.raises(WrongSettings) as wrong:
        ssm_secrets(lambda: a_client("ssm"), "/secrets")

    assert fault in str(wrong.value)
    assert "hush" not in str(wrong.value)


@mock_aws
def test_secrets_that_are_not_there_are_unavailable() -> None:
    with pytest.raises(Unavailable, match="SSM refused a call: ParameterNotFound"):
        ssm_secrets(lambda: a_client("ssm"), "/secrets")


@mock_aws
def test_a_client_is_made_once_and_gives_up_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    aws = AwsClients()

    clients: list[Any] = [
        make() for make in (aws.dynamodb, aws.s3, aws.functions, aws.sqs, aws.scheduler)
    ]

    assert aws.dynamodb() is clients[0]
    for client in [*clients, aws.sns(), aws.ssm()]:
        assert client.meta.config.connect_timeout == 1
        assert client.meta.config.read_timeout == 5
        assert client.meta.config.retries["total_max_attempts"] == 3
