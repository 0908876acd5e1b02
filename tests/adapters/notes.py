"""A record without meaning: what a store may not care about, in every form."""

from typing import ClassVar

from core.domain.base import Record


class Note(Record):
    kind: ClassVar[str] = "note"

    text: str = ""
    stands_in: str | None = None
    stands_at: str | None = None
    forget_at_s: int | None = None

    @property
    def listing(self) -> str | None:
        return self.stands_in

    @property
    def place(self) -> str:
        return self.id if self.stands_at is None else self.stands_at

    @property
    def expires_at_s(self) -> int | None:
        return self.forget_at_s


class OtherNote(Note):
    kind: ClassVar[str] = "other_note"


def at_revision(record: Note, revision: int) -> Note:
    return record.model_copy(update={"revision": revision})
