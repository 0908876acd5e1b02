"""What other code wrote: older schemas are upgraded, newer ones left alone."""

from typing import Any, ClassVar

import pytest

from core.domain.base import Upgrade
from core.domain.errors import Unavailable
from core.ports import Records, changed
from tests.adapters.notes import Note
from tests.adapters.test_records.kept import stored


def _give_a_title(old: dict[str, Any]) -> dict[str, Any]:
    return {"title": old.pop("text")[:5], **old}


def _shout(old: dict[str, Any]) -> dict[str, Any]:
    return {**old, "title": old["title"].upper()}


class NoteOfToday(Note):
    upgrades: ClassVar[tuple[Upgrade, ...]] = (_give_a_title, _shout)

    title: str


def test_what_an_older_schema_wrote_is_upgraded_when_read(records: Records) -> None:
    stored(records, Note(id="n1", text="hello world", stands_in="open"))

    upgraded = NoteOfToday(id="n1", title="HELLO", stands_in="open", revision=1)
    assert records.get(NoteOfToday, "n1") == upgraded
    assert records.query(NoteOfToday, "open") == [upgraded]


def test_an_upgraded_record_is_stored_in_its_new_form(records: Records) -> None:
    stored(records, Note(id="n1", text="hello world"))
    upgraded = records.get(NoteOfToday, "n1")
    assert upgraded is not None

    assert records.commit(changed(upgraded.model_copy(update={"title": "quiet"})))

    assert records.get(NoteOfToday, "n1") == NoteOfToday(id="n1", title="quiet", revision=2)


def test_what_newer_code_wrote_is_left_alone(records: Records) -> None:
    stored(records, NoteOfToday(id="n1", title="new"))

    with pytest.raises(Unavailable, match="newer deployment"):
        records.get(Note, "n1")
