import random
import sqlite3
import subprocess
import sys
from pathlib import Path

from core.domain.ids import fact_id
from tests.adapters.box_to_kill import BODY, NOON, box_in
from tests.adapters.notes import Note

LIVES = 20
SEED = 20130208


def said_before_killed(folder: Path, life: int, lines: int) -> list[tuple[str, str]]:
    """Let a box live until it has said so many lines, and kill it in the midst of what follows."""
    command = [sys.executable, "-m", "tests.adapters.box_to_kill", str(folder), str(life)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as box:
        assert box.stdout is not None
        said = [box.stdout.readline() for _ in range(lines)]
        box.kill()
        said += box.stdout.readlines()  # what it still said before it died counts as well
    whole = [line.split() for line in said if line.endswith("\n")]
    return [(what, name) for what, name in whole]


def test_a_box_killed_twenty_times_has_lost_nothing_it_accepted(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    said: list[tuple[str, str]] = []
    for life in range(LIVES):
        said += said_before_killed(tmp_path, life, lines=chance.randint(4, 40))

    box, ports = box_in(tmp_path)
    with box:
        box.step(NOON)

    assert len(said) > LIVES * 4
    for what, name in said:
        if what == "record":
            assert ports.records.get(Note, name) is not None
            assert ports.records.get(Note, f"{name}-too") is not None
        elif what == "object":
            assert ports.objects.get(f"drops/{name}") == BODY
        else:
            assert ports.records.get(Note, f"ran-{name}") is not None, name
    assert box.jobs.waiting() == []
    assert box.jobs.dead() == []


def test_what_a_killed_box_left_is_whole(tmp_path: Path) -> None:
    ...
