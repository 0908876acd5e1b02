"""Somebody trains on rows in memory: a version that is judged and marked, and never serves."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.domain.challenge import Challenge
from core.domain.evaluation import Evaluation
from core.domain.ids import VersionId
from core.domain.partition import days_before
from core.domain.serving import Serving, short
from core.domain.stage_refusals import NothingToRollBackTo, NotReproducible
from core.domain.watch import Watch
from core.flows.ask_exception import ask_exception
from core.flows.promote import approve_exception, promote
from core.flows.rollback import rollback
from core.ports import changed
from core.wiring import use
from functions.data.given_rows import WrongRows
from functions.flows.retrain import Retrained
from infra.local.notebook import retrain
from tests.builders import ADA, GRACE, a_config
from tests.terminal import ran
from tests.watched_model import FIRST_DAY, WatchedModel, some_flights, some_labels, training
from tests.weather_table import through_the_day, weather_config, with_weather

MARK = "rows that were given from Python"
DAYS = [days_before(FIRST_DAY, -ahead) for ahead in range(12)]


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    watched = WatchedModel(tmp_path / "box")
    watched.lived_through(12)
    use(watched.ports)
    return watched


def labelled(days: list[str], hours_later: int = 400 * 24) -> pd.DataFrame:
    """Flights with their labels, of another year than those that landed."""
    frames = [some_flights(day).assign(late=list(some_labels(day).values())) for day in days]
    frame = pd.concat(frames, ignore_index=True)
    moved = frame["scheduled_departure"] + pd.Timedelta(hours=hours_later)
    return frame.assign(scheduled_departure=moved, flight_id="x" + frame["flight_id"])


def trained(watched: WatchedModel, frame: pd.DataFrame) -> VersionId:
    done = retrain(watched.config, rows=frame)
    assert done.decision == "trained"
    assert done.version is not None
    return done.version


def test_a_frame_is_trained_on_cut_in_time_judged_and_marked(watched: WatchedModel) -> None:
    first = retrain(watched.config)

    version = watched.version(trained(watched, labelled(DAYS)))

    manifest = version.manifest
    assert manifest.unhashed == (MARK,)
    assert (manifest.first_day, manifest.last_day) == ("2014-02-07", "2014-02-13")
    assert manifest.rows == 280
    [evaluation] = watched.ports.records.query(Evaluation, f"evaluations:{version.id}")
    assert [used.partition for used in evaluation.validation] == [
        "2014-02-14",
        "2014-02-15",
        "2014-02-16",
    ]
    assert evaluation.champion == first.version
    assert version.reference_key is None


def test_it_stands_nowhere_and_what_checks_compare_with_stays(watched: WatchedModel) -> None:
    first = retrain(watched.config)
    before = watched.ports.records.get(Watch, "flights")

    version = trained(watched, labelled(DAYS))

    challenges = watched.ports.records.query(Challenge, "challenges:flights")
    assert version not in {challenge.version for challenge in challenges}
    assert watched.serving().champion == first.version
    assert watched.serving().standing == (first.version,)
    assert watched.ports.records.get(Watch, "flights") == before
    assert watched.alerts() == []


def test_it_does_not_become_the_first_champion_either(watched: WatchedModel) -> None:
    trained(watched, labelled(DAYS))

    assert watched.ports.records.get(Serving, "flights") is None


def test_the_same_rows_make_the_same_version_and_others_another(watched: WatchedModel) -> None:
    frame = labelled(DAYS)
    version = trained(watched, frame)

    again = retrain(watched.config, rows=frame.copy())

    assert (again.decision, again.version) == ("already trained", version)
    assert trained(watched, frame.assign(late=1 - frame["late"])) != version
    assert trained(watched, frame.assign(distance=frame["distance"] + 1)) != version


def test_the_rows_of_the_schedule_make_another_version_when_they_are_given(
    watched: WatchedModel,
) -> None:
    scheduled = retrain(watched.config)

    given = trained(watched, labelled(DAYS, 0).assign(flight_id=lambda of: of.flight_id.str[1:]))

    assert given != scheduled.version
    assert retrain(watched.config).decision == "already trained"


def test_nobody_can_promote_it_nor_ask_for_an_exception_nor_roll_back_to_it(
    watched: WatchedModel,
) -> None:
    first = retrain(watched.config).version
    version = trained(watched, labelled(DAYS))
    seen, ports = watched.serving().champion, watched.ports

    for refused in (
        lambda: promote("flights", version, seen_champion=seen, by=ADA, ports=ports),
        lambda: approve_exception("flights", version, seen_champion=seen, by=GRACE, ports=ports),
        lambda: ask_exception("flights", version, reason="now", by=ADA, ports=ports),
    ):
        with pytest.raises(NotReproducible, match="inputs that have no hash, so nobody can make"):
            refused()
    served_once = watched.serving().model_copy(update={"earlier": (version,)})
    assert ports.records.commit(changed(served_once))
    with pytest.raises(NothingToRollBackTo, match=f"made from {MARK}, which nobody can find"):
        rollback("flights", seen_champion=first, by=ADA, ports=ports)


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    ran(monkeypatch, *words)
    return capsys.readouterr().out


def test_versions_and_diff_show_the_mark(
    watched: WatchedModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = retrain(watched.config).version
    version = trained(watched, labelled(DAYS))
    assert first is not None

    listed = said(monkeypatch, capsys, "versions", "flights")
    differ = said(monkeypatch, capsys, "diff", first, version)

    [line] = [line for line in listed.splitlines() if short(version) in line]
    assert f"cannot be promoted: made from {MARK}" in line
    [line] = [line for line in listed.splitlines() if short(first) in line]
    assert "made from" not in line
    assert f"{short(version)} cannot be made again, nor promoted: made from {MARK}" in differ


def test_too_few_rows_are_said_in_the_answer_and_wake_nobody(watched: WatchedModel) -> None:
    done = retrain(watched.config, rows=labelled(DAYS[:2]))

    assert done == Retrained(decision="too few rows", rows=80, days=2)
    assert watched.alerts() == []


def test_rows_without_a_label_and_pinned_days_are_not_learned_from(watched: WatchedModel) -> None:
    scenarios = [{"name": "storm", "partitions": ["2014-02-10"]}]
    watched.apply(a_config(training=training(), evaluation={"scenarios": scenarios}))
    frame = labelled(DAYS).astype({"late": "Int8"})
    frame.loc[frame.index % 2 == 0, "late"] = pd.NA

    manifest = watched.version(trained(watched, frame)).manifest

    assert "2014-02-10" not in {used.partition for used in manifest.partitions}
    assert {used.rows for used in manifest.partitions} == {20}


def test_a_key_may_be_the_index_and_up_to_ends_the_window(watched: WatchedModel) -> None:
    done = retrain(watched.config, rows=labelled(DAYS).set_index("flight_id"), up_to="2014-02-14")

    assert watched.version(done.version).manifest.last_day == "2014-02-11"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda of: of.drop(columns=["late", "distance"]), "they lack `late`, `distance`"),
        (
            lambda of: of.assign(flight_id="a"),
            "of 479 rows an earlier one has the same `flight_id`",
        ),
        (lambda of: of.assign(flight_id=None), "`flight_id` is empty in 480 rows"),
        (lambda of: of.assign(scheduled_departure=pd.NaT), "says no time in 480 rows"),
        (lambda of: of.assign(scheduled_departure=7), "`scheduled_departure` holds no times"),
        (lambda of: of.assign(distance=[[1]] * len(of)), "`distance` holds something nested"),
        (lambda of: of.assign(distance=[1, "a"] * 240), "a column holds values of several kinds"),
        (lambda of: of.set_axis([*of.columns[:-1], "carrier"], axis=1), "there twice: `carrier`"),
    ],
)
def test_a_frame_that_is_not_what_the_config_says_is_refused_in_words(
    watched: WatchedModel,
    wrong: Any,  # noqa: ANN401 - a lambda
    why: str,
) -> None:
    with pytest.raises(WrongRows, match=why):
        retrain(watched.config, rows=wrong(labelled(DAYS)))

    assert watched.alerts() == []


def test_columns_of_a_table_of_its_own_are_joined_unless_the_frame_has_them(
    tmp_path: Path,
) -> None:
    watched = with_weather(tmp_path, weather_config())
    use(watched.ports)
    frames = [through_the_day(day).assign(late=list(some_labels(day).values())) for day in DAYS]
    frame = pd.concat(frames, ignore_index=True)

    joined = watched.version(trained(watched, frame))
    carried = watched.version(trained(watched, frame.assign(temp=1.0)))

    assert {used.table for used in joined.manifest.tables} == {"weather"}
    assert carried.manifest.tables == ()
    assert carried.id != joined.id
