"""Records in one DynamoDB table: keys and conditions as attributes, the record as one JSON text."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore.exceptions import ClientError

from core.adapters.aws_errors import code_of, translated
from core.adapters.document import Stored, check_commit, read_document, schema_of, stored_form
from core.domain.base import Record
from core.domain.errors import Unavailable
from core.ports import Action, Condition, Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

R = TypeVar("R", bound=Record)

LISTING_INDEX: Final = "listing"
"""The table's index: partition key `listing`, sort key `place`, everything projected."""

_PAUSES_S: Final = (0.05, 0.1, 0.2, 0.4)  # between tries when transactions got into each other
_AFTER_PLACE: Final = "\x1f"  # lower than any printable character: `a` + `x` stands before `ab`
_PAST_PLACE: Final = "\x20"


class DynamoRecords:
    """The records on AWS.

    Every commit is a transaction, also of one write: its token makes boto's own retries harmless,
    where a plain conditional put that is retried after a lost answer would refuse itself.
    """

    def __init__(
        self, client: "Callable[[], DynamoDBClient]", table: str, sleep: Callable[[float], None]
    ) -> None:
        self._client = client
        self._table = table
        self._sleep = sleep

    def get(self, kind: type[R], record_id: str) -> R | None:
        """See Records."""
        with translated("DynamoDB"):
            answer = self._client().get_item(
                TableName=self._table, Key=_key(kind, record_id), ConsistentRead=True
            )
        return _read(kind, answer["Item"]) if "Item" in answer else None

    def query(
        self,
        kind: type[R],
        listing: str,
        *,
        after: str | None = None,
        newest_first: bool = False,
        limit: int = 100,
    ) -> list[R]:
        """See Records."""
        condition = "listing = :listing"
        values: dict[str, AttributeValueTypeDef] = {":listing": {"S": _listing(kind, listing)}}
        if after is not None:
            condition += " AND place < :after" if newest_first else " AND place >= :after"
            values[":after"] = {"S": after + (_AFTER_PLACE if newest_first else _PAST_PLACE)}
        asked = {
            "TableName": self._table,
            "IndexName": LISTING_INDEX,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not newest_first,
        }
        return [_read(kind, item) for item in self._items(asked, limit)]

    def commit(self, *writes: Write) -> bool:
        """See Records."""
        check_commit(writes)
        if not writes:
            return True
        items: Any = [_item_of(self._table, write) for write in writes]
        for pause_s in (*_PAUSES_S, None):
            reasons = self._cancelled_because(items)
            if not reasons:
                return True
            if "ConditionalCheckFailed" in reasons:  # somebody was first: the caller looks again
                return False
            if reasons != {"TransactionConflict"}:
                raise Unavailable(f"DynamoDB cancelled a transaction: {', '.join(reasons)}.")
            if pause_s is not None:
                self._sleep(pause_s)
        raise Unavailable("Others kept changing the same records.")

    def _items(self, asked: dict[str, Any], limit: int) -> Iterator[dict[str, Any]]:
        """Read page after page: one holds at most 1 MB."""
        left, more = limit, True
        while left and more:
            with translated("DynamoDB"):
                page = self._client().query(**asked, Limit=left)
            yield from page["Items"]
            left -= len(page["Items"])
            more = "LastEvaluatedKey" in page
            asked = {**asked, "ExclusiveStartKey": page.get("LastEvaluatedKey")}

    def _cancelled_because(self, items: "list[TransactWriteItemTypeDef]") -> set[str]:
        """Try the transaction; empty when it was done."""
        with translated("DynamoDB"):
            try:
                self._client().transact_write_items(TransactItems=items)
            except ClientError as error:
                if code_of(error) != "TransactionCanceledException":
                    raise
                cancelled: dict[str, Any] = dict(error.response)
                return {reason["Code"] for reason in cancelled["CancellationReasons"]} - {"None"}
        return set()


def _item_of(table: str, write: Write) -> dict[str, Any]:
    condition: dict[str, Any] = {"TableName": table}
    match write.condition:
        case Condition.ABSENT:  # nobody stored this fact before
            condition["ConditionExpression"] = "attribute_not_exists(pk)"
        case Condition.SAME_REVISION:  # it is there, and nobody changed it since it was read
            condition["ConditionExpression"] = "revision = :revision"
            condition["ExpressionAttributeValues"] = {
                ":revision": {"N": str(write.record.revision)}
            }
    match write.action:
        case Action.PUT:
            return {"Put": {**condition, "Item": _attributes(stored_form(write.record))}}
        case Action.DELETE:
            return {"Delete": {**condition, "Key": _key(type(write.record), write.record.id)}}


def _attributes(record: Record) -> "dict[str, AttributeValueTypeDef]":
    attributes: dict[str, AttributeValueTypeDef] = {
        **_key(type(record), record.id),
        "revision": {"N": str(record.revision)},
        "schema": {"N": str(schema_of(type(record)))},
        "doc": {"S": record.model_dump_json()},
    }
    if record.listing is not None:
        attributes["listing"] = {"S": _listing(type(record), record.listing)}
        attributes["place"] = {"S": f"{record.place}{_AFTER_PLACE}{record.id}"}
    if record.expires_at_s is not None:
        attributes["expires_at"] = {"N": str(record.expires_at_s)}
    return attributes


def _key(kind: type[Record], record_id: str) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"{kind.kind}/{record_id}"}}


def _listing(kind: type[Record], listing: str) -> str:
    return f"{kind.kind}/{listing}"


def _read(kind: type[R], item: dict[str, Any]) -> R:
    record_id = item["pk"]["S"].removeprefix(f"{kind.kind}/")
    revision, schema = int(item["revision"]["N"]), int(item["schema"]["N"])
    return read_document(kind, Stored(record_id, revision, schema, item["doc"]["S"]))
