import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from core.domain.alert import Disposition
from core.domain.errors import Busy
from core.domain.outbox import Post
from core.domain.partition import days_before, partition_prefix
from core.domain.verdict import Basis
from core.domain.version import Version
from core.flows.resolve import resolve
from core.ports import Ports
from core.wiring import use
from functions.flows.backfill import LearnedAnew, NothingLies, backfill, compared_with, past_of
from functions.flows.checking.learn_reference import learn_reference
from functions.ml.checking.reference import MOST
from infra.local import cli
from tests.adapters.places import dynamo_records, s3_objects
from tests.builders import ADA, a_config
from tests.checked_model import check_of, checked, flights, overtaken, reference_at, told, watch_of
from tests.watched_model import FIRST_DAY, WatchedModel, parquet_of

DAYS = 30
METRES, MISSING, GARBAGE = 17, 19, 21
"""Days on which distances are in metres, a column is missing, a file is no Parquet."""


def day(ahead: int) -> str:
    return days_before(FIRST_DAY, -ahead)


NEXT = day(DAYS)


def landed(ahead: int) -> bytes:
    frame = flights(day(ahead), rows=100)
    if ahead == METRES:
        frame = frame.assign(distance=-1.0)
    if ahead == MISSING:
        frame = frame.drop(columns="distance")
    return b"no parquet" if ahead == GARBAGE else parquet_of(frame)


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model that was applied to a month of partitions; nothing was checked or learned."""
    watched = WatchedModel(tmp_path)
    for ahead in range(DAYS):
        watched.puts(watched.config.data.features, day(ahead), landed(ahead))
    return watched


def filled(watched: WatchedModel, ports: Ports | None = None) -> list[str]:
    outside = ports or watched.ports
    names = past_of(watched.config, outside)
    return [one.partition for one in backfill(watched.config, names, outside)]


def history(watched: WatchedModel) -> tuple[str, ...]:
    return reference_at(watch_of(watched).reference_key or "", watched).partitions


GOOD = tuple(day(ahead) for ahead in range(DAYS) if ahead not in {METRES, MISSING, GARBAGE})


def test_the_next_partition_is_judged_by_a_full_history_without_any_training(
    watched: WatchedModel,
) -> None:
    filled(watched)

    checked(watched, flights(NEXT, rows=100), NEXT)

    assert check_of(watched, NEXT).verdict.basis is Basis.REFERENCE
    assert not watched.ports.records.query(Version, f"versions:{watched.config.model}")
    assert compared_with(watched.config, watched.ports) == len(GOOD) + 1


def test_nobody_hears_of_the_past(watched: WatchedModel) -> None:
    filled(watched)

    assert not watched.alerts()
    assert not watched.ports.records.query(Post, f"outbox:{watched.config.channel}")


def test_errors_of_the_past_stay_out_of_the_history(watched: WatchedModel) -> None:
    filled(watched)

    assert history(watched) == GOOD


def test_what_was_done_is_not_done_again(watched: WatchedModel) -> None:
    first = filled(watched)
    before = watch_of(watched)

    again = filled(watched)

    assert first == [*(day(ahead) for ahead in range(DAYS))]
    assert again == []
    assert watch_of(watched) == before


@pytest.mark.parametrize("done", [1, 25])
def test_a_run_that_was_stopped_is_finished_by_the_next(watched: WatchedModel, done: int) -> None:
    names = past_of(watched.config, watched.ports)
    stopped = backfill(watched.config, names, watched.ports)
    for _ in islice(stopped, done):
        pass
    del stopped

    filled(watched)

    assert compared_with(watched.config, watched.ports) == len(GOOD)


def test_what_moved_for_good_becomes_the_history(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path)

    def farther(ahead: int) -> pd.DataFrame:
        frame = flights(day(ahead), rows=100)
        return frame.assign(distance=frame["distance"] * (1.6 if ahead >= 15 else 1))

    for ahead in range(DAYS):
        watched.lands(day(ahead), farther(ahead))

    filled(watched)

    checked(watched, farther(DAYS), NEXT)
    assert check_of(watched, NEXT).verdict.error_class is None
    assert day(15) in history(watched)


def test_what_a_person_called_a_bug_stays_out(watched: WatchedModel) -> None:
    checked(watched, b"no parquet", day(14))
    [alert] = watched.alerts()
    resolve(alert.id, Disposition.DATA_BUG, by=ADA, ports=watched.ports)
    watched.lands(day(14), flights(day(14), rows=100))

    filled(watched)

    assert day(14) not in history(watched)


def test_partitions_older_than_what_was_learned_are_added(watched: WatchedModel) -> None:
    newest = [day(ahead) for ahead in range(DAYS - 7, DAYS)]
    learn_reference(watched.config, newest, watched.ports)

    added = filled(watched)

    assert added == [day(ahead) for ahead in range(DAYS - 7)]
    assert history(watched) == GOOD


def test_no_more_is_read_than_twice_what_a_history_holds(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path)
    for ahead in range(2 * MOST + 3):
        watched.puts(watched.config.data.features, day(ahead), b"")

    names = past_of(watched.config, watched.ports)

    assert (names[0], len(names)) == (day(3), 2 * MOST)


def test_a_span_of_time_includes_both_of_its_ends(watched: WatchedModel) -> None:
    assert past_of(watched.config, watched.ports, day(3), day(5)) == [day(3), day(4), day(5)]


def test_a_time_without_partitions_is_refused(watched: WatchedModel) -> None:
    with pytest.raises(NothingLies, match="No partition of `flights` lies under flights/features"):
        past_of(watched.config, watched.ports, "2020-01-01")


def test_a_check_that_is_quicker_keeps_what_it_noted(watched: WatchedModel) -> None:
    learn_reference(watched.config, [day(ahead) for ahead in range(10)], watched.ports)
    new = flights(NEXT, rows=100)

    filled(watched, overtaken(watched.ports, lambda: checked(watched, new, NEXT)))

    assert watch_of(watched).last_partition == NEXT
    assert compared_with(watched.config, watched.ports) == len(GOOD) + 1


def test_others_that_are_always_quicker_are_given_way_to(watched: WatchedModel) -> None:
    learn_reference(watched.config, [day(ahead) for ahead in range(10)], watched.ports)
    others = iter(range(100, 200))
    meanwhile = overtaken(
        watched.ports, lambda: checked(watched, flights(day(next(others))), NEXT), times=20
    )

    with pytest.raises(Busy):
        filled(watched, meanwhile)


def test_a_ruler_that_another_training_put_in_force_is_not_mixed_with_this_one(
    watched: WatchedModel,
) -> None:
    names = past_of(watched.config, watched.ports)
    running = backfill(watched.config, names, watched.ports)
    next(running)
    watched.apply(a_config(columns={"distance": {"type": "number"}}))
    learn_reference(watched.config, names[:10], watched.ports)

    with pytest.raises(LearnedAnew, match="start the backfill once more"):
        list(running)


def test_a_changed_config_judges_the_past_anew(watched: WatchedModel) -> None:
    filled(watched)
    watched.apply(a_config(columns={"carrier": {"type": "category"}}))

    filled(watched)

    assert {day(METRES), day(MISSING)} <= set(history(watched))
    assert day(GARBAGE) not in history(watched)


def test_a_later_training_does_not_learn_from_the_errors_of_the_past(watched: WatchedModel) -> None:
    filled(watched)

    learn_reference(watched.config, [day(ahead) for ahead in range(DAYS)], watched.ports)

    assert history(watched) == GOOD


def test_an_error_of_the_past_alerts_when_it_is_written_again(watched: WatchedModel) -> None:
    filled(watched)
    again = landed(METRES)

    told(watched, f"flights/features/dt={day(METRES)}/part-0.parquet")
    assert not watched.alerts()
    told(watched, watched.puts("flights/features", day(METRES), again))

    assert [alert.partition for alert in watched.alerts()] == [day(METRES)]


@pytest.fixture
def on_aws(watched: WatchedModel) -> Iterator[Ports]:
    with dynamo_records() as records, s3_objects() as objects:
        ports = replace(watched.ports, records=records, objects=objects)
        for ahead in range(DAYS):
            key = f"{partition_prefix(watched.config.data.features, day(ahead))}part-0.parquet"
            objects.put(key, landed(ahead))
        yield ports


def test_on_aws_it_is_the_same(watched: WatchedModel, on_aws: Ports) -> None:
    added = filled(watched, on_aws)

    assert len(added) == DAYS
    assert compared_with(watched.config, on_aws) == len(GOOD)


def ran(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["watchkeeper", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.fixture
def handed_over(watched: WatchedModel) -> Iterator[None]:
    use(watched.ports)
    yield
    use(None)


@pytest.mark.usefixtures("handed_over")
def test_a_person_is_told_what_was_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, "backfill", "flights", "--to", day(DAYS - 1)) == 0
    assert ran(monkeypatch, "backfill", "flights", "--from", day(1)) == 0

    first, unreadable, errors, end, hint, again, *_ = capsys.readouterr().out.splitlines()
    assert first == f"{DAYS} partitions of {day(0)} to {day(DAYS - 1)} profiled in 0 s;"
    assert unreadable == (
        f"2 could not be used: {day(MISSING)} (`distance` is missing), "
        f"{day(GARBAGE)} (`part-0.parquet` cannot be read as Parquet);"
    )
    assert errors.startswith(f"1 stay out of the history, as errors: {day(METRES)} (`distance`: ")
    assert end == f"checks from now on compare with {len(GOOD)}."
    assert hint.endswith("`watchkeeper resolve flights DAY --as noise` takes it into the history.")
    assert again.startswith(f"0 partitions of {day(1)} to {day(DAYS - 1)} profiled in 0 s")
    assert again.endswith(f"({DAYS - 1} were known before);")


@pytest.mark.usefixtures("handed_over")
def test_a_person_is_told_what_is_too_old_for_a_history(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], watched: WatchedModel
) -> None:
    for ahead in range(DAYS, 2 * MOST + 3):
        watched.puts(watched.config.data.features, day(ahead), b"")

    assert ran(monkeypatch, "backfill", "flights") == 0

    assert capsys.readouterr().out.splitlines()[-1] == (
        f"3 older partitions, from {day(0)} on, are not looked at: "
        f"a history holds the newest {MOST}."
    )


@pytest.mark.usefixtures("handed_over")
def test_a_model_that_was_never_applied_is_unknown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, "backfill", "trains") == 1

    assert "I know no model named `trains`." in capsys.readouterr().err
