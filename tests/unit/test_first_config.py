from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa
import pytest

from infra.local.first_config.columns import ColumnSeen, columns_seen
from infra.local.first_config.goals import Goal, goal
from infra.local.first_config.rules import (
    LeftOut,
    Watched,
    columns_of_classes,
    judged,
    key_candidates,
    score_candidates,
    target_candidates,
    time_candidates,
)
from infra.local.first_config.sensitive import why_sensitive

DAYS = ("2024-05-01", "2024-05-02")
ROWS = 40


def seen(**columns: list[Any]) -> list[ColumnSeen]:
    """Two partitions that hold the same."""
    return columns_seen({day: pa.table(columns) for day in DAYS})


def one(name: str, values: list[Any]) -> ColumnSeen:
    [column] = seen(**{name: values})
    return column


def names(*words: str) -> list[str]:
    return [f"{word}{i}" for i in range(ROWS // len(words)) for word in words]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, None, 2] * 2, "number"),
        ([0.5, 2.0, None, 2.0] * 2, "number"),
        ([True, False, None, True] * 2, "number"),
        ([Decimal("1.50"), Decimal("2.25")] * 4, "number"),
        (["a", "b", None, "b"] * 2, "category"),
    ],
)
def test_what_can_be_counted_is_a_number_and_words_are_categories(
    values: list[Any], kind: Literal["number", "category"]
) -> None:
    assert judged(one("x", values), 2) == Watched("x", kind)


def test_a_code_that_is_written_as_a_number_is_a_category() -> None:
    assert judged(one("zipCode", [10115, 10117] * 4), 2) == Watched(
        "zipCode", "category", "a code, though it is written as a number"
    )


def test_numbers_that_are_written_as_text_are_what_checks_take_them_for() -> None:
    assert judged(one("price", ["1.5", "2.5"] * 4), 2) == Watched(
        "price", "category", "numbers written as text"
    )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([{"a": 1}] * 4, "something nested"),
        ([[1, 2]] * 4, "something nested"),
        ([b"x"] * 4, "bytes"),
        ([timedelta(1)] * 4, "durations"),
        ([None] * 4, "nothing but nulls"),
        ([datetime(2024, 5, 1, tzinfo=UTC)] * 4, "times"),
        (["2024-05-01T10:00:00Z", "2024-05-01T11:00:00Z"] * 2, "times"),
        (names("anna", "ben"), "hardly ever repeats"),
    ],
)
def test_what_says_nothing_of_a_table_is_left_out_with_the_reason(
    values: list[Any], why: str
) -> None:
    verdict = judged(one("x", values), 2)

    assert isinstance(verdict, LeftOut)
    assert why in verdict.why


def test_a_column_that_changes_its_type_is_compared_as_words() -> None:
    tables = {DAYS[0]: pa.table({"x": [1, 1, 2]}), DAYS[1]: pa.table({"x": ["a", "a", "b"]})}

    [column] = columns_seen(tables)

    assert judged(column, 2) == Watched(
        "x", "category", "whole numbers or text, from partition to partition"
    )


def test_a_column_without_values_at_first_is_what_it_became() -> None:
    tables = {DAYS[0]: pa.table({"x": pa.nulls(3)}), DAYS[1]: pa.table({"x": [1, 1, 2]})}

    [column] = columns_seen(tables)

    assert judged(column, 2) == Watched("x", "number")


def test_a_column_that_is_gone_is_left_out_and_a_new_one_is_remarked_on() -> None:
    first, second = pa.table({"old": [1], "x": [1]}), pa.table({"x": [1], "new": [1]})
    gone, new = {c.name: c for c in columns_seen({DAYS[0]: first, DAYS[1]: second})}, "new"

    assert judged(gone["old"], 2) == LeftOut("old", "is not in the newest partition")
    assert judged(gone[new], 2) == Watched(
        new,
        "number",
        "not in every partition that was read: only those that have it are learned from",
    )


def test_a_column_that_stands_twice_is_left_out() -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"])

    [column] = columns_seen({DAYS[0]: table})

    assert judged(column, 1) == LeftOut("x", "stands more than once in a file")


def test_the_partitions_own_day_is_left_out() -> None:
    tables = {day: pa.table({"day": [day, day]}) for day in DAYS}

    assert judged(columns_seen(tables)[0], 2) == LeftOut("day", "repeats the partition's day")


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


@pytest.mark.parametrize(
    "name",
    [
        *("email", "customerEmail", "first_name", "Name", "phone", "client_ip", "IP address"),
        *("iban", "street", "date_of_birth", "userName", "cardholder name"),
    ],
)
def test_a_name_may_say_that_nobody_should_read_a_column(name: str) -> None:
    assert (why_sensitive(one(name, ["x"])) or "").startswith("its name says ")


@pytest.mark.parametrize("name", ["tip", "carrier_name", "shipping", "emails_sent", "zip", "mean"])
def test_a_part_of_a_word_says_nothing(name: str) -> None:
    assert why_sensitive(one(name, ["x"])) is None


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["ada@example.org", "grace@example.org", "unknown"], "e-mail addresses"),
        (["192.0.2.1", "2001:db8::1"], "IP addresses"),
        (["+49 30 901820", "+1 202-555-0143"], "phone numbers"),
        (["(202) 555-0143"], "phone numbers"),
        (["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"], "IBANs"),
    ],
)
def test_words_may_say_so_too(values: list[str], what: str) -> None:
    assert why_sensitive(one("contact", values)) == f"it holds {what}"


@pytest.mark.parametrize(
    "values",
    [
        ["2013-02-08", "2013-02-09"],
        ["DE89370400440532013001"],
        ["1.5", "12"],
        ["AA", "ada@x.org", "B"],
    ],
)
def test_what_only_resembles_it_is_not_sensitive(values: list[str]) -> None:
    assert why_sensitive(one("contact", values)) is None
