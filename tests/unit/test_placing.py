import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.domain.target import Target
from functions.placing import BINARY, MadeFor, placed

PREDICTIONS = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
MADE_FOR = MadeFor("multiclass", ("a", "b", "c"))


def of(*classes: str) -> Target:
    return Target(column="kind", task="multiclass", classes=classes, delay_days=1)


def test_probabilities_follow_their_classes_into_another_order() -> None:
    found = placed(PREDICTIONS, MADE_FOR, of("c", "a", "b"))

    np.testing.assert_array_equal(found, [[0.2, 0.5, 0.3], [0.7, 0.1, 0.2]])


def test_a_class_that_a_version_does_not_know_has_probability_0_and_another_is_left_out() -> None:
    found = placed(PREDICTIONS, MADE_FOR, of("new", "b", "a"))

    np.testing.assert_array_equal(found, [[0, 0.3, 0.5], [0, 0.2, 0.1]])


def test_what_was_made_for_another_kind_of_target_has_no_place() -> None:
    number = Target(column="kind", task="regression", between=(0, 1), delay_days=1)

    assert placed(PREDICTIONS, MADE_FOR, number) is None
    assert placed(np.array([0.5]), BINARY, number) is None
    assert placed(np.array([0.5]), BINARY, of("a", "b", "c")) is None


@given(st.permutations(["a", "b", "c"]), st.permutations(["a", "b", "c"]))
def test_there_and_back_again_changes_nothing(first: list[str], second: list[str]) -> None:
    made_for = MadeFor("multiclass", tuple(first))

    there = placed(PREDICTIONS, made_for, of(*second))
    assert there is not None
    back = placed(there, MadeFor("multiclass", tuple(second)), of(*first))

    np.testing.assert_array_equal(back, PREDICTIONS)
