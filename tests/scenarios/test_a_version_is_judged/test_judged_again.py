"""An evaluation can be repeated exactly, and is made anew only where something says so."""

from datetime import timedelta
from typing import Any

import pytest

from core.adapters.sqlite.jobs import SqliteJobs
from core.domain.errors import BadData, Unknown
from core.domain.figures import is_same_yardstick
from core.domain.frozen_set import FrozenSet
from core.domain.serving import short
from core.domain.timeline import Line
from core.flows.refresh_evaluation import refresh_evaluation
from core.ports import changed
from functions.flows.judging.evaluate_version import repeat_evaluation
from tests.builders import ADA, a_config
from tests.scenarios.test_a_version_is_judged.judging import (
    PINNED,
    ROW,
    card,
    evaluating,
    files,
    judged_by,
    retrained,
    serves,
    two_versions,
)
from tests.trained import evaluations
from tests.watched_model import WatchedModel, some_flights, training


def test_the_rows_of_an_evaluation_are_kept_and_it_can_be_repeated_exactly(
    watched: WatchedModel,
) -> None:
    watched.apply(judged_by(scenarios=[{"name": "storm", "partitions": [PINNED]}]))
    watched.lived_through(12)
    files(watched, "2013-01-06-001", label="1")
    files(watched, ROW, label="1")
    evaluation = retrained(watched)
    watched.lived_through(14)
    files(watched, "2013-01-13-001", label="1")

    again = repeat_evaluation(evaluation.id, watched.config, watched.ports)

    assert again.model_copy(update={"made_at": evaluation.made_at}) == evaluation
    body = watched.ports.objects.get(FrozenSet.key_of("flights", evaluation.validation_set))
    frozen = FrozenSet.model_validate_json(body)
    assert frozen.hash == evaluation.validation_set
    assert frozen.newest == evaluation.validation
    assert [row.key for of in frozen.failures for row in of.rows] == ["2013-01-06-001", ROW]


@pytest.mark.parametrize("what", ["labels", "filed row", "other set", "no set", "gone"])
def test_rows_that_changed_since_cannot_be_judged_again(watched: WatchedModel, what: str) -> None:
    watched.lived_through(12)
    files(watched, "2013-01-06-001", label="1")
    evaluation = retrained(watched)
    key = FrozenSet.key_of("flights", evaluation.validation_set)
    match what:
        case "labels":
            watched.labels_land("2013-01-11", {"2013-01-11-000": 1, "2013-01-11-001": 1}, "part-1")
        case "filed row":
            watched.lands("2013-01-06", some_flights("2013-01-06").assign(distance=1.0))
        case "other set":
            watched.ports.objects.put(key, FrozenSet(newest=()).model_dump_json().encode())
        case "no set":
            watched.ports.objects.put(key, b"odd")
        case _:
            (watched.folder / "objects" / key).unlink()

    with pytest.raises((BadData, Unknown), match=r"not those|was changed|no evaluation"):
        repeat_evaluation(evaluation.id, watched.config, watched.ports)


def test_other_settings_of_the_evaluator_make_another_evaluation_that_is_not_compared(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    first = retrained(watched)
    kpi = {"name": "Saved", "expression": "true_positives"}
    watched.apply(a_config(evaluation={"cut": 0.4, "kpi": kpi}))

    watched.call("retrain", evaluating(first.version))

    one, other = evaluations(watched, first.version)
    assert one.validation_set == other.validation_set
    assert {one.kpi is None, other.kpi is None} == {True, False}
    assert not is_same_yardstick(one, other)


def test_the_same_rows_and_champion_are_judged_once(watched: WatchedModel) -> None:
    first, second = two_versions(watched)

    watched.call("retrain", evaluating(second.version))

    assert evaluations(watched, second.version) == [second]
    assert (
        len(watched.ports.records.query(Line, f"timeline:{card(watched, second.version).id}")) == 1
    )
    assert second.champion == first.version


def test_evidence_about_an_earlier_champion_is_stale_and_is_made_anew(
    watched: WatchedModel,
) -> None:
    _, second = two_versions(watched)
    watched.apply(judged_by(minimum_rows=11))
    watched.apply(a_config(training=training(seed=1), evaluation={"minimum_rows": 10}))
    third = retrained(watched)
    champion = second.version
    watched.ports.records.commit(changed(serves(watched, champion)))
    assert third.champion != champion
    assert card(watched, third.version).against != champion

    watched.now += timedelta(minutes=1)
    refresh_evaluation(watched.serving(), third.version, ADA, watched.ports)
    answer = watched.call("retrain", started(watched))

    assert answer["decision"] == "evaluated"
    newest = evaluations(watched, third.version)[-1]
    assert newest.champion == champion
    shown = card(watched, third.version)
    assert shown.against == champion
    lines = watched.ports.records.query(Line, f"timeline:{shown.id}")
    assert lines[-1].what == f"judged it anew beside champion {short(champion)}"


def started(watched: WatchedModel) -> dict[str, Any]:
    jobs = watched.ports.jobs
    assert isinstance(jobs, SqliteJobs)
    [job] = [job for job in jobs.waiting() if job.function == "retrain"]
    return job.event
