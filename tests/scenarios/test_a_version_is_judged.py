"""A version is judged on the newest days, the pinned ones and the filed rows."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from core.adapters.sqlite.jobs import SqliteJobs
from core.domain.challenge import Challenge
from core.domain.errors import BadData, Busy, Unknown
from core.domain.evaluation import Evaluation, Part
from core.domain.evaluation_config import Slice
from core.domain.failure import (
    MOST_FAILURES,
    Failure,
    Filing,
    TooManyFailures,
    WrongKey,
    WrongLabel,
)
from core.domain.figures import is_same_yardstick
from core.domain.frozen_set import FrozenSet
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig, StoredConfig
from core.domain.serving import Serving, short
from core.domain.timeline import Line
from core.flows.file_failure import file_failure, filed_failures
from core.flows.refresh_evaluation import refresh_evaluation
from core.ports import changed, new
from core.wiring import use
from functions.flows.judging.evaluate_version import repeat_evaluation
from functions.flows.retrain import retrain
from infra.local import cli
from tests.builders import ADA, NOON, a_config
from tests.watched_model import ROWS, WatchedModel, some_flights, some_labels, training

PINNED = "2013-01-05"
NUMBER = {"column": "delay", "task": "regression", "between": [0, 60], "delay_days": 1}
ROW = "2013-01-10-003"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    return WatchedModel(tmp_path)


def judged_by(**evaluation: Any) -> ModelConfig:
    return a_config(evaluation={"minimum_rows": 10} | evaluation)


def retrained(watched: WatchedModel, up_to: str | None = None) -> Evaluation:
    watched.now += timedelta(minutes=1)
    done = retrain("flights", ADA.id, "asked for by Ada", watched.ports, up_to)
    return evaluations(watched, done.version or "")[-1]


def evaluations(watched: WatchedModel, version: str) -> list[Evaluation]:
    return watched.ports.records.query(Evaluation, f"evaluations:{version}")


def learned(watched: WatchedModel, evaluation: Evaluation) -> dict[str, int]:
    manifest = watched.version(evaluation.version).manifest
    return {used.partition: used.rows for used in manifest.partitions}


def part(evaluation: Evaluation, name: str) -> Part:
    [found] = [one for one in evaluation.parts if one.name == name]
    return found


def card(watched: WatchedModel, version: VersionId) -> Challenge:
    found = watched.ports.records.get(Challenge, Challenge.id_of("flights", version))
    assert found is not None
    return found


def files(watched: WatchedModel, key: str = ROW, **said: Any) -> Failure:
    filing = Filing.model_validate({"partition": key[:10], "key": key} | said)
    return file_failure("flights", filing, ADA, watched.ports)


def two_versions(watched: WatchedModel) -> tuple[Evaluation, Evaluation]:
    """Let a champion that knows nothing serve, and a better version challenge it."""
    watched.apply(a_config(training=training(estimator="DummyClassifier")))
    watched.lived_through(12)
    first = retrained(watched)
    watched.apply(judged_by())
    return first, retrained(watched)


def test_a_version_that_got_worse_in_one_slice_shows_it_although_it_is_better_as_a_whole(
    watched: WatchedModel,
) -> None:
    slices = [
        {"name": "short", "where": [{"column": "distance", "below": 600}], "is_protected": True},
        {"name": "carrier AA", "where": [{"column": "carrier", "one_of": ["AA"]}]},
        {"name": "very far", "where": [{"column": "distance", "at_least": 2990}]},
    ]
    for day in range(1, 15):
        name = f"2013-01-{day:02}"
        flights = some_flights(name, 200)
        late = (flights["distance"] >= 1000) | (flights["distance"] < 600)
        watched.lands(name, flights)
        watched.labels_land(name, dict(zip(flights["flight_id"], late.astype(int), strict=True)))
    watched.it_is("2013-01-16")
    shallow = {"estimator": "DecisionTreeClassifier", "parameters": {"max_depth": 1}}
    rules = {"minimum_rows": 30, "slices": slices}
    days = {"window_days": 14, "validation_days": 6}
    dummy = training(estimator="DummyClassifier", **days)
    watched.apply(a_config(training=dummy, evaluation=rules))
    retrained(watched)
    watched.apply(a_config(training=training(**shallow, **days), evaluation=rules))

    evaluation = retrained(watched)

    assert evaluation.gain is not None
    assert evaluation.gain.low is not None
    assert evaluation.gain.low > 0
    short_ones = part(evaluation, "short")
    assert short_ones.gain is not None
    assert short_ones.gain.high is not None
    assert short_ones.gain.high < 0
    assert part(evaluation, "carrier AA").gain is not None
    assert part(evaluation, "very far").metrics == ()
    assert {one.name: one.standing for one in evaluation.standards} == {
        "Accuracy": "no worse",
        "short": "worse",
    }
    shown = card(watched, evaluation.version)
    assert shown.worst_slices[0].startswith("slice `short` (")
    assert "worse by" in shown.worst_slices[0]
    assert any("short: *worse* than the champion by 0.01" in line for line in shown.standards)
    assert shown.compared[0].difference is not None
    assert shown.compared[0].difference.startswith("better by")


def test_a_part_that_loses_more_is_proposed_as_yaml_that_the_config_takes(
    watched: WatchedModel, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 15):
        name = f"2013-01-{day:02}"
        flights = some_flights(name, 400)
        chance = np.random.default_rng(day).uniform(size=400)
        late = np.where(flights["carrier"] == "UA", chance < 0.5, flights["distance"] > 1500)
        watched.lands(name, flights)
        watched.labels_land(name, dict(zip(flights["flight_id"], late.astype(int), strict=True)))
    watched.it_is("2013-01-16")
    boosted = training(estimator="HistGradientBoostingClassifier", validation_days=6)
    watched.apply(a_config(training=boosted, sensitive=["distance"]))

    evaluation = retrained(watched)

    assert [one.name for one in evaluation.proposed] == ["carrier is UA"]
    assert card(watched, evaluation.version).proposed_slices == 1
    use(watched.ports)
    said = ran(monkeypatch, capsys, "evaluate", "flights", short(evaluation.version))
    [pasted] = [line.strip() for line in said.splitlines() if line.strip().startswith("- {")]
    [written] = yaml.safe_load(pasted)
    assert Slice.model_validate(written).where == evaluation.proposed[0].where


def test_pinned_days_stay_in_the_validation_set_and_are_never_learned_from(
    watched: WatchedModel,
) -> None:
    storm = {"name": "storm", "partitions": [PINNED, "2013-02-28"]}
    watched.apply(judged_by(scenarios=[storm]))
    watched.lived_through(12)

    evaluation = retrained(watched)

    assert PINNED not in learned(watched, evaluation)
    assert len(learned(watched, evaluation)) == 7
    assert part(evaluation, "storm").rows == ROWS
    assert part(evaluation, "storm").metrics
    assert evaluation.rows == 3 * ROWS
    assert "The pinned partition 2013-02-28 has no labelled rows." in evaluation.notes


def test_a_day_that_is_pinned_after_it_was_learned_from_judges_the_next_version_only(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    first = retrained(watched)
    watched.apply(judged_by(scenarios=[{"name": "storm", "partitions": [PINNED]}]))

    second = retrained(watched)

    assert PINNED not in learned(watched, second)
    assert second.champion == first.version
    assert all(part.kind != "scenario" for part in second.parts)
    assert f"The pinned partition {PINNED} was learned from before: left out." in second.notes


def test_a_filed_row_is_never_learned_from_and_judges_versions_from_then_on(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    before = retrained(watched)
    key = "2013-01-05-007"
    assert learned(watched, before)[PINNED] == ROWS
    files(watched, key)
    watched.apply(judged_by())

    first = retrained(watched)
    watched.ports.records.commit(changed(serves(watched, first.version)))
    watched.apply(judged_by(minimum_rows=20))
    second = retrained(watched)

    assert learned(watched, second)[PINNED] == ROWS - 1
    [used] = [
        used
        for used in watched.version(second.version).manifest.partitions
        if used.partition == PINNED
    ]
    assert used.without == (key,)
    assert "1 filed failure learned from before: left out." in first.notes
    assert part(second, "filed failures").rows == 1
    assert part(second, "filed failures").metrics[0].champion is not None


def test_what_a_person_says_of_a_row_counts_more_than_its_label(watched: WatchedModel) -> None:
    watched.lived_through(12)
    before = retrained(watched)
    files(watched, ROW, label=str(1 - some_labels(ROW[:10])[ROW]))

    after = retrained(watched)

    assert after.version == before.version
    loss, other = before.metrics[0].version.middle, after.metrics[0].version.middle
    assert other != loss
    assert after.validation_set != before.validation_set
    assert not is_same_yardstick(after, before)


def test_a_filed_row_waits_for_its_label_and_one_that_is_not_there_is_counted(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    watched.lands("2013-01-13")
    files(watched, "2013-01-13-000")
    files(watched, "2013-01-13-999", label="1")

    waiting = retrained(watched)
    watched.labels_land("2013-01-13")
    there = retrained(watched)

    assert "2 filed failures without a row, or without a label yet." in waiting.notes
    assert part(there, "filed failures").rows == 1


def test_of_two_people_who_file_a_row_at_once_the_last_word_counts(watched: WatchedModel) -> None:
    def meanwhile() -> None:
        files(watched, label="0")

    overtaken = watched.while_overtaken_by(meanwhile)
    file_failure("flights", Filing(partition=ROW[:10], key=ROW, label="1"), ADA, overtaken)

    [failure] = filed_failures("flights", watched.ports)
    assert failure.label == "1"


def test_others_who_keep_filing_the_same_row_are_busy(watched: WatchedModel) -> None:
    def meanwhile() -> None:
        files(watched, label="0")

    overtaken = watched.while_overtaken_by(meanwhile, times=9)

    with pytest.raises(Busy):
        file_failure("flights", Filing(partition=ROW[:10], key=ROW), ADA, overtaken)


def test_a_label_that_the_target_no_longer_has_is_counted_and_stops_nothing(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    filed = files(watched, label="1")
    watched.ports.records.commit(
        changed(filed_failures("flights", watched.ports)[0].model_copy(update={"label": "gone"}))
    )

    evaluation = retrained(watched)

    assert filed.label == "1"
    assert "1 filed failure without a row, or without a label yet." in evaluation.notes


def test_filing_a_row_again_changes_what_is_said_of_it(watched: WatchedModel) -> None:
    files(watched, label="0")

    files(watched, label="1")

    [failure] = filed_failures("flights", watched.ports)
    assert (failure.key, failure.label, failure.filed_by) == (ROW, "1", ADA.id)


def test_a_row_that_makes_no_sense_is_refused_in_words(watched: WatchedModel) -> None:
    with pytest.raises(WrongLabel, match="`2` is no label of `late`: it is 0 or 1"):
        files(watched, label="2")
    with pytest.raises(WrongKey, match="1 to 300 characters"):
        file_failure("flights", Filing(partition=PINNED, key=""), ADA, watched.ports)
    with pytest.raises(Unknown, match="no model named `trains`"):
        file_failure("trains", Filing(partition=PINNED, key="x"), ADA, watched.ports)

    assert filed_failures("flights", watched.ports) == []


def test_there_are_only_so_many_filed_failures(watched: WatchedModel) -> None:
    for number in range(MOST_FAILURES):
        failure = Failure(
            id=f"fail_{number}",
            model="flights",
            partition=PINNED,
            key=str(number),
            label=None,
            filed_by=ADA.id,
            filed_at=NOON,
        )
        watched.ports.records.commit(new(failure))

    with pytest.raises(TooManyFailures, match="1,000 filed failures"):
        files(watched)


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


@pytest.mark.parametrize(
    ("up_to", "rows", "is_compared", "noted"),
    [
        ("2013-01-12", ROWS, True, "2 newest partitions learned from before"),
        ("2013-01-11", 3 * ROWS, False, "learned from all of these rows: not compared."),
    ],
)
def test_no_day_is_judged_on_that_the_champion_learned_from(
    watched: WatchedModel,
    up_to: str,
    rows: int,
    is_compared: bool,  # noqa: FBT001 - a column of the table above
    noted: str,
) -> None:
    watched.apply(a_config(training=training(window_days=4, validation_days=1)))
    watched.lived_through(12)
    champion = retrained(watched).version
    assert watched.version(champion).manifest.last_day == "2013-01-11"
    watched.apply(a_config())

    second = retrained(watched, up_to)

    assert (second.rows, second.champion is not None) == (rows, is_compared)
    assert any(noted in note for note in second.notes)


def test_a_version_that_learned_from_all_of_the_newest_rows_is_told_to_its_owner(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    version = retrained(watched).version
    for day in ("2013-01-10", "2013-01-11", "2013-01-12"):
        watched.labels_land(day, dict.fromkeys(some_labels(day)))
    watched.apply(a_config(training=training(validation_days=2)))

    answer = watched.call("retrain", evaluating(version))

    assert answer["decision"] == "bad data"
    [alert] = watched.alerts()
    assert "it learned from all of the newest labelled rows" in alert.evidence.summary


def test_a_champion_that_predicts_another_target_is_not_compared_with(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    first = retrained(watched)
    was_made_with(watched, first.version, NUMBER)
    watched.apply(judged_by(minimum_rows=11))

    second = retrained(watched)

    assert second.champion is None
    assert f"Champion {short(first.version)} predicts another target: not compared." in second.notes


def test_a_version_that_predicts_another_target_than_the_config_names_cannot_be_judged(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    version = retrained(watched).version
    was_made_with(watched, version, NUMBER)

    answer = watched.call("retrain", evaluating(version))

    assert answer["decision"] == "bad data"
    [alert] = watched.alerts()
    assert "predicts another target than the config names" in alert.evidence.summary


def test_a_version_that_nobody_knows_cannot_be_judged(watched: WatchedModel) -> None:
    with pytest.raises(Unknown, match="no version named `ver_x`"):
        watched.call("retrain", evaluating(VersionId("ver_x")))


def test_a_person_files_a_row_and_judges_a_version_from_the_command_line(
    watched: WatchedModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = two_versions(watched)
    use(watched.ports)
    watched.now += timedelta(minutes=1)

    filed = ran(monkeypatch, capsys, "flag", "flights", ROW[:10], ROW, "--label", "1")
    said = ran(monkeypatch, capsys, "evaluate", "flights", short(second.version))
    newest = evaluations(watched, second.version)[-1]
    repeated = ran(monkeypatch, capsys, "evaluate", "flights", newest.id)

    assert filed == f"`{ROW}` of 2013-01-10 is filed: later versions are judged by it.\n"
    assert f"version {short(second.version)} beside champion {short(first.version)}" in said
    assert "Brier score" in said
    assert "better by" in said
    assert "filed failures (1 row)" in said
    assert said.splitlines() == repeated.splitlines()[:-1]
    assert repeated.splitlines()[-1] == "Repeated: the same numbers."


def test_a_version_that_cannot_be_judged_is_refused_on_the_command_line(
    watched: WatchedModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.lived_through(12)
    version = retrained(watched).version
    was_made_with(watched, version, NUMBER)
    use(watched.ports)
    monkeypatch.setattr(sys, "argv", ["watchkeeper", "evaluate", "flights", version])

    with pytest.raises(SystemExit):
        cli.main()

    assert "an open alert of `flights` says why" in capsys.readouterr().err


def test_who_repeats_an_evaluation_hears_that_the_evaluator_has_changed(
    watched: WatchedModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.lived_through(12)
    evaluation = retrained(watched)
    watched.apply(judged_by(cut=0.4))
    use(watched.ports)

    said = ran(monkeypatch, capsys, "evaluate", "flights", evaluation.id)

    assert said.splitlines()[-2].startswith("The evaluator has changed since")
    assert said.splitlines()[-1] == "Repeated: *other* numbers."


@pytest.mark.parametrize("name", ["evl_x", "ver_x"])
def test_what_nobody_knows_is_refused_on_the_command_line(
    watched: WatchedModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    use(watched.ports)
    monkeypatch.setattr(sys, "argv", ["watchkeeper", "evaluate", "flights", name])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 1
    assert f"named `{name}`" in capsys.readouterr().err


@pytest.fixture(autouse=True)
def handed_back() -> Iterator[None]:
    yield
    use(None)


def ran(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    monkeypatch.setattr(sys, "argv", ["watchkeeper", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    captured = capsys.readouterr()
    assert not ended.value.code, captured.err
    return captured.out


def evaluating(version: VersionId) -> dict[str, str]:
    said = {"model": "flights", "reason": "Ada asked", "asked_by": ADA.id}
    return said | {"evaluate": version}


def was_made_with(watched: WatchedModel, version: VersionId, target: dict[str, Any]) -> None:
    """Let the config that a version was made with have had another target."""
    made_with = watched.version(version).manifest.config_hash
    stored = watched.ports.records.get(StoredConfig, made_with)
    assert stored is not None
    after = stored.model_copy(update={"config": a_config(target=target)})
    assert watched.ports.records.commit(changed(after))


def serves(watched: WatchedModel, version: VersionId) -> Serving:
    return watched.serving().model_copy(update={"champion": version, "challenger": None})


def started(watched: WatchedModel) -> dict[str, Any]:
    jobs = watched.ports.jobs
    assert isinstance(jobs, SqliteJobs)
    [job] = [job for job in jobs.waiting() if job.function == "retrain"]
    return job.event
