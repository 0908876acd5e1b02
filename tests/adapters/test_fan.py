import multiprocessing
import os
from pathlib import Path
from select import select

import pytest

from core.adapters.processes import OneProcess, Processes
from core.domain.errors import Unavailable
from core.ports import Fan
from tests.adapters.fanned_work import (
    AGAIN,
    MOUTH,
    Thing,
    done,
    fan_out_without_end,
    killed,
    refused,
    threads,
)

SOON_S = 30

nursery = multiprocessing.get_context("spawn")


@pytest.fixture(params=[OneProcess, lambda: Processes(2)], ids=["one process", "two"])
def fan(request: pytest.FixtureRequest) -> Fan:
    made: Fan = request.param()
    return made


def things(folder: Path, many: int = 7) -> list[Thing]:
    return [Thing(folder=str(folder), name=str(number)) for number in range(many)]


@pytest.mark.parametrize("many", [1, 7])
def test_each_thing_is_done_before_it_says_so(fan: Fan, tmp_path: Path, many: int) -> None:
    assert fan.out(done, things(tmp_path, many), AGAIN)

    assert sorted(file.name for file in tmp_path.iterdir()) == [str(n) for n in range(many)]


def test_what_fails_is_raised(fan: Fan, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="3"):
        fan.out(refused, things(tmp_path), AGAIN)


def test_many_processes_leave_this_one_alone(tmp_path: Path) -> None:
    Processes(2).out(done, things(tmp_path), AGAIN)

    assert str(os.getpid()) not in {file.read_text() for file in tmp_path.iterdir()}


def test_each_of_many_processes_takes_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")

    Processes(2).out(threads, things(tmp_path), AGAIN)

    assert {file.read_text() for file in tmp_path.iterdir()} == {"1"}


def test_a_process_that_is_killed_is_a_reason_to_try_again(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="A process ended before its work was done"):
        Processes(2).out(killed, things(tmp_path), AGAIN)


def test_processes_end_with_the_one_that_was_killed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / MOUTH)
    parent = nursery.Process(target=fan_out_without_end, args=(str(tmp_path),))
    parent.start()

    with (tmp_path / MOUTH).open("rb", buffering=0) as ear:
        said = ear.read(1)
        while len(said) < 2:
            said += ear.read(1)
        parent.kill()
        parent.join()

        assert select([ear], [], [], SOON_S)[0] == [ear]
        assert (sorted(said.decode()), ear.read(1)) == (["a", "b"], b"")  # nobody holds the mouth
