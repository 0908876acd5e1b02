"""Records are written all at once or not at all, each by whoever saw its last revision."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.adapters.dynamodb.records import DynamoRecords
from core.ports import Records, Write, changed, gone, new
from tests.adapters.notes import Note, OtherNote, at_revision
from tests.adapters.test_records.kept import read, stored


def test_what_was_never_stored_is_not_there(records: Records) -> None:
    assert records.get(Note, "n1") is None
    assert records.query(Note, "open") == []


@pytest.mark.parametrize(
    "text",
    ["", "plain", 'quotes " and \\ and \n lines', "Zoë 数据 🚨 \u2028", "x" * 300_000],
    ids=["empty", "plain", "quoted", "unicode", "big"],
)
def test_what_is_read_is_what_was_written_but_for_the_revision(records: Records, text: str) -> None:
    note = Note(id="n1/ä b", text=text, stands_in="open", stands_at="1")
    stored(records, note)

    assert records.get(Note, note.id) == at_revision(note, 1)
    assert records.query(Note, "open") == [at_revision(note, 1)]


def test_a_record_is_stored_once_as_new(records: Records) -> None:
    stored(records, Note(id="n1", text="first"))

    assert not records.commit(new(Note(id="n1", text="second")))

    assert read(records, "n1").text == "first"


def test_kinds_do_not_get_into_each_others_way(records: Records) -> None:
    stored(records, Note(id="n1", stands_in="open"), OtherNote(id="n1", stands_in="open"))

    assert records.query(Note, "open") == [Note(id="n1", stands_in="open", revision=1)]
    assert records.query(OtherNote, "open") == [OtherNote(id="n1", stands_in="open", revision=1)]


def test_each_change_makes_the_revision_one_higher(records: Records) -> None:
    stored(records, Note(id="n1"))

    for _ in range(3):
        assert records.commit(changed(read(records, "n1")))

    assert read(records, "n1").revision == 4


def test_of_two_writers_the_second_is_refused(records: Records) -> None:
    stored(records, Note(id="n1"))
    seen = read(records, "n1")
    mine, theirs = (seen.model_copy(update={"text": text}) for text in ("mine", "theirs"))

    assert records.commit(changed(mine))
    assert not records.commit(changed(theirs))

    assert read(records, "n1") == at_revision(mine, 2)


@pytest.mark.parametrize("write", [changed, gone])
def test_nothing_is_done_with_a_record_that_is_not_there(
    records: Records, write: Callable[[Note], Write]
) -> None:
    assert not records.commit(write(Note(id="n1", revision=1)))
    assert not records.commit(write(Note(id="n1")))

    assert records.get(Note, "n1") is None


@pytest.mark.parametrize("write", [changed, gone])
def test_nothing_is_done_with_a_record_that_somebody_changed(
    records: Records, write: Callable[[Note], Write]
) -> None:
    stored(records, Note(id="n1", text="first"))
    old = read(records, "n1")
    records.commit(changed(old.model_copy(update={"text": "second"})))

    assert not records.commit(write(old))

    assert read(records, "n1").text == "second"


def test_what_is_gone_can_be_stored_as_new(records: Records) -> None:
    stored(records, Note(id="n1", stands_in="open"))

    assert records.commit(gone(read(records, "n1")))

    assert records.get(Note, "n1") is None
    assert records.query(Note, "open") == []
    stored(records, Note(id="n1", text="again"))
    assert read(records, "n1").revision == 1


def test_all_the_writes_of_a_commit_are_done(records: Records) -> None:
    stored(records, Note(id="n1"), Note(id="n2"))
    first, second = read(records, "n1"), read(records, "n2")

    assert records.commit(changed(first), gone(second), new(Note(id="n3")))

    assert read(records, "n1").revision == 2
    assert records.get(Note, "n2") is None
    assert read(records, "n3").revision == 1


@pytest.mark.parametrize(
    "refused",
    [
        new(Note(id="n2")),
        changed(Note(id="n2", revision=7)),
        gone(Note(id="n2", revision=7)),
    ],
    ids=["new", "changed", "gone"],
)
@pytest.mark.parametrize("is_last", [True, False])
def test_none_of_the_writes_is_done_when_one_is_refused(
    records: Records, refused: Write, *, is_last: bool
) -> None:
    stored(records, Note(id="n1"), Note(id="n2"), Note(id="n3"))
    good = [changed(read(records, "n1")), gone(read(records, "n3")), new(Note(id="n4"))]

    assert not records.commit(*([*good, refused] if is_last else [refused, *good]))

    assert [read(records, name).revision for name in ("n1", "n2", "n3")] == [1, 1, 1]
    assert records.get(Note, "n4") is None


def test_a_commit_of_nothing_is_done(records: Records) -> None:
    assert records.commit()


def test_a_commit_takes_a_hundred_writes_and_no_more(records: Records) -> None:
    writes = [new(Note(id=f"n{number}", stands_in="open")) for number in range(101)]

    with pytest.raises(ValueError, match="101 writes"):
        records.commit(*writes)
    assert records.commit(*writes[:100])

    assert len(records.query(Note, "open", limit=200)) == 100


def test_a_commit_does_not_take_two_writes_of_one_record(records: Records) -> None:
    with pytest.raises(ValueError, match="same record"):
        records.commit(new(Note(id="n1")), gone(Note(id="n1")))


def test_of_many_who_store_the_same_fact_one_is_first(records: Records) -> None:
    if isinstance(records, DynamoRecords):
        pytest.skip("moto takes no lock: of commits at the same moment it loses some")

    with ThreadPoolExecutor(10) as pool:
        won = list(pool.map(lambda n: records.commit(new(Note(id="n1", text=str(n)))), range(20)))

    assert won.count(True) == 1
    assert read(records, "n1").text == str(won.index(True))


def test_counting_in_many_threads_loses_nothing(records: Records) -> None:
    if isinstance(records, DynamoRecords):
        pytest.skip("moto takes no lock: of commits at the same moment it loses some")
    stored(records, Note(id="n1", text="0"))

    def count_one(_: int) -> None:
        is_counted = False
        while not is_counted:
            seen = read(records, "n1")
            more = seen.model_copy(update={"text": str(int(seen.text) + 1)})
            is_counted = records.commit(changed(more))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_one, range(40)))

    assert read(records, "n1") == Note(id="n1", text="40", revision=41)
