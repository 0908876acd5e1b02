"""Notes that were stored, read by their id."""

from core.ports import Records, new
from tests.adapters.notes import Note


def stored(records: Records, *notes: Note) -> None:
    for note in notes:
        assert records.commit(new(note))


def read(records: Records, record_id: str) -> Note:
    note = records.get(Note, record_id)
    assert note is not None
    return note


def ids(notes: list[Note]) -> list[str]:
    return [note.id for note in notes]
