"""A box that accepts and runs without end; its parent hears what it says and kills it.

It says a thing only after that was accepted, so that whatever was said must still be there.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.config import OneBoxSettings, Settings
from core.domain.job import Job
from core.ports import Ports, new
from core.wiring import connect
from infra.local.one_box import OneBox
from tests.adapters.notes import Note
from tests.builders import NOON

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

BODY = b"all of it" * 1000


def silent(_what: str, _name: str) -> None:
    """Say nothing: nobody waits to kill this one."""


def box_in(folder: Path, say: Callable[[str, str], None] = silent) -> tuple[OneBox, Ports]:
    """Open the box; the one thing its jobs do is to write down that they ran."""
    settings = Settings.read({"WATCHKEEPER_FOLDER": str(folder)})
    assert isinstance(settings.place, OneBoxSettings)
    ports = connect(settings, clock=lambda: NOON)

    def run(event: dict[str, Any], _context: object) -> None:
        say("begun", event["name"])
        ports.records.commit(new(Note(id=f"ran-{event['name']}")))
        say("ran", event["name"])

    return OneBox(settings.place, ports, handler_of=lambda _function: run), ports


def accept_and_run(folder: Path, life: int, parent: "Connection[tuple[str, str], None]") -> None:
    """Live until killed.

    Args:
        folder: where everything is kept.
        life: which of many this is; part of all names.
        parent: hears what was done, and its name.
    """

    def say(what: str, name: str) -> None:
        parent.send((what, name))

    number = 0
    box, ports = box_in(folder, say)
    with box:
        while True:
            number += 1
            name = f"{life}-{number}"
            assert ports.records.commit(new(Note(id=name)), new(Note(id=f"{name}-too")))
            say("record", name)
            assert ports.objects.put_new(f"drops/{name}", BODY)
            say("object", name)
            group = "a group" if number % 2 else None
            event = {"name": name}
            ports.jobs.start(Job(function="score", event=event, group=group, id=f"job-{name}"))
            say("job", name)
            if number % 3 == 0:
                box.step(NOON)
