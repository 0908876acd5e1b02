"""Whatever numbers were learned from, whatever comes next is judged, without a warning."""

from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.judge import judge
from core.domain.partition import days_before
from core.domain.verdict import Basis, Verdict
from functions.arrays import Floats, NumberColumn, Sized
from functions.flows.checking.history import History
from functions.flows.checking.measure import measure
from functions.ml.checking.packing import pack_closed, unpack_closed
from functions.ml.checking.profile import Profiler, merge
from functions.ml.checking.reference import Closed, Day, learn
from tests.builders import a_config

KINDS: Final = {"x": "number"}
CONFIG: Final = a_config(columns={"x": {"type": "number"}})
NAMES: Final = [days_before("2012-02-20", -ahead) for ahead in range(20)]
ODD: Final = st.sampled_from([np.nan, 1e308, -1e308, 3.4e38, 5e-324, -5e-324, 0.0, -1.0, 2.0**53])
NUMBERS = st.one_of(
    st.lists(st.one_of(ODD, st.floats(-1e3, 1e3)), max_size=80).map(np.array),
    st.builds(lambda one, rows: np.full(rows, one), ODD, st.integers(1, 100)),
    st.builds(lambda one, two: np.tile([one, two], 40), ODD, ODD),
)


def a_day(values: Floats) -> Sized:
    return Sized({"x": NumberColumn(np.asarray(values, np.float64))}, len(values))


def verdict(days: list[Floats], newest: Floats, doublings: int) -> Verdict:
    """Learn from days, and judge one whose rows come twice, so many times over."""
    learned = {NAMES[at]: Day([a_day(values)], 0.0) for at, values in enumerate(days)}
    reference = learn(learned, KINDS)
    profiler = Profiler(reference.ruler)
    profiler.take(a_day(newest))
    profile = profiler.profile
    for _ in range(doublings):
        profile = merge(profile, profile)
    closed = unpack_closed(pack_closed(Closed.of(profile, reference.known, 0.0)))
    history = History(reference.partitions, reference.summaries, reference.known, {}, {})
    found = measure(CONFIG, NAMES[len(days)], closed.summary, history, reference.ruler)[1]
    return judge(found, Basis.REFERENCE)


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(NUMBERS, min_size=1, max_size=14), newest=NUMBERS, doublings=st.integers(0, 30)
)
def test_any_numbers_are_judged_after_any_others(
    days: list[Floats], newest: Floats, doublings: int
) -> None:
    said = verdict(days, newest, doublings)

    assert "nan" not in said.sentence
    assert all(np.isfinite(blame.score) for blame in said.blamed)


@pytest.mark.parametrize(
    ("usual", "now"),
    [
        (np.empty(0), np.full(9, 1e308)),
        (np.full(90, np.nan), np.full(90, -1e308)),
        (np.tile([1e-300, 0.0], 45), np.tile([1e308, 0.0], 45)),
    ],
    ids=["no rows", "no values", "next to nothing"],
)
def test_what_was_never_anything_may_become_huge(usual: Floats, now: Floats) -> None:
    said = verdict([usual] * 12, now, 0)

    assert [blame.column for blame in said.blamed] == ["x"]
