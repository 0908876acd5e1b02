"""The adapters of one port, each opened in an empty place of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
from moto import mock_aws

from core.adapters.dynamodb.records import LISTING_INDEX, DynamoRecords
from core.adapters.folder.objects import FolderObjects
from core.adapters.s3.objects import S3Objects
from core.adapters.sqlite.database import Database
from core.adapters.sqlite.records import SqliteRecords
from core.ports import Objects, Records

REGION, TABLE, BUCKET = "eu-central-1", "records", "objects"


@cache
def a_client(service: str) -> Any:  # noqa: ANN401 - each service's client is another class
    """Make each client once, for that takes longer than most tests; moto lends it credentials."""
    make: Any = boto3.client
    return make(service, region_name=REGION)


@contextmanager
def a_database() -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        database = Database(Path(folder, "watchkeeper.sqlite"))
        yield database
        database.close()


@contextmanager
def sqlite_records() -> Iterator[Records]:
    with a_database() as database:
        yield SqliteRecords(database)


@contextmanager
def dynamo_records() -> Iterator[Records]:
    with a_table() as client:
        yield DynamoRecords(lambda: client, TABLE, sleep=never)


@contextmanager
def folder_objects() -> Iterator[Objects]:
    with TemporaryDirectory() as folder:
        yield FolderObjects(Path(folder, "objects"))


@contextmanager
def s3_objects() -> Iterator[Objects]:
    with mock_aws():
        client = a_client("s3")
        client.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        yield S3Objects(lambda: client, BUCKET)


@contextmanager
def a_table() -> Iterator[Any]:
    """The table as `infra/aws` declares it."""
    with mock_aws():
        client = a_client("dynamodb")
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "listing", "place")
            ],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": LISTING_INDEX,
                    "KeySchema": [
                        {"AttributeName": "listing", "KeyType": "HASH"},
                        {"AttributeName": "place", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield client


def never(seconds: float) -> None:
    raise AssertionError(f"nobody should wait here, not even {seconds} s")
