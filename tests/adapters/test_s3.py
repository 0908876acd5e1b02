"""What holds of S3 alone: how objects lie there, and what it answers when it does not do it."""

from typing import Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from core.adapters.s3.objects import S3Objects
from core.domain.errors import Unavailable
from tests.adapters.places import BUCKET, a_client, s3_objects


def test_an_object_is_stored_encrypted() -> None:
    with s3_objects() as objects:
        objects.put("a", b"")
        objects.put_new("b", b"")

        for key in ("a", "b"):
            head = a_client("s3").head_object(Bucket=BUCKET, Key=key)
            assert head["ServerSideEncryption"] == "AES256"


def test_objects_that_others_wrote_under_odd_names_are_passed_over() -> None:
    with s3_objects() as objects:
        for key in ("a/b", "a/.b.crc", "a/ä", "a//b", "a/b|c", "a/"):
            a_client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"")

        assert [found.key for found in objects.list("a/")] == ["a/b"]


def refused(stub: Stubber, code: str, status: int) -> None:
    stub.add_client_error("put_object", code, http_status_code=status)


def test_a_new_object_that_meets_another_write_is_tried_again() -> None:
    with s3_objects() as objects, Stubber(a_client("s3")) as stub:
        refused(stub, "ConditionalRequestConflict", 409)
        stub.add_response("put_object", {})

        assert objects.put_new("a", b"")


def test_trying_again_has_an_end() -> None:
    with s3_objects() as objects, Stubber(a_client("s3")) as stub:
        for _ in range(3):
            refused(stub, "ConditionalRequestConflict", 409)

        with pytest.raises(Unavailable, match="Others kept writing a at the same moment"):
            objects.put_new("a", b"")


@mock_aws
def test_what_s3_refuses_names_the_reason() -> None:
    objects: Any = S3Objects(lambda: a_client("s3"), "no-such-bucket")

    for act in (
        lambda: objects.put("a", b""),
        lambda: objects.put_new("a", b""),
        lambda: objects.get("a"),
        lambda: list(objects.list("a")),
        lambda: objects.local_copy("a").__enter__(),
    ):
        with pytest.raises(Unavailable, match="S3 refused a call: NoSuchBucket"):
            act()
