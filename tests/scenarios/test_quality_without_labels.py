"""Before labels are there people read what is provisional and what is estimated, and on what."""

from pathlib import Path

import pytest

from bot.modals.screens import status_screen
from core.domain.foretold import Foretold
from core.domain.realised import Realised
from core.flows.overview import overview
from core.ports import changed
from functions.flows.join_labels import join_labels
from functions.flows.retrain import retrain
from functions.flows.score import score
from tests.builders import a_config
from tests.watched_model import ROWS, WatchedModel, some_labels, training

FIRST, SECOND, THIRD, FOURTH, FIFTH = (f"2013-01-{day}" for day in (13, 14, 15, 16, 17))


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model whose champion served four days, of which three have labels: 120 rows."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    for day in (FIRST, SECOND, THIRD):
        watched.it_is(day)
        watched.lands_and_is_scored(day)
    watched.it_is(FOURTH)
    for day in (FIRST, SECOND, THIRD):
        watched.labels_land(day)
        join_labels("flights", day, watched.ports)
    return watched


def status(watched: WatchedModel) -> str:
    return str(status_screen(overview(watched.ports)))


def foretold(watched: WatchedModel) -> Foretold | None:
    realised = watched.ports.records.get(Realised, "flights")
    return realised.foretold if realised else None


def test_a_day_without_labels_is_estimated_as_soon_as_it_is_scored(watched: WatchedModel) -> None:
    watched.lands_and_is_scored(FOURTH)

    assert "Realised: Brier score" in status(watched)
    assert f"{ROWS} rows of 1 partition up to {FOURTH}, none of them labelled" in status(watched)
    said = f"It assumes that what is said comes true as it did up to {THIRD}"
    assert said in status(watched)
    assert "Provisional" not in status(watched)


def test_with_some_labels_it_becomes_provisional_and_with_all_it_is_realised(
    watched: WatchedModel,
) -> None:
    watched.lands_and_is_scored(FOURTH)
    half = dict(list(some_labels(FOURTH).items())[: ROWS // 2])

    watched.labels_land(FOURTH, half)
    join_labels("flights", FOURTH, watched.ports)
    halfway = status(watched)
    watched.it_is(FIFTH)
    watched.labels_land(FOURTH)
    join_labels("flights", FOURTH, watched.ports)

    assert "Provisional: Brier score" in halfway
    assert f"rows of 1 partition up to {FOURTH}, 50 % of them labelled" in halfway
    assert "Estimated" not in halfway
    assert "Provisional" not in status(watched)
    assert f"known up to {FOURTH}" in status(watched)


def test_both_can_stand_there(watched: WatchedModel) -> None:
    watched.lands_and_is_scored(FOURTH)
    watched.labels_land(FOURTH, dict(list(some_labels(FOURTH).items())[:10]))
    join_labels("flights", FOURTH, watched.ports)
    watched.lands_and_is_scored(FIFTH)

    words = status(watched)

    assert "Provisional: Brier score" in words
    assert "Estimated: Brier score" in words
    assert "Both assume that what is said comes true as it did" in words


def test_before_there_are_enough_mature_labels_nothing_is_foretold(tmp_path: Path) -> None:
    young = WatchedModel(tmp_path)
    young.lived_through(12)
    retrain("flights", "watchkeeper", "cadence", young.ports)
    young.it_is(FIRST)
    young.lands_and_is_scored(FIRST)
    young.it_is(SECOND)
    young.labels_land(FIRST)
    join_labels("flights", FIRST, young.ports)

    young.lands_and_is_scored(SECOND)

    assert foretold(young) is None
    assert "Estimated" not in status(young)


def test_another_version_is_estimated_by_what_it_said_itself(watched: WatchedModel) -> None:
    watched.apply(a_config(training=training(seed=1)))
    other = retrain("flights", "watchkeeper", "cadence", watched.ports).version
    serving = watched.serving()
    moved = serving.model_copy(update={"champion": other, "challenger": None})
    assert watched.ports.records.commit(changed(moved))

    watched.lands_and_is_scored(FOURTH)

    assert foretold(watched) is None


def test_scored_once_more_it_says_the_same(watched: WatchedModel) -> None:
    watched.lands_and_is_scored(FOURTH)
    before = foretold(watched)

    score("flights", FOURTH, watched.ports)

    assert before is not None
    assert foretold(watched) == before
