import numpy as np
import pytest

from functions.ml.checking.explain import bin_in_words, quantile_in_words, usual_span
from functions.ml.checking.hashing import hash_words
from functions.ml.checking.ruler import Ruler, rule_numbers, rule_words

RULER = Ruler.of(
    {
        "rain": rule_numbers(np.append(np.zeros(80), np.arange(20.0)), had_nulls=False),
        "carrier": rule_words({"UA": 2, "AA": 1}, hash_words(["UA", "AA"]), had_nulls=False),
        "nothing": rule_numbers(np.zeros(0), had_nulls=True),
    }
)


def index_of(value: float) -> int:
    """Which bin of the rain a value falls into."""
    rule = RULER.columns["rain"]
    return int(np.searchsorted(rule.edges, value, side="right"))  # type: ignore[union-attr]  # it is of numbers


@pytest.mark.parametrize(
    ("value", "words"),
    [(-1e9, "below"), (0.0, "exactly 0 mm"), (8.5, "from"), (1e9, "on")],
)
def test_bins_of_numbers_are_named(value: float, words: str) -> None:
    assert words in bin_in_words(RULER, "rain", index_of(value), "mm")


def test_bins_of_categories_are_named() -> None:
    named = [bin_in_words(RULER, "carrier", index, None) for index in range(3)]

    assert named == ["`UA`", "`AA`", "in other categories"]
    assert bin_in_words(RULER, "nothing", 0, None) == "of any value"


def test_odd_and_very_long_categories_are_named_so_that_a_sentence_can_hold_them() -> None:
    odd = ["x" * 10_000, "a`b\n"]
    words = rule_words(dict.fromkeys(odd, 1), hash_words(odd), had_nulls=False)

    named = {bin_in_words(Ruler.of({"x": words}), "x", index, None) for index in range(2)}

    assert named == {f"`{'x' * 60}…`", "`a'b `"}


def test_quantiles_are_named() -> None:
    named = [quantile_in_words(p) for p in (0.01, 0.05, 0.5, 0.75, 0.99)]

    assert named == [
        "1st percentile",
        "5th percentile",
        "median",
        "75th percentile",
        "99th percentile",
    ]


def test_what_is_usual_leaves_out_the_oddest_partitions_and_what_says_nothing() -> None:
    low, high = usual_span(np.array([np.nan, *range(100)])) or (0.0, 0.0)

    assert 40 <= low <= 45
    assert 95 <= high <= 98
    assert usual_span(np.full(3, np.nan)) is None
