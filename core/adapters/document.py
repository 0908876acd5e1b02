"""How a record becomes one JSON document and back, whatever store holds it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import ValidationError

from core.domain.base import Record
from core.domain.errors import Corrupted, Unavailable
from core.ports import Write

R = TypeVar("R", bound=Record)

_MOST_WRITES: Final = 100  # DynamoDB takes no more in one transaction


def schema_of(kind: type[Record]) -> int:
    """Number the present schema of a kind: one more than its upgrades."""
    return 1 + len(kind.upgrades)


def stored_form(record: Record) -> Record:
    """Return the record as it is stored: at the next revision."""
    return record.model_copy(update={"revision": record.revision + 1})


@dataclass(frozen=True)
class Stored:
    """A document as a store holds it."""

    id: str
    revision: int
    schema: int
    document: str


def read_document(kind: type[R], stored: Stored) -> R:
    """Read a document that was written under this schema or an earlier one.

    Raises:
        Unavailable: newer code wrote it, and this code would lose what it does not know.
        Corrupted: it is not what any code wrote.
    """
    if stored.schema > schema_of(kind):
        raise Unavailable(f"A newer deployment wrote this {kind.kind}; this code cannot read it.")
    try:
        if stored.schema == schema_of(kind):
            return kind.model_validate_json(stored.document)
        content = json.loads(stored.document)
        for upgrade in kind.upgrades[stored.schema - 1 :]:
            content = upgrade(content)
        return kind.model_validate_json(json.dumps(content))
    except (ValidationError, json.JSONDecodeError) as error:
        raise Corrupted(kind.kind, stored.id, stored.revision) from error


def check_commit(writes: Sequence[Write]) -> None:
    """Refuse a commit that one store would do and another would not.

    Raises:
        ValueError: too many writes, or two of the same record.
    """
    if len(writes) > _MOST_WRITES:
        raise ValueError(f"{len(writes)} writes in one commit; {_MOST_WRITES} are possible")
    touched = {(write.record.kind, write.record.id) for write in writes}
    if len(touched) < len(writes):
        raise ValueError("two writes of one commit are about the same record")
