from pathlib import Path

from core.domain.environment import OF_SCORING, Environment
from core.ports import new
from functions.data.provenance import environment
from functions.flows.training.note_environment import note_environment
from tests.watched_model import WatchedModel


def test_the_libraries_are_written_down_only_when_they_changed(tmp_path: Path) -> None:
    ports = WatchedModel(tmp_path).ports

    written = [note_environment(ports), note_environment(ports)]

    assert written == [True, False]


def test_after_an_upgrade_the_new_libraries_are_written_down(tmp_path: Path) -> None:
    ports = WatchedModel(tmp_path).ports
    before = Environment(id=OF_SCORING, libraries={"numpy": "1"}, since=ports.now())
    ports.records.commit(new(before))

    note_environment(ports)

    said = ports.records.get(Environment, OF_SCORING)
    assert said is not None
    assert said.libraries == environment()
