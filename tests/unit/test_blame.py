import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ml.checking.blame import ends_of_relations, shifts_beyond, with_chosen_rows

SUM = {
    "all": ("all", "new", "old"),
    "new": ("new", "all"),
    "old": ("old", "all"),
    "wind": ("wind",),
}


def test_a_shift_is_what_lies_beyond_the_usual_one() -> None:
    quiet_and_lively = np.array([[0.0, 0.3], [0.0, 0.3], [0.4, 0.5]])

    assert shifts_beyond(quiet_and_lively) == pytest.approx([0.4, 0.4])


def test_what_moves_no_farther_than_usual_has_no_shift() -> None:
    assert shifts_beyond(np.array([[0.2], [0.4], [0.3]])) == pytest.approx([0])


def test_a_sum_that_no_longer_fits_points_at_the_part_that_moved() -> None:
    moved = {"all": 0.1, "new": 0.8, "old": 0.2, "wind": 0.9}

    told = ends_of_relations({"all": 1.4, "new": 0.7, "old": 0.3, "wind": 0.1}, moved, SUM)

    assert max(told, key=lambda name: told[name]) == "new"
    assert told["new"] == pytest.approx(1.4)
    assert told["all"] == pytest.approx(1.05)
    assert (told["old"], told["wind"]) == (0.3, 0.1)


def test_a_sum_that_moved_most_itself_keeps_the_blame() -> None:
    moved = {"all": 0.8, "new": 0.1, "old": 0.2, "wind": 0.0}
    scores = {"all": 1.4, "new": 0.7, "old": 0.3, "wind": 0.1}

    assert ends_of_relations(scores, moved, SUM) == scores


@given(st.fixed_dictionaries({name: st.floats(0, 5) for name in SUM}), st.data())
def test_no_relation_is_told_louder_and_none_falls_silent(
    told: dict[str, float], data: st.DataObject
) -> None:
    moved = data.draw(st.fixed_dictionaries({name: st.floats(0, 5) for name in SUM}))

    after = ends_of_relations(told, moved, SUM)

    assert max(after.values()) == max(told.values())
    assert all(after[name] >= 1 for name, score in told.items() if score >= 1)


def test_where_many_columns_moved_the_one_with_the_largest_shift_is_blamed_first() -> None:
    scores = {"hour": 2.0, "delay": 1.2, "wind": 0.3, "rows": 0.1}

    after = with_chosen_rows(scores, {"hour": 0.1, "delay": 0.4, "wind": 0.0}, are_repeated=False)

    assert max(after, key=lambda name: after[name]) == "delay"
    assert after["delay"] == pytest.approx(2.0)
    assert {name: after[name] for name in ("hour", "wind", "rows")} == {
        name: scores[name] for name in ("hour", "wind", "rows")
    }


def test_where_rows_come_twice_the_column_that_they_were_chosen_by_is_told_with_them() -> None:
    scores = {"hour": 0.9, "delay": 0.2}

    after = with_chosen_rows(scores, {"hour": 0.1, "delay": 0.4}, are_repeated=True)

    assert after["delay"] >= 1 > after["hour"]


def test_behind_the_column_that_moved_come_those_that_shifted_most_below_their_limits() -> None:
    scores = {"hour": 2.0, "wind": 0.7, "delay": 0.2, "rain": 0.3}
    shifts = {"hour": 0.1, "delay": 0.4, "wind": 0.0, "rain": 0.2}

    after = with_chosen_rows(scores, shifts, are_repeated=False)

    in_order = sorted(after, key=lambda name: after[name], reverse=True)
    assert in_order == ["hour", "delay", "rain", "wind"]
    assert [name for name in after if after[name] >= 1] == ["hour"]


@pytest.mark.parametrize(
    ("scores", "shifts"),
    [
        pytest.param({"hour": 0.9, "delay": 0.2}, {"hour": 0.1, "delay": 0.4}, id="none moved"),
        pytest.param({"hour": 2.0, "delay": 1.2}, {"hour": 0.01, "delay": 0.04}, id="few rows"),
        pytest.param({"rows": 2.0}, {}, id="no columns"),
    ],
)
def test_otherwise_nothing_changes(scores: dict[str, float], shifts: dict[str, float]) -> None:
    assert with_chosen_rows(scores, shifts, are_repeated=False) == scores
