"""What holds of DynamoDB alone: its attributes, and what it answers when it does not do it."""

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from core.adapters.dynamodb.records import DynamoRecords
from core.domain.errors import Corrupted, Unavailable
from core.ports import changed, new
from tests.adapters.notes import Note
from tests.adapters.places import REGION, TABLE, a_table, never

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def client() -> "Iterator[DynamoDBClient]":
    with a_table() as client:
        yield client


def cancelled(stub: Stubber, *codes: str) -> None:
    stub.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": [{"Code": code} for code in codes]},
    )


def test_keys_and_conditions_are_attributes_and_the_record_is_one_document(
    client: "DynamoDBClient",
) -> None:
    records = DynamoRecords(lambda: client, TABLE, sleep=never)
    note = Note(id="n1", text="hello", stands_in="open", stands_at="1", forget_at_s=1_360_000_000)

    records.commit(new(note))

    [item] = client.scan(TableName=TABLE)["Items"]
    document = note.model_copy(update={"revision": 1}).model_dump_json()
    assert item == {
        "pk": {"S": "note/n1"},
        "revision": {"N": "1"},
        "schema": {"N": "1"},
        "doc": {"S": document},
        "listing": {"S": "note/open"},
        "place": {"S": "1\x1fn1"},
        "expires_at": {"N": "1360000000"},  # the table's TTL attribute
    }


def test_a_record_in_no_listing_has_no_place_in_the_index(client: "DynamoDBClient") -> None:
    records = DynamoRecords(lambda: client, TABLE, sleep=never)

    records.commit(new(Note(id="n1", stands_at="1")))

    [item] = client.scan(TableName=TABLE)["Items"]
    assert not item.keys() & {"listing", "place", "expires_at"}


def test_transactions_that_got_into_each_other_are_tried_again(client: "DynamoDBClient") -> None:
    waited: list[float] = []
    records = DynamoRecords(lambda: client, TABLE, sleep=waited.append)

    with Stubber(client) as stub:
        cancelled(stub, "TransactionConflict", "None")
        cancelled(stub, "None", "TransactionConflict")
        stub.add_response("transact_write_items", {})
        assert records.commit(new(Note(id="n1")), new(Note(id="n2")))

    assert waited == [0.05, 0.1]


def test_trying_again_has_an_end(client: "DynamoDBClient") -> None:
    waited: list[float] = []
    records = DynamoRecords(lambda: client, TABLE, sleep=waited.append)

    with Stubber(client) as stub:
        for _ in range(5):
            cancelled(stub, "TransactionConflict")
        with pytest.raises(Unavailable, match="kept changing the same"):
            records.commit(new(Note(id="n1")))

    assert waited == [0.05, 0.1, 0.2, 0.4]


def test_a_condition_that_failed_refuses_also_beside_a_conflict(client: "DynamoDBClient") -> None:
    records = DynamoRecords(lambda: client, TABLE, sleep=never)

    with Stubber(client) as stub:
        cancelled(stub, "TransactionConflict", "ConditionalCheckFailed")
        assert not records.commit(new(Note(id="n1")), changed(Note(id="n2")))


def test_a_transaction_that_was_cancelled_for_another_reason_says_which(
    client: "DynamoDBClient",
) -> None:
    records = DynamoRecords(lambda: client, TABLE, sleep=never)

    with Stubber(client) as stub:
        cancelled(stub, "ValidationError")
        with pytest.raises(Unavailable, match="ValidationError"):
            records.commit(new(Note(id="n1")))


def test_what_dynamodb_refuses_names_the_reason(client: "DynamoDBClient") -> None:
    records = DynamoRecords(lambda: client, "another_table", sleep=never)

    for act in (
        lambda: records.get(Note, "n1"),
        lambda: records.query(Note, "open"),
        lambda: records.commit(new(Note(id="n1"))),
    ):
        with pytest.raises(Unavailable, match="DynamoDB refused a call: ResourceNotFound"):
            act()


def test_no_answer_is_told_apart_from_a_refusal() -> None:
    nobody_listens = "http://127.0.0.1:9"  # the port of the discard service
    client = boto3.client(
        "dynamodb",
        region_name=REGION,
        endpoint_url=nobody_listens,
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",  # noqa: S106 - opens nothing
        config=Config(retries={"total_max_attempts": 1}),
    )
    records = DynamoRecords(lambda: client, TABLE, sleep=never)

    with pytest.raises(Unavailable, match="DynamoDB did not answer"):
        records.get(Note, "n1")


def test_a_document_that_no_code_wrote_is_refused_with_the_revision_it_stands_at(
    client: "DynamoDBClient",
) -> None:
    records = DynamoRecords(lambda: client, TABLE, sleep=never)
    records.commit(new(Note(id="n1", text="hello")))
    client.update_item(
        TableName=TABLE,
        Key={"pk": {"S": "note/n1"}},
        UpdateExpression="SET doc = :half",
        ExpressionAttributeValues={":half": {"S": '{"id": "n1", "te'}},
    )

    with pytest.raises(Corrupted, match="`n1` is corrupted, and was not used") as refused:
        records.get(Note, "n1")

    mended = Note(id="n1", text="again", revision=refused.value.revision)
    assert records.commit(changed(mended))
    assert records.get(Note, "n1") == mended.model_copy(update={"revision": 2})
