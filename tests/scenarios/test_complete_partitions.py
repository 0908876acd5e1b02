import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.adapters.folder.objects import FolderObjects
from core.adapters.sqlite.jobs import SqliteJobs
from core.domain.awaited import Awaited
from core.domain.errors import NotThere
from core.domain.model_config import ModelConfig
from core.domain.timetable import Timetable
from core.flows.await_partition import await_partition
from core.flows.wake_partitions import wake_partitions
from core.ports import R
from functions.flows.checking.history import reference_in_use
from functions.flows.retrain import retrain
from tests.builders import a_config, served_elsewhere
from tests.checked_model import DAY, ROWS, check_of, flights, learn, watch_of
from tests.disturbed_stores import overtaken
from tests.watched_model import WatchedModel, object_created, parquet_of

FOLDER = f"flights/features/dt={DAY}/"


def complete_by(**complete: object) -> ModelConfig:
    return a_config(data=a_config().data.model_dump() | {"complete": complete})


def watching(folder: Path, config: ModelConfig) -> WatchedModel:
    """A model of which nothing is learned yet, at noon of the day."""
    watched = WatchedModel(folder, config)
    watched.it_is(DAY)
    return watched


def knowing(folder: Path, config: ModelConfig) -> WatchedModel:
    """A model whose first days are learned, at noon of the next."""
    watched = WatchedModel(folder, config)
    for name in config.data.apart:  # those days are history, and they are complete
        for day in range(1, 15):
            write(watched, f"flights/features/dt=2013-01-{day:02}/{name}", whole("part-0"))
    learn(watched)
    watched.it_is(DAY)
    return watched


def write(watched: WatchedModel, key: str, body: bytes) -> None:
    """Write an object at the time of the model's clock."""
    file = watched.folder / "objects" / key
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    os.utime(file, (watched.now.timestamp(),) * 2)


def whole(*parts: str, **more: object) -> bytes:
    return json.dumps({"files": [f"{part}.parquet" for part in parts], **more}).encode()


def lands(watched: WatchedModel, name: str, body: bytes) -> dict[str, Any]:
    """Let an object of the day land; returns what the check says."""
    write(watched, f"{FOLDER}{name}", body)
    return says(watched, "check_partition", f"{FOLDER}{name}")


def says(watched: WatchedModel, function: Any, key: str) -> dict[str, Any]:  # noqa: ANN401 - a name
    [result] = watched.call(function, object_created(key))["results"]
    return dict(result)


def part(rows: pd.DataFrame) -> bytes:
    return parquet_of(rows)


def waits(watched: WatchedModel) -> list[str | None]:
    return [awaited.missing for awaited in watched.ports.records.query(Awaited, "awaited")]


def later(watched: WatchedModel, minutes: float) -> None:
    watched.now += timedelta(minutes=minutes)


