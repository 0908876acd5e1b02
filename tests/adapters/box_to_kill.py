"""A box that accepts and runs without end; its parent reads what it says and kills it.

It says a thing only after that was accepted, so that whatever was said must still be there.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.adapters.folder.objects import FolderObjects
from core.adapters.sqlite.database import Database
from core.adapters.sqlite.jobs import SqliteJobs
from core.adapters.sqlite.records import SqliteRecords
from core.config import OneBoxSettings
from core.domain.job import Job
from core.ports import Jobs, Objects, Records, new
from infra.local.one_box import OneBox
from tests.adapters.notes import Note

NOON = datetime(2013, 2, 8, 12, tzinfo=UTC)
BODY = b"all of it" * 1000


@dataclass(frozen=True)
class FewPorts:
    """Those that this box needs; to connect Slack as well would take too long twenty times."""

    records: Records
    objects: Objects
    jobs: Jobs

    @staticmethod
    def now() -> datetime:
        return NOON


def box_in(folder: Path) -> tuple[OneBox, FewPorts]:
    """Open the box: its one job writes down that it ran."""
    place = OneBoxSettings.model_validate({"WATCHKEEPER_FOLDER": folder})
    database = Database(place.database_file)
    ports = FewPorts(
        SqliteRecords(database), FolderObjects(place.objects_folder), SqliteJobs(database)
    )

    def run(event: dict[str, Any], _context: object) -> None:
        ports.records.commit(new(Note(id=f"ran-{event['name']}", stands_in="ran")))

    return OneBox(place, ports, handler_of=lambda _function: run), ports  # type: ignore[arg-type]  # few ports


def accept_and_run(folder: Path, life: int) -> None:
    """Live until killed.

    Args:
        folder: where everything is kept.
        life: which of the twenty this is; part of all names.
    """
    number = 0
    box, ports = box_in(folder)
    with box:
        while True:
            number += 1
            name = f"{life}-{number}"
            assert ports.records.commit(new(Note(id=name)), new(Note(id=f"{name}-too")))
            say("record", name)
            assert ports.objects.put_new(f"drops/{name}", BODY)
            say("object", name)
            group = "a group" if number % 2 else None
            ports.jobs.start(
                Job(function="score", event={"name": name}, group=group, id=f"job-{name}")
            )
            say("job", name)
            if number % 3 == 0:
                box.step(NOON)


def say(what: str, name: str) -> None:
    print(what, name, flush=True)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    accept_and_run(Path(sys.argv[1]), int(sys.argv[2]))
