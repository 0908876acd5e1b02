"""What holds of the SQLite file alone: processes, patience, and what a model says of it."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.adapters.sqlite.database import Database
from core.adapters.sqlite.records import SqliteRecords
from core.domain.errors import Unavailable
from core.ports import Condition, Write, changed, gone, new
from tests.adapters.notes import Note, at_revision
from tests.adapters.places import a_database

ADD_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from core.adapters.sqlite.database import Database
from core.adapters.sqlite.records import SqliteRecords
from core.ports import new
from tests.adapters.notes import Note

records = SqliteRecords(Database(Path(sys.argv[1])))
print(sum(records.commit(new(Note(id=f"n{number}"))) for number in range(50)))
"""


@pytest.fixture
def database() -> Iterator[Database]:
    with a_database() as database:
        yield database


def test_of_several_processes_each_fact_has_one_writer(tmp_path: Path) -> None:
    path = str(tmp_path / "new.sqlite")  # they make its tables at the same time as well
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ADD_IN_ANOTHER_PROCESS, path], stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]

    written = [int(process.communicate()[0]) for process in processes]

    assert sum(written) == 50


def test_who_waits_too_long_for_another_writer_is_told_to_come_back(tmp_path: Path) -> None:
    path = tmp_path / "busy.sqlite"
    patient = Database(path)
    records = SqliteRecords(Database(path, patience_s=0.01))

    with patient.transaction(), pytest.raises(Unavailable, match="database is locked"):
        records.commit(new(Note(id="n1")))

    assert records.commit(new(Note(id="n1")))


def test_reading_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "busy.sqlite"
    patient = Database(path)
    records = SqliteRecords(Database(path, patience_s=0.01))
    records.commit(new(Note(id="n1")))

    with patient.transaction():
        assert records.get(Note, "n1") == Note(id="n1", revision=1)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite"
    path.write_bytes(b"not a database " * 100)

    with pytest.raises(Unavailable, match=r"broken\.sqlite cannot be opened"):
        Database(path)


def notice_and_fail(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("INSERT INTO noticed_objects VALUES ('a', 'b')")
        raise KeyError


def test_what_goes_wrong_inside_a_transaction_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(KeyError):
        notice_and_fail(database)

    with database.reading() as connection:
        assert connection.execute("SELECT * FROM noticed_objects").fetchall() == []


def undone_by_sqlite(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("ROLLBACK")  # as SQLite does by itself when the disk is full
        connection.execute("INSERT INTO noticed_objects VALUES ('a')")


def test_a_transaction_that_sqlite_undid_by_itself_says_why(database: Database) -> None:
    with pytest.raises(Unavailable, match="has 2 columns but 1 values"):
        undone_by_sqlite(database)


def test_what_was_committed_is_on_the_disk(database: Database) -> None:
    with database.reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_database_that_was_closed_opens_again_when_it_is_asked(database: Database) -> None:
    records = SqliteRecords(database)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: records.commit(new(Note(id=str(n)))), range(40)))

    database.close()

    assert records.get(Note, "39") == Note(id="39", revision=1)


def test_what_may_be_forgotten_is_forgotten_when_its_time_has_come(database: Database) -> None:
    records = SqliteRecords(database)
    records.commit(
        new(Note(id="n1", forget_at_s=100)),
        new(Note(id="n2", forget_at_s=101)),
        new(Note(id="n3")),
    )

    assert records.forget_expired(100.0) == 1

    assert records.get(Note, "n1") is None
    assert records.get(Note, "n2") is not None
    assert records.get(Note, "n3") is not None


IDS = ("a", "b", "c", "d")
LISTINGS = ("open", "closed")
some_writes = st.dictionaries(
    st.sampled_from(IDS),
    st.tuples(
        st.sampled_from([new, changed, gone]),
        st.booleans(),  # made from what is stored, or from something older
        st.sampled_from([None, *LISTINGS]),
        st.sampled_from(["1", "2", "10"]),
    ),
    min_size=1,
    max_size=3,
)


class RecordsAndTheirModel(RuleBasedStateMachine):
    """Whatever is committed, the store holds what a dict would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        self.model: dict[str, Note] = {}

    @initialize()
    def open(self) -> None:
        self.records = SqliteRecords(self.opened.enter_context(a_database()))

    @rule(asked=some_writes)
    def commit(self, asked: dict[str, tuple[type, bool, str | None, str]]) -> None:
        writes: list[Write] = []
        for record_id, (make, is_fresh, listing, place) in asked.items():
            stored = self.model.get(record_id)
            revision = (stored.revision if stored else 0) - (0 if is_fresh else 1)
            note = Note(id=record_id, revision=revision, stands_in=listing, stands_at=place)
            writes.append(make(note))

        should_be_done = all(self._may(write) for write in writes)
        assert self.records.commit(*writes) == should_be_done

        if should_be_done:
            for write in writes:
                self._do(write)

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        if not hasattr(self, "records"):
            return
        for record_id in IDS:
            assert self.records.get(Note, record_id) == self.model.get(record_id)

    @rule(listing=st.sampled_from(LISTINGS), newest_first=st.booleans(), limit=st.integers(1, 5))
    def query(self, listing: str, *, newest_first: bool, limit: int) -> None:
        standing = [note for note in self.model.values() if note.listing == listing]
        standing.sort(key=lambda note: (note.place, note.id), reverse=newest_first)

        found = self.records.query(Note, listing, newest_first=newest_first, limit=limit)

        assert found == standing[:limit]

    def teardown(self) -> None:
        self.opened.close()

    def _may(self, write: Write) -> bool:
        stored = self.model.get(write.record.id)
        if write.condition is Condition.ABSENT:
            return stored is None
        return stored is not None and stored.revision == write.record.revision

    def _do(self, write: Write) -> None:
        assert isinstance(write.record, Note)
        if write.action.value == "put":
            self.model[write.record.id] = at_revision(write.record, write.record.revision + 1)
        if write.action.value == "delete":
            del self.model[write.record.id]


TestRecordsAndTheirModel = RecordsAndTheirModel.TestCase
TestRecordsAndTheirModel.settings = settings(max_examples=25, stateful_step_count=15)
