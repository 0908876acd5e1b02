import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.domain.origin import Movement, Nature, Origin, judge_origin
from core.domain.verdict import Basis, Blame, ErrorClass, Severity, Verdict
from functions.ml.checking.movement import breadth_of, gradual_of


def a_verdict(error_class: ErrorClass | None) -> Verdict:
    blame = Blame(column="distance", score=2, error_class=ErrorClass.DRIFT, sentence="moved")
    return Verdict(
        basis=Basis.REFERENCE,
        error_class=error_class,
        severity=Severity.of(error_class),
        blamed=(blame,) if error_class else (),
    )


def a_movement(**changes: object) -> Movement:
    stated = {
        "has_new": False,
        "is_apart": False,
        "gradual": 0.0,
        "breadth": 0.0,
        "is_of_rows": False,
        "columns": 17,
    }
    return Movement.model_validate(stated | changes)


def origin(error_class: ErrorClass | None = ErrorClass.DRIFT, **changes: object) -> Origin | None:
    return judge_origin(a_verdict(error_class), a_movement(**changes))


@pytest.mark.parametrize("days_ago", [0, 1, 4])
def test_a_jump_is_not_gradual_however_long_ago(days_ago: int) -> None:
    way = np.zeros(10)
    way[9 - days_ago :] = 1

    assert gradual_of(way) < 0.1


@pytest.mark.parametrize("days", [2, 3, 6, 9])
def test_a_rise_over_days_is_gradual(days: int) -> None:
    way = np.clip(1 - np.arange(10)[::-1] / days, 0, 1)

    assert gradual_of(way) > 0.9


@given(arrays(np.float64, 10, elements=st.floats(-3, 3)))
def test_how_gradual_it_is_lies_between_none_and_all(way: np.ndarray) -> None:
    assert 0 <= gradual_of(way) <= 1


@given(arrays(np.float64, st.integers(1, 20), elements=st.floats(0.01, 3)))
def test_breadth_lies_between_none_and_all_and_knows_no_unit(scores: np.ndarray) -> None:
    assert -1e-9 <= breadth_of(scores) <= 1 + 1e-9
    assert breadth_of(scores) == pytest.approx(breadth_of(scores * 7))


def test_columns_that_move_alike_are_broad_and_one_alone_is_not() -> None:
    assert breadth_of(np.full(8, 1.3)) == pytest.approx(1)
    assert breadth_of(np.array([3, 1e-9, 1e-9, 1e-9])) == pytest.approx(0, abs=1e-6)
    assert breadth_of(np.array([3.0, 3.0, 1e-9])) == pytest.approx(0.5)


def test_a_jump_of_one_column_looks_like_a_data_incident() -> None:
    found = origin()

    assert found is not None
    assert found.sentence == (
        "a data incident: one of 17 columns moved, from one partition to the next; "
        "a sudden event in the world looks the same"
    )


def test_many_columns_that_move_by_degrees_look_like_natural_drift() -> None:
    found = origin(gradual=0.8, breadth=0.5)

    assert found is not None
    assert found.sentence == (
        "natural drift: many of 17 columns moved, by degrees over the last partitions"
    )


@pytest.mark.parametrize("gradual", [0.0, 0.3, 1.0])
def test_what_was_never_there_is_a_data_incident_however_it_came(gradual: float) -> None:
    found = origin(ErrorClass.SOFT, has_new=True, gradual=gradual, breadth=1.0)

    assert found is not None
    assert found.nature is Nature.UNNATURAL


def test_a_column_that_only_left_the_others_is_a_data_incident() -> None:
    found = origin(is_apart=True, gradual=1.0)

    assert found is not None
    assert found.nature is Nature.UNNATURAL
    assert "no longer goes with the others" in found.why


def test_when_the_row_count_moved_most_it_is_named() -> None:
    found = origin(is_of_rows=True)

    assert found is not None
    assert found.why.startswith("the number of rows changed, from one partition to the next")


@pytest.mark.parametrize("error_class", [None, ErrorClass.HARD])
def test_what_is_well_or_plainly_broken_needs_no_origin(error_class: ErrorClass | None) -> None:
    assert origin(error_class) is None


def test_without_enough_history_nothing_is_said() -> None:
    assert judge_origin(a_verdict(ErrorClass.DRIFT), None) is None
