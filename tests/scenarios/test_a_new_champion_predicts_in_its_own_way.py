"""After a promotion predictions are compared with what the new champion said before, in shadow."""

from pathlib import Path

import pytest

from core.domain.partition import days_before
from core.domain.partition_check import PredictionsCheck
from core.domain.verdict import Basis
from core.domain.watch import PredictionsWatch
from core.flows.promote import promote
from functions.flows.check_partition import check_partition
from tests.builders import ADA
from tests.staged import passes_its_gate, passes_its_review
from tests.trained import trained
from tests.watched_model import WatchedModel, some_flights

FIRST, ROWS = "2013-01-13", 120


def lives_through(watched: WatchedModel, first: int, last: int) -> None:
    for number in range(first, last):
        day = days_before(FIRST, -number)
        watched.it_is(day)
        watched.lands(day, some_flights(day, ROWS))
        check_partition("flights", day, watched.ports)
        watched.is_scored(day)


@pytest.fixture
def promoted(tmp_path: Path) -> WatchedModel:
    """A champion that predicts far from one half, and then one that hardly dares to."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    first = trained(watched, estimator="DecisionTreeClassifier")
    second = trained(watched, estimator="LogisticRegression", parameters={"C": 0.0001})
    lives_through(watched, 0, 14)
    passes_its_review(second, watched.ports)
    passes_its_gate(second, watched.ports)
    promote("flights", second, seen_champion=first, by=ADA, ports=watched.ports)
    return watched


def test_a_new_champion_is_compared_with_what_it_said_in_shadow(promoted: WatchedModel) -> None:
    lives_through(promoted, 14, 15)

    check_id = PredictionsCheck.id_of("flights", days_before(FIRST, -14))
    check = promoted.ports.records.get(PredictionsCheck, check_id)
    watch = promoted.ports.records.get(PredictionsWatch, "flights")
    assert check is not None
    assert watch is not None
    assert watch.version == promoted.serving().champion
    assert check.verdict.basis is Basis.REFERENCE
    assert check.verdict.blamed == ()
