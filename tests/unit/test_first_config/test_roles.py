"""Which column is likely the key, the time, the target or a prediction."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from infra.local.first_config.columns import columns_seen
from infra.local.first_config.goals import Goal, goal
from infra.local.first_config.rules import (
    LeftOut,
    columns_of_classes,
    judged,
    key_candidates,
    score_candidates,
    target_candidates,
    time_candidates,
)
from tests.unit.test_first_config.looked_at import DAYS, ROWS, names, one, seen


def test_a_key_is_filled_unique_and_called_so() -> None:
    columns = seen(
        text=names("b"),
        order_id=names("a"),
        amount=[float(i) for i in range(ROWS)],
        counted=list(range(ROWS)),
        gap_id=[None, *names("c")[1:]],
        twice_id=["x"] * ROWS,
        prose=[f"a sentence {i}" for i in range(ROWS)],
    )

    assert key_candidates(columns, []) == ["order_id", "text"]


def test_a_key_is_in_the_labels_too() -> None:
    columns = seen(row_id=names("b"), counted=list(range(ROWS)))

    assert key_candidates(columns, ["counted", "late"]) == ["counted"]


def test_a_file_without_a_key_has_no_candidate() -> None:
    assert key_candidates(seen(x=[1.0, 1.0], y=["a", "a"]), []) == []


def test_the_index_of_a_data_frame_is_neither_key_nor_watched() -> None:
    column = one("__index_level_0__", list(range(ROWS)))

    assert key_candidates([column], ["__index_level_0__"]) == []
    assert judged(column, 2) == LeftOut("__index_level_0__", "is the index of a data frame")


def test_a_time_about_the_partitions_own_day_is_likelier_than_another() -> None:
    tables = {
        day: pa.table(
            {
                "created_at": [datetime(2020, 1, 1, tzinfo=UTC)] * 2,
                "takes_off": [f"{day} 10:00:00", f"{day} 12:30:00"],
            }
        )
        for day in DAYS
    }

    assert time_candidates(columns_seen(tables)) == ["takes_off", "created_at"]


def test_a_time_that_is_always_filled_is_likelier_than_one_with_gaps() -> None:
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)

    columns = seen(event_time=[noon, None], arrival=[noon, noon])

    assert time_candidates(columns) == ["arrival", "event_time"]


def test_a_target_is_a_column_of_the_labels_that_features_do_not_have() -> None:
    labels = seen(flag=[0, 1] * 4, late=[0, 1] * 4, minutes=[3, 70] * 4)
    features = seen(flag=[0, 1] * 4)

    assert target_candidates(labels, features) == ["late", "flag"]


def test_among_features_only_a_name_tells_the_target() -> None:
    features = seen(is_weekend=[0, 1] * 4, churned=[False, True] * 4)

    assert target_candidates([], features) == ["churned"]


def test_words_that_repeat_are_classes_and_rather_those_that_are_called_so() -> None:
    labels = seen(
        row_id=names("a"),
        source=["x", "y", "z", "x"] * 10,
        outcome=["won", "lost", "draw"] * 13 + ["won"],
    )

    assert goal(labels, seen(row_id=names("a"))) == Goal(
        ("outcome", "source"), "multiclass", ("draw", "lost", "won")
    )


def test_whole_numbers_that_repeat_are_classes_in_their_order() -> None:
    labels = seen(grade=[1, 10, 2, 3] * 10)

    assert goal(labels, []) == Goal(("grade",), "multiclass", ("1", "2", "3", "10"))


def test_a_number_is_a_target_with_the_ends_that_were_seen() -> None:
    labels = seen(row_id=list(range(ROWS)), minutes=[float(i) - 7.5 for i in range(ROWS)])

    assert goal(labels, seen(row_id=[1])) == Goal(("minutes",), "regression", between=(-7.5, 31.5))


def test_what_is_0_or_1_is_likelier_than_classes_and_these_than_a_number() -> None:
    flags, words, numbers = [0, 1] * 20, ["a", "b", "c", "a"] * 10, [i / 7 for i in range(ROWS)]

    assert goal(seen(late=flags, kind=words, minutes=numbers), []).columns == ("late",)
    assert goal(seen(kind=words, minutes=numbers), []).columns == ("kind",)


@pytest.mark.parametrize(
    "values",
    [
        names("a", "b"),
        [datetime(2024, 5, 1, tzinfo=UTC)] * ROWS,
        ["a", "b"] * 20,
        list(range(ROWS)),
        [1.5] * ROWS,
        [float("inf"), 1.0] * 20,
    ],
    ids=["names", "times", "two words", "counted rows", "one number", "infinite"],
)
def test_what_can_be_no_target_is_none(values: list[Any]) -> None:
    assert goal(seen(x=values), []) == Goal()


def test_among_features_only_a_name_tells_classes_and_numbers_too() -> None:
    features = seen(carrier=["a", "b", "c", "a"] * 10, outcome=["x", "y", "z", "x"] * 10)

    assert goal([], features).columns == ("outcome",)


def test_each_class_has_the_column_that_is_called_like_it() -> None:
    shares = [0.1, 0.2, 0.3, 0.4] * 10
    predictions = seen(p_on_time=shares, pLate=shares, noise=shares)

    assert columns_of_classes(predictions, ["late", "on time"]) == ["pLate", "p_on_time"]
    assert columns_of_classes(predictions, ["late", "cancelled"]) == []


def test_a_score_is_a_fraction_and_rather_one_that_is_called_so() -> None:
    predictions = seen(noise=[0.2, 0.9] * 4, probability=[0.1, 0.8] * 4, bucket=[1, 7] * 4)

    assert score_candidates(predictions) == ["probability", "noise"]