HALVES = (flights(DAY).head(ROWS // 2), flights(DAY).tail(ROWS // 2))


def test_half_a_partition_raises_nothing_until_its_marker_is_there(tmp_path: Path) -> None:
    watched = knowing(tmp_path, complete_by(marker="_SUCCESS"))

    few = lands(watched, "part-0.parquet", part(flights(DAY).head(60)))
    assert few == {"decision": "waits", "reason": "`_SUCCESS` is missing"}
    assert waits(watched) == ["`_SUCCESS` is missing"]
    rest = lands(watched, "part-1.parquet", part(flights(DAY).tail(140)))
    assert rest["decision"] == "waits"
    done = lands(watched, "_SUCCESS", b"")

    assert (done["decision"], done["rows"], done["severity"]) == ("checked", ROWS, "ok")
    assert watched.alerts() == []
    assert waits(watched) == []


def test_without_a_rule_each_object_is_checked_at_once_as_ever(tmp_path: Path) -> None:
    watched = watching(tmp_path, a_config())

    assert lands(watched, "part-0.parquet", part(HALVES[0]))["rows"] == ROWS // 2
    assert lands(watched, "part-1.parquet", part(HALVES[1]))["rows"] == ROWS


def test_what_comes_after_the_marker_is_checked_again(tmp_path: Path) -> None:
    watched = knowing(tmp_path, complete_by(marker="_SUCCESS"))
    lands(watched, "part-0.parquet", part(HALVES[0]))
    lands(watched, "_SUCCESS", b"")

    again = lands(watched, "part-1.parquet", part(HALVES[1]))

    assert (again["decision"], again["rows"]) == ("checked", ROWS)


def test_a_manifest_before_its_files_waits_for_each_of_them(tmp_path: Path) -> None:
    watched = watching(tmp_path, complete_by(manifest="manifest.json"))

    first = lands(watched, "manifest.json", whole("part-0", "part-1"))
    second = lands(watched, "part-0.parquet", part(HALVES[0]))
    third = lands(watched, "part-1.parquet", part(HALVES[1]))

    assert first["reason"] == "`part-0.parquet` and 1 more of `manifest.json` are missing"
    assert second["reason"] == "`part-1.parquet` of `manifest.json` is missing"
    assert (third["decision"], third["rows"]) == ("checked", ROWS)


def test_a_manifest_that_is_taken_away_while_it_is_looked_for_is_waited_for(
    tmp_path: Path,
) -> None:
    watched = watching(tmp_path, complete_by(manifest="manifest.json"))
    write(watched, f"{FOLDER}part-0.parquet", part(flights(DAY)))
    write(watched, f"{FOLDER}manifest.json", whole("part-0"))

    found = await_partition("flights", DAY, replace(watched.ports, objects=_Taken(tmp_path)))

    assert found.missing == "`manifest.json` is missing"


class _Taken(FolderObjects):
    """An object store from which whatever was listed is taken before it is read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "objects")

    def get(self, key: str) -> bytes:
        raise NotThere(key)


def test_another_number_of_rows_than_the_manifest_says_is_a_hard_error(tmp_path: Path) -> None:
    watched = watching(tmp_path, complete_by(manifest="manifest.json"))
    lands(watched, "part-0.parquet", part(flights(DAY)))

    wrong = lands(watched, "manifest.json", whole("part-0", rows=ROWS + 50))
    [alert] = watched.alerts()
    said = alert.evidence.summary
    mended = lands(watched, "manifest.json", whole("part-0", rows=ROWS))

    assert wrong["error_class"] == "hard"
    assert said == "Its manifest says otherwise: 200 rows are there, 250 should be"
    assert mended["severity"] == "ok"


def test_a_partition_that_has_to_be_quiet_is_looked_at_by_the_sweep(tmp_path: Path) -> None:
    watched = watching(tmp_path, complete_by(quiet_minutes=15))
    lands(watched, "part-0.parquet", part(HALVES[0]))
    later(watched, 10)
    lands(watched, "part-1.parquet", part(HALVES[1]))

    later(watched, 5)
    assert woken(watched) == [("check_partition", "waits"), ("score", "waits")]
    later(watched, 9)
    assert woken(watched) == []
    later(watched, 1)
    assert woken(watched) == [("check_partition", "checked"), ("score", "no champion")]

    assert check_of(watched).rows == ROWS
    assert watched.alerts() == []
    later(watched, 1)
    assert woken(watched) == []


def test_scoring_waits_too_and_then_scores_all_of_it_once(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, complete_by(marker="_SUCCESS"))
    watched.lived_through(12)
    for day in range(1, 13):
        write(watched, f"flights/features/dt=2013-01-{day:02}/_SUCCESS", b"")
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    watched.it_is(DAY)

    write(watched, f"{FOLDER}part-0.parquet", part(HALVES[0]))
    half = says(watched, "score", f"{FOLDER}part-0.parquet")
    write(watched, f"{FOLDER}part-1.parquet", part(HALVES[1]))
    write(watched, f"{FOLDER}_SUCCESS", b"")
    done = says(watched, "score", f"{FOLDER}_SUCCESS")

    assert half == {"decision": "waits", "reason": "`_SUCCESS` is missing"}
    assert (done["decision"], done["scored"]["logs"][0]["rows"]) == ("scored", ROWS)
    assert watched.alerts() == []


@pytest.mark.parametrize("serving", ["here", "elsewhere"])
def test_nothing_is_learned_from_half_a_partition(tmp_path: Path, serving: str) -> None:
    predictions = served_elsewhere().data.predictions if serving == "elsewhere" else None
    data = complete_by(marker="_SUCCESS").data.model_copy(update={"predictions": predictions})
    watched = watching(tmp_path, a_config(serving=serving, data=data.model_dump()))
    for day in range(6, 15):
        watched.lands(f"2013-01-{day:02}", flights(f"2013-01-{day:02}"))
        watched.labels_land(f"2013-01-{day:02}")
    lands(watched, "part-0.parquet", part(HALVES[0]))
    watched.labels_land(DAY)
    watched.it_is("2013-01-20")

    done = retrain("flights", "watchkeeper", "cadence", watched.ports)

    assert done.left_out == ((DAY,) if serving == "here" else ())
    assert done.days == 9
    in_use = reference_in_use(watch_of(watched).reference_key, watched.ports)
    assert in_use is not None
    assert DAY not in in_use.reference.partitions


def test_what_another_system_predicts_is_taken_as_it_comes(tmp_path: Path) -> None:
    elsewhere = served_elsewhere()
    data = elsewhere.data.model_dump() | {"complete": {"marker": "_SUCCESS"}}
    watched = watching(tmp_path, a_config(serving="elsewhere", data=data))
    write(watched, f"{FOLDER}part-0.parquet", part(flights(DAY)))
    scores = pd.DataFrame({"flight_id": flights(DAY)["flight_id"], "probability": 0.5})
    key = f"others/scores/dt={DAY}/part-0.parquet"
    write(watched, key, parquet_of(scores))

    assert says(watched, "score", key)["scored"]["logs"][0]["rows"] == ROWS


def test_an_object_that_lands_while_the_partition_is_closed_is_not_overlooked(
    tmp_path: Path,
) -> None:
    watched = watching(tmp_path, complete_by(quiet_minutes=15))
    lands(watched, "part-0.parquet", part(HALVES[0]))
    later(watched, 15)
    one_more = overtaken(watched.ports, lambda: lands(watched, "part-1.parquet", part(HALVES[1])))

    found = await_partition("flights", DAY, one_more)

    assert found.is_awaited
    assert waits(watched) == ["it has not been quiet for 15 minutes yet"]


def test_the_same_event_twice_changes_nothing(tmp_path: Path) -> None:
    watched = watching(tmp_path, complete_by(marker="_SUCCESS"))
    lands(watched, "part-0.parquet", part(flights(DAY)))
    before = record(watched, Awaited, Awaited.id_of("flights", DAY))

    lands(watched, "part-0.parquet", part(flights(DAY)))
    assert record(watched, Awaited, before.id) == before
    lands(watched, "_SUCCESS", b"")
    table = record(watched, Timetable, "flights")
    lands(watched, "_SUCCESS", b"")

    assert record(watched, Timetable, "flights") == table
    assert table.came[DAY] == watched.now


def test_a_rewritten_partition_that_lost_its_marker_waits_again(tmp_path: Path) -> None:
    watched = watching(tmp_path, complete_by(marker="_SUCCESS"))
    lands(watched, "part-0.parquet", part(flights(DAY)))
    lands(watched, "_SUCCESS", b"")

    (watched.folder / "objects" / FOLDER / "_SUCCESS").unlink()
    answer = lands(watched, "part-0.parquet", part(HALVES[0]))

    assert answer["decision"] == "waits"
    assert check_of(watched).rows == ROWS


def woken(watched: WatchedModel) -> list[tuple[str, str]]:
    """Let the sweep wake what is due, and run it; returns what it came to."""
    wake_partitions(watched.ports)
    jobs = watched.ports.jobs
    answers: list[tuple[str, str]] = []
    assert isinstance(jobs, SqliteJobs)
    while (claimed := jobs.claim(watched.now)) is not None:
        [result] = watched.call(claimed.job.function, claimed.job.event)["results"]
        answers.append((claimed.job.function, result["decision"]))
        jobs.done(claimed)
    return answers


def record(watched: WatchedModel, kind: type[R], record_id: str) -> R:
    found = watched.ports.records.get(kind, record_id)
    assert found is not None
    return found
