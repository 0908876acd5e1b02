"""Protected slices are looked at by themselves; features are read for nothing else."""

import pandas as pd
import pytest

from tests.scenarios.test_the_gate.trials import (
    FIRST,
    NEW,
    OLD,
    ROWS,
    Trials,
    lives_through,
    says,
    with_slice,
)
from tests.watched_model import some_flights


def test_a_protected_slice_is_looked_at_by_itself(trials: Trials) -> None:
    trials.apply(with_slice("AA"))
    flights = some_flights(FIRST, ROWS)
    better = says(FIRST, 0.25).to_numpy(copy=True)
    of_slice = (flights["carrier"] == "AA").to_numpy()
    better[of_slice] = says(FIRST, 0.6).to_numpy()[of_slice]
    said = pd.Series(better, index=says(FIRST, 0.25).index)
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.4)), (NEW, "shadow", said))

    trials.joins(FIRST)

    evidence = trials.evidence()
    [booked] = evidence.cohorts
    assert booked.guards[1].pairs == of_slice.sum()
    assert booked.guards[1].gained / of_slice.sum() == pytest.approx(0.4**2 - 0.6**2, abs=0.01)
    assert (evidence.decision, evidence.standing.violated[-1]) == ("harmful", "AA")


def test_features_are_read_only_for_protected_slices(trials: Trials) -> None:
    key = trials.lands(FIRST, some_flights(FIRST, ROWS))
    trials.ports = trials.while_cannot_be_read(key)

    lives_through(trials, 1, old=0.35, young=0.3)

    assert trials.is_compared()


def test_a_day_whose_slices_cannot_be_told_is_left_out_and_told(trials: Trials) -> None:
    trials.apply(with_slice("AA"))
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.35)), (NEW, "shadow", says(FIRST, 0.3)))
    trials.lands(FIRST, some_flights(FIRST, ROWS).drop(columns="carrier"))

    trials.joins(FIRST)

    assert not trials.is_compared()
    [alert] = trials.alerts()
    assert alert.rule == "judge"
    assert "`carrier`" in alert.evidence.summary


def test_features_that_are_gone_leave_a_slice_without_pairs(trials: Trials) -> None:
    trials.apply(with_slice("AA"))
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.35)), (NEW, "shadow", says(FIRST, 0.3)))
    for landed in (trials.folder / "objects" / "flights" / "features").rglob("*.parquet"):
        landed.unlink()

    trials.joins(FIRST)

    evidence = trials.evidence()
    assert [weighed.pairs for weighed in evidence.cohorts[0].guards] == [ROWS, 0]
