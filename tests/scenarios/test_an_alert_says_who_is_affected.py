"""The alert about a partition says what really became of its predictions."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from core.domain.outbox import OutboxEntry
from core.domain.serving import short
from functions.flows.check_partition import check_partition
from functions.flows.retrain import retrain
from functions.flows.score import score
from tests.builders import CHANNEL, served_elsewhere
from tests.watched_model import ROWS, WatchedModel, parquet_of, some_flights

DAY = "2013-01-13"
FAR = some_flights(DAY).assign(distance=lambda rows: rows["distance"] * 1e6)
NO_DISTANCE = some_flights(DAY).drop(columns="distance")

Step = Callable[[WatchedModel], object]


def is_checked(watched: WatchedModel) -> None:
    check_partition("flights", DAY, watched.ports)


def is_scored(watched: WatchedModel) -> None:
    score("flights", DAY, watched.ports)


IN_ANY_ORDER = pytest.mark.parametrize(
    "steps",
    [(is_checked, is_scored), (is_scored, is_checked), (is_scored, is_checked, is_scored)],
    ids=["checked first", "scored first", "scored twice"],
)


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model whose first version serves."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    watched.it_is(DAY)
    return watched


def affected(watched: WatchedModel, frame: pd.DataFrame, *steps: Step) -> str | None:
    watched.lands(DAY, frame)
    for step in steps:
        step(watched)
    [alert] = [alert for alert in watched.alerts() if alert.rule == "partition"]
    return alert.evidence.affected


@IN_ANY_ORDER
def test_a_partition_that_was_scored_names_the_version(
    watched: WatchedModel, steps: tuple[Step, ...]
) -> None:
    version = short(watched.serving().champion or "")

    assert affected(watched, FAR, *steps) == (
        f"{ROWS} rows of this partition, scored by version {version}"
    )


@IN_ANY_ORDER
def test_a_partition_that_scoring_refused_is_said_to_have_no_predictions(
    watched: WatchedModel, steps: tuple[Step, ...]
) -> None:
    assert affected(watched, NO_DISTANCE, *steps) == (
        f"{ROWS} rows of this partition, not scored: its data was refused"
    )


@IN_ANY_ORDER
def test_a_partition_that_no_version_could_score_says_so(
    watched: WatchedModel, steps: tuple[Step, ...]
) -> None:
    champion = watched.version(watched.serving().champion)
    watched.ports.objects.put(champion.artefact.key, b"other bytes")
    watched.is_of_old(champion.id)

    assert affected(watched, FAR, *steps) == (
        f"{ROWS} rows of this partition, not scored: no version could be loaded"
    )


def test_a_partition_whose_scoring_has_not_run_is_not_scored_yet(watched: WatchedModel) -> None:
    assert affected(watched, FAR, is_checked) == f"{ROWS} rows of this partition, not scored yet"


def test_a_partition_that_was_refused_and_mended_names_the_version_again(
    watched: WatchedModel,
) -> None:
    affected(watched, NO_DISTANCE, is_checked, is_scored)

    said = affected(watched, FAR, is_scored, is_checked)

    version = short(watched.serving().champion or "")
    assert said == f"{ROWS} rows of this partition, scored by version {version}"


def test_the_card_is_drawn_again_and_the_timeline_stays_as_it_was(watched: WatchedModel) -> None:
    affected(watched, FAR, is_checked)
    [alert] = watched.alerts()
    before = waiting(watched)

    is_scored(watched)

    [added] = waiting(watched) - before
    assert (added.subject, added.under, added.only_redraws) == (alert.id, None, True)


def waiting(watched: WatchedModel) -> set[OutboxEntry]:
    return set(watched.ports.records.query(OutboxEntry, f"outbox:{CHANNEL}"))


def test_the_predictions_of_another_system_are_said_to_be_its(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, served_elsewhere())
    watched.it_is(DAY)
    assert affected(watched, NO_DISTANCE, is_checked) == (
        f"{ROWS} rows of this partition, not predicted yet"
    )

    scores = some_flights(DAY)[["flight_id"]].assign(probability=0.5)
    watched.puts("others/scores", DAY, parquet_of(scores))
    is_scored(watched)

    [alert] = watched.alerts()
    assert alert.evidence.affected == f"{ROWS} rows of this partition, predicted elsewhere"
