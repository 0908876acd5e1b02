"""What a backfill did, on one box and on AWS, in words."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.domain.partition import partition_prefix
from core.ports import Ports
from core.wiring import use
from functions.flows.backfill import compared_with
from functions.ml.checking.reference import MOST
from tests.adapters.places import dynamo_records, s3_objects
from tests.scenarios.test_a_backfill.past import (
    DAYS,
    GARBAGE,
    GOOD,
    METRES,
    MISSING,
    filled,
    landed,
)
from tests.terminal import ran
from tests.watched_model import WatchedModel, day


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


@pytest.fixture
def handed_over(watched: WatchedModel) -> None:
    use(watched.ports)


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
