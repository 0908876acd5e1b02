from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from core.domain.constraint import misfit
from tests.builders import a_rule

KINDS = {"distance": "number", "carrier": "category"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"never_null": True}, "never missing"),
        ({"share_of_nulls_at_most": 0.05}, "at most 5.0 % missing"),
        ({"at_least": -1.5}, "at least \N{MINUS SIGN}1.5 mi"),
        ({"at_most": 6000}, "at most 6,000 mi"),
        ({"one_of": ["AA", "B6"]}, "one of `AA`, `B6`"),
        ({"one_of": ["a", "b", "c", "d", 5]}, "one of `a`, `b`, `c` and 2 more"),
        ({"unique": True}, "no value twice"),
        ({"rows_at_least": 1000, "column": None}, "at least 1,000 rows"),
    ],
)
def test_each_rule_is_said_in_words(changes: dict[str, Any], words: str) -> None:
    assert a_rule(**changes).in_words("mi") == words


def test_a_rule_for_a_sensitive_column_is_said_without_its_values() -> None:
    for changes in ({"at_most": 6000}, {"one_of": [17]}):
        words = a_rule(**changes).in_words("mi", is_sensitive=True)

        assert not any(character.isdigit() for character in words)


def test_a_rule_is_judged_up_to_its_last_day() -> None:
    rule = a_rule(expires="2014-01-31")

    assert rule.is_judged_on(date(2014, 1, 31))
    assert not rule.is_judged_on(date(2014, 2, 1))


def test_another_last_day_makes_it_another_rule() -> None:
    assert a_rule().id == a_rule().id
    assert a_rule().id != a_rule(expires="2015-01-31").id


def test_a_reason_is_one_line_however_it_was_folded() -> None:
    assert a_rule(reason="no flight\n  is longer\n").reason == "no flight is longer"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"at_most": None}, "give exactly one rule of never_null, "),
        ({"at_most": 1, "at_least": 0}, "exactly one rule of .*, not `at_least` and `at_most`"),
        ({"never_null": False}, "Input should be True"),
        ({"at_most": float("nan")}, "finite number"),
        ({"share_of_nulls_at_most": 1.5}, "less than 1"),
        ({"one_of": []}, "at least 1 item"),
        ({"one_of": [True]}, "put yes, no, on, off, true and false in quotes"),
        ({"rows_at_least": 10}, "leave `column` out"),
        ({"column": None}, "say which `column` the rule `at_most` is about"),
        ({"owner": "ada"}, "owner"),
        ({"reason": "  "}, "reason"),
        ({"expires": 20140131}, "write the day as 2026-12-31"),
    ],
)
def test_a_rule_that_says_too_much_or_too_little_is_refused(
    changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValidationError, match=why):
        a_rule(**changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"column": "distanse"}, "there is no feature `distanse`; did you mean `distance`?"),
        ({"column": "zzz"}, "there is no feature `zzz`: the key is `flight_id`"),
        (
            {"column": "carrier", "at_most": 3},
            "`at_most` fits numbers, and `carrier` is a category",
        ),
        ({"unique": True}, "`unique` fits the key and categories, and `distance` is a number"),
        ({"one_of": ["far"]}, "`one_of` of `distance` says 'far', which is not a number"),
        (
            {"column": "carrier", "one_of": ["AA", 7.5]},
            "`one_of` of `carrier` says '7.5', which is not a text or a whole number",
        ),
        (
            {"column": "flight_id", "at_least": 1},
            "`at_least` does not fit the key `flight_id`: it can be `never_null` and `unique`",
        ),
    ],
)
def test_a_rule_that_does_not_fit_its_column_is_refused_in_a_sentence(
    changes: dict[str, Any], why: str
) -> None:
    assert misfit([a_rule(**changes)], KINDS, "flight_id") == why


def test_rules_that_fit_are_not_refused() -> None:
    rules = [
        a_rule(),
        a_rule(at_least=0),
        a_rule(one_of=[1, 2.5]),
        a_rule(column="carrier", one_of=["AA", 7]),
        a_rule(column="carrier", unique=True),
        a_rule(column="flight_id", unique=True),
        a_rule(column="flight_id", never_null=True),
        a_rule(column=None, rows_at_least=1),
    ]

    assert misfit(rules, KINDS, "flight_id") is None


def test_a_key_that_is_a_feature_too_can_be_unique_though_it_is_a_number() -> None:
    rules = [a_rule(unique=True), a_rule(never_null=True), a_rule()]

    assert misfit(rules, KINDS, key="distance") is None


def test_the_same_rule_twice_is_refused() -> None:
    twice = [a_rule(), a_rule(at_most=7000)]

    assert misfit(twice, KINDS, "flight_id") == (
        "`at_most` stands twice for `distance`: one of the two has to go"
    )
