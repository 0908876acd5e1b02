"""A listing is read in the order of places, from any place, to any length."""

from itertools import chain

import pytest

from core.ports import Records, changed, new
from tests.adapters.notes import Note
from tests.adapters.test_records.kept import ids, read, stored

PLACES = ["", "1", "1 a", "10", "2", "2013-02-08", "2013-02-08T12", "a", "aä", "b"]


def standing(records: Records) -> None:
    """One note at each place; stored in another order than that of the places."""
    for number in (3, 9, 0, 5, 7, 1, 8, 2, 6, 4):
        stored(records, Note(id=f"n{number}", stands_in="open", stands_at=PLACES[number]))
    stored(records, Note(id="elsewhere", stands_in="closed", stands_at="1"), Note(id="nowhere"))


def places(notes: list[Note]) -> list[str]:
    return [note.place for note in notes]


def test_a_listing_is_read_in_the_order_of_places_or_in_the_reverse(records: Records) -> None:
    standing(records)

    assert places(records.query(Note, "open")) == PLACES
    assert places(records.query(Note, "open", newest_first=True)) == PLACES[::-1]


@pytest.mark.parametrize("number", range(len(PLACES)))
def test_a_listing_can_be_read_from_behind_any_place(records: Records, number: int) -> None:
    standing(records)
    at = PLACES[number]

    onwards = records.query(Note, "open", after=at)
    backwards = records.query(Note, "open", after=at, newest_first=True)

    assert places(onwards) == PLACES[number + 1 :]
    assert places(backwards) == PLACES[:number][::-1]


def test_a_listing_can_be_read_from_behind_a_place_where_nothing_stands(records: Records) -> None:
    standing(records)

    assert places(records.query(Note, "open", after="2000")) == PLACES[5:]
    assert places(records.query(Note, "open", after="2000", newest_first=True)) == PLACES[4::-1]


def test_no_more_is_read_than_was_asked_for(records: Records) -> None:
    standing(records)

    assert places(records.query(Note, "open", limit=3)) == PLACES[:3]
    assert places(records.query(Note, "open", limit=2, newest_first=True)) == PLACES[:-3:-1]


def test_records_at_one_place_stand_in_the_order_of_their_ids(records: Records) -> None:
    for name in ("b", "c", "a"):
        stored(records, Note(id=name, stands_in="open", stands_at="same"))

    assert ids(records.query(Note, "open")) == ["a", "b", "c"]
    assert ids(records.query(Note, "open", newest_first=True)) == ["c", "b", "a"]


def test_a_record_moves_from_one_listing_to_another(records: Records) -> None:
    stored(records, Note(id="n1", stands_in="open", stands_at="1"))

    moved = read(records, "n1").model_copy(update={"stands_in": "closed", "stands_at": "9"})
    records.commit(changed(moved))

    assert records.query(Note, "open") == []
    assert places(records.query(Note, "closed")) == ["9"]


def test_a_record_that_leaves_its_listing_is_still_there(records: Records) -> None:
    stored(records, Note(id="n1", stands_in="open"))

    records.commit(changed(read(records, "n1").model_copy(update={"stands_in": None})))

    assert records.query(Note, "open") == []
    assert read(records, "n1").stands_in is None


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_long_listing_of_big_records_is_read_page_by_page(
    records: Records, *, newest_first: bool
) -> None:
    names = [f"n{number:03}" for number in range(150)]
    for some in (names[:50], names[50:100], names[100:]):
        writes = [new(Note(id=name, stands_in="open", text="x" * 20_000)) for name in some]
        assert records.commit(*writes)

    pages: list[list[str]] = []
    after = None
    while page := records.query(Note, "open", after=after, newest_first=newest_first, limit=60):
        pages.append(ids(page))
        after = page[-1].place

    assert [len(page) for page in pages] == [60, 60, 30]
    assert list(chain(*pages)) == (names[::-1] if newest_first else names)
    assert ids(records.query(Note, "open", limit=1000)) == names
