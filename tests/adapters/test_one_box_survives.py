import multiprocessing
import random
from pathlib import Path

from core.adapters.sqlite.database import Database
from tests.adapters.box_to_kill import BODY, accept_and_run, box_in
from tests.adapters.notes import Note
from tests.builders import NOON

LIVES = 20
SEED = 20130208

Said = list[tuple[str, str]]

# Each life is a process of its own, forked from one that has imported everything: that is quick,
# and unlike this process it has no threads.
nursery = multiprocessing.get_context("forkserver")
nursery.set_forkserver_preload(["pytest", accept_and_run.__module__])


def said_before_killed(folder: Path, life: int, words: int) -> Said:
    """Let a box live until it has said so much, and kill it in the midst of what follows."""
    ear, mouth = nursery.Pipe(duplex=False)
    box = nursery.Process(target=accept_and_run, args=(folder, life, mouth))
    box.start()
    mouth.close()
    said = [ear.recv() for _ in range(words)]
    box.kill()
    box.join()
    try:
        while True:
            said.append(ear.recv())  # what it still said before it died counts as well
    except (EOFError, OSError):  # it died; perhaps in the midst of a word
        return said
    finally:
        ear.close()


def test_a_box_killed_twenty_times_has_lost_nothing_it_accepted(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - where to kill, the same each time

    said: Said = []
    for life in range(LIVES):
        said += said_before_killed(tmp_path, life, words=chance.randint(4, 40))
    box, ports = box_in(tmp_path)
    with box:
        box.step(NOON)
        assert (box.jobs.waiting(), box.jobs.dead()) == ([], [])

    for name in (name for what, name in said if what == "record"):
        assert ports.records.get(Note, name) is not None, name
        assert ports.records.get(Note, f"{name}-too") is not None, name
    for name in (name for what, name in said if what == "object"):
        assert ports.objects.get(f"drops/{name}") == BODY, name
    for name in (name for what, name in said if what in {"job", "ran"}):
        assert ports.records.get(Note, f"ran-{name}") is not None, name


def test_what_a_killed_box_left_is_whole(tmp_path: Path) -> None:
    said_before_killed(tmp_path, life=1, words=30)

    _, ports = box_in(tmp_path)

    bodies = {ports.objects.get(found.key) for found in ports.objects.list("drops/")}
    assert bodies == {BODY}
    with Database(tmp_path / "watchkeeper.sqlite").reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
