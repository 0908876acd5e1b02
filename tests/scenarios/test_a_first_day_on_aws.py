"""What a person is told on the first day when AWS, or a bucket, says no."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from core.adapters.s3.objects import S3Objects
from core.domain.errors import Unavailable
from core.wiring import use
from tests.scenarios.placeholders import WITH_PLACEHOLDERS
from tests.terminal import ran
from tests.watched_model import WatchedModel


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


@pytest.mark.usefixtures("aws")
def test_whoever_may_not_list_the_objects_still_applies_a_config(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    watched: WatchedModel,
) -> None:
    file = tmp_path / "flights.yaml"
    file.write_text(WITH_PLACEHOLDERS)
    client = boto3.client("s3", region_name="us-east-1")
    use(replace(watched.ports, objects=S3Objects(lambda: client, "pond")))

    assert ran(monkeypatch, "apply", str(file)) == 0

    said = capsys.readouterr().out
    assert "is in force now" in said
    assert "Note: What lies in its places could not be listed. S3 refused a call: NoSuch" in said


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("s3://pond/x", "NoSuchBucket, there is no bucket of this name."),
        ("s3://", "s3:// names no bucket: write s3://bucket/prefix."),
        ("s3://My_Bucket/x", "s3://My_Bucket/x names no bucket"),
    ],
)
def test_a_bucket_that_cannot_be_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str, sentence: str
) -> None:
    assert ran(monkeypatch, "init", place) == 1

    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("AccessDenied", "AccessDenied, whoever asks may not do that"),
        ("PermanentRedirect", "the bucket lies in another region: set AWS_DEFAULT_REGION"),
        ("ExpiredToken", "these credentials have expired: sign in again"),
        ("SlowDown", "S3 refused a call: SlowDown."),
    ],
)
@pytest.mark.usefixtures("aws")
def test_what_s3_refuses_comes_with_what_to_do(code: str, sentence: str) -> None:
    client = boto3.client("s3", region_name="us-east-1")
    with Stubber(client) as stub:
        stub.add_client_error("list_objects_v2", code, http_status_code=403)

        with pytest.raises(Unavailable, match=sentence):
            list(S3Objects(lambda: client, "lake").list("x/"))


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "S3 was not asked: there are no credentials of AWS."),
        ({"AWS_PROFILE": "nobody"}, "AWS was not asked: The config profile (nobody) could not be"),
    ],
)
def test_a_machine_that_knows_no_account_says_so(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    environment: dict[str, str],
    sentence: str,
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert ran(monkeypatch, "init", "s3://lake/x") == 1

    assert sentence in capsys.readouterr().err
