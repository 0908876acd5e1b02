"""Several runs with the same config and rows: one trains, and the others say so."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.challenge import Challenge
from core.domain.errors import Unavailable
from core.domain.ids import VersionId
from core.domain.timeline import Line
from core.domain.training_claim import TrainingClaim
from core.domain.version import Version
from core.flows.claim_training import training_claim
from core.flows.permit import config_of
from core.ports import Ports
from functions.flows.retrain import Retrained, retrain, retrain_with
from functions.flows.training.make_version import Asked
from tests.builders import ADA
from tests.trained import versions
from tests.watched_model import WatchedModel

PROGRAM = """
import sys
from datetime import datetime
from core.config import Settings
from core.wiring import connect
from functions.flows.retrain import retrain

now = datetime.fromisoformat(sys.argv[2])
ports = connect(Settings.read({"WATCHKEEPER_FOLDER": sys.argv[1]}), clock=lambda: now)
print("ready", flush=True)
sys.stdin.readline()
print(retrain("flights", "watchkeeper", "cadence", ports).model_dump_json())
"""


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    return watched


def run_by(name: str, ports: Ports) -> Retrained:
    asked = Asked(by=ADA.id, reason="asked for by Ada", run=name)
    return retrain_with(config_of("flights", ports), asked, ports)


def interrupted_by(watched: WatchedModel, other: Callable[[], None]) -> Ports:
    """Ports of a run in whose middle, with its claim in its hands, another one comes."""
    commits = iter(range(100))

    def before_the_second_commit() -> None:
        if next(commits) == 1:
            other()

    return watched.while_overtaken_by(before_the_second_commit, times=100)


def test_who_comes_while_another_trains_leaves_it_to_that_one(watched: WatchedModel) -> None:
    second: list[Retrained] = []
    ports = interrupted_by(watched, lambda: second.append(run_by("two", watched.ports)))

    first = run_by("one", ports)

    assert first.decision == "trained"
    assert [done.decision for done in second] == ["already training"]
    assert second[0].version == first.version
    assert second[0].rows == first.rows
    assert len(versions(watched)) == 1
    assert watched.serving().champion == first.version


def test_a_person_who_asks_meanwhile_is_told_that_one_is_running(watched: WatchedModel) -> None:
    event = {"model": "flights", "reason": "a person asked", "asked_by": ADA.id}
    event["asked_at"] = watched.now.isoformat()
    answers: list[dict[str, object]] = []
    run_by("one", interrupted_by(watched, lambda: answers.append(watched.call("retrain", event))))

    [answer] = answers
    assert answer["decision"] == "already training"
    subject = Challenge.id_of("flights", VersionId(str(answer["version"])))
    told = [line.what for line in watched.ports.records.query(Line, f"timeline:{subject}")]
    assert any("one with the same config and data is running" in what for what in told)


def test_a_run_that_ends_lets_the_next_one_train_whatever_ended_it(watched: WatchedModel) -> None:
    with pytest.raises(Unavailable):
        run_by("one", watched.while_none_is_stored(Version))

    assert run_by("two", watched.ports).decision == "trained"
    assert run_by("three", watched.ports).decision == "already trained"


def read_claim(watched: WatchedModel, version: VersionId) -> TrainingClaim | None:
    return watched.ports.records.get(TrainingClaim, version)


def test_a_claim_that_nobody_gave_back_ends_with_its_lease(watched: WatchedModel) -> None:
    version = VersionId("ver_1")
    killed = training_claim(version, "killed", watched.ports)
    assert killed.__enter__()

    with training_claim(version, "two", watched.ports) as is_ours:
        assert not is_ours
    watched.now += timedelta(minutes=16)
    with training_claim(version, "two", watched.ports) as is_ours:
        assert is_ours

    assert read_claim(watched, version) is None


def test_a_run_that_is_tried_again_after_it_was_killed_goes_on_at_once(
    watched: WatchedModel,
) -> None:
    version = VersionId("ver_1")
    killed = training_claim(version, "lambda-request-1", watched.ports)
    assert killed.__enter__()

    with training_claim(version, "lambda-request-1", watched.ports) as is_ours:
        assert is_ours


def test_a_claim_that_passed_to_another_run_is_left_to_it(watched: WatchedModel) -> None:
    version = VersionId("ver_1")
    with training_claim(version, "slow", watched.ports) as is_ours:
        assert is_ours
        watched.now += timedelta(minutes=16)
        other = training_claim(version, "quick", watched.ports)
        assert other.__enter__()

    held = read_claim(watched, version)
    assert held is not None
    assert held.run == "quick"


def test_two_processes_that_begin_together_make_one_version(watched: WatchedModel) -> None:
    command = [sys.executable, "-c", PROGRAM, str(watched.folder), watched.now.isoformat()]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    done = [json.loads(process.communicate()[0]) for process in both]

    decisions = sorted(str(one["decision"]) for one in done)
    assert decisions.count("trained") == 1
    assert set(decisions) <= {"trained", "already training", "already trained"}
    assert len({one["version"] for one in done}) == 1
    assert len(versions(watched)) == 1
    assert len(watched.ports.records.query(Challenge, "challenges:flights")) == 1
    assert retrain("flights", ADA.id, "again", watched.ports).decision == "already trained"
