from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.domain.scoring_config import Override
from functions.arrays import Floats
from functions.ml.scoring.overrides import overridden

FEATURES = pd.DataFrame({"hour": [1.0, 5.0, 9.0, np.nan]})
scores = arrays(np.float64, 4, elements=st.floats(0, 1))
wheres = st.builds(
    lambda low: [{"column": "hour", "at_least": low}], st.floats(0, 10, allow_nan=False)
)
deeds = st.one_of(
    st.builds(lambda to: {"replace": to}, st.floats(0, 1)),
    st.builds(lambda to: {"at_least": to}, st.floats(0, 1)),
    st.builds(lambda to: {"at_most": to}, st.floats(0, 1)),
    st.just({"filter": True}),
)


def override(where: list[dict[str, Any]] | None = None, **deed: Any) -> Override:
    stated = {"name": "night", "where": where or [{"column": "hour", "below": 6}], "reason": "why"}
    return Override.model_validate(stated | deed)


overrides = st.builds(lambda where, deed: override(where, **deed), wheres, deeds)


def test_each_deed_on_the_rows_that_are_meant() -> None:
    said = np.array([0.2, 0.8, 0.5, 0.5])

    for deed, expected in (
        ({"replace": 0.0}, [0.0, 0.0, 0.5, 0.5]),
        ({"at_least": 0.5}, [0.5, 0.8, 0.5, 0.5]),
        ({"at_most": 0.5}, [0.2, 0.5, 0.5, 0.5]),
        ({"filter": True}, [np.nan, np.nan, 0.5, 0.5]),
    ):
        served, hits = overridden([override(**deed)], FEATURES, said)
        np.testing.assert_array_equal(served, expected)
        np.testing.assert_array_equal(hits == 1, served != said)


def test_the_order_matters_since_each_sees_what_those_before_it_left() -> None:
    floor, ceiling = override(at_least=0.6), override(at_most=0.4)
    said = np.full(4, 0.5)

    one, _ = overridden([floor, ceiling], FEATURES, said)
    other, _ = overridden([ceiling, floor], FEATURES, said)

    assert (one[0], other[0]) == (0.4, 0.6)


def test_a_row_that_was_filtered_stays_so() -> None:
    served, hits = overridden(
        [override(filter=True), override(replace=1.0)], FEATURES, np.full(4, 0.5)
    )

    assert np.isnan(served[:2]).all()
    assert hits.tolist() == [1, 1, 0, 0]


def test_of_several_classes_one_can_be_served_instead() -> None:
    said = np.array([[0.2, 0.3, 0.5]] * 4)

    served, hits = overridden([override(replace="a")], FEATURES, said, ("a", "b", "c"))

    assert served[0].tolist() == [1.0, 0.0, 0.0]
    assert served[3].tolist() == said[3].tolist()
    assert hits.tolist() == [1, 1, 0, 0]


@given(st.lists(overrides, max_size=5), scores)
def test_a_row_that_none_is_about_is_served_as_the_model_said(
    several: list[Override], said: Floats
) -> None:
    served, hits = overridden(several, FEATURES, said)

    assert served[3] == said[3]  # its hour is missing, which is within no limits
    assert hits[3] == 0


@given(overrides, scores)
def test_the_same_override_twice_does_what_it_does_once(one: Override, said: Floats) -> None:
    once, _ = overridden([one], FEATURES, said)

    twice, hits = overridden([one, one], FEATURES, said)

    np.testing.assert_array_equal(once, twice)
    assert not (hits & 2).any()


@given(st.lists(overrides, max_size=5), scores)
def test_a_hit_is_noted_where_and_only_where_something_was_changed(
    several: list[Override], said: Floats
) -> None:
    served, hits = overridden(several, FEATURES, said)

    is_other = ~((served == said) | (np.isnan(served) & np.isnan(said)))
    assert not (is_other & (hits == 0)).any()


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [({}, "exactly one"), ({"filter": True, "replace": 1.0}, "exactly one")],
)
def test_an_override_does_one_thing(deed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        override(**deed)
