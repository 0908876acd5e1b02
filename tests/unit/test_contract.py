import numpy as np
import pytest

from core.domain.finding import Finding, Kind
from core.domain.reference import ColumnReference
from core.domain.summary import ColumnSummary
from functions.ml.bins import freeze_edges
from functions.ml.contract import broken_promises
from functions.ml.learn import Frozen, learn_column, unseen_shares
from functions.ml.profile import profile_numbers, profile_words
from functions.ml.stability import Floats

RNG = np.random.default_rng(11)


def learned(days: list[Floats], nulls: int = 0) -> ColumnReference:
    """Learn a column of numbers, so many nulls in each partition."""
    edges = freeze_edges(np.concatenate(days))
    frozen = Frozen(is_sensitive=False, unit="mi", edges=tuple(edges), words=(), unseen=())
    reference, _ = learn_column([profile_numbers(day, nulls, edges) for day in days], frozen)
    return reference


def seen(values: Floats, nulls: int, reference: ColumnReference) -> ColumnSummary:
    return profile_numbers(
        values, nulls, np.array(reference.edges), allowed=reference.promise.range
    )


def broken(values: Floats, nulls: int, reference: ColumnReference) -> dict[Kind, Finding]:
    """Return what is broken, by kind."""
    found = broken_promises("distance", seen(values, nulls, reference), reference)
    return {finding.kind: finding for finding in found if finding.score >= 1}


MILES = [RNG.uniform(200, 2000, 500) for _ in range(12)]


def test_a_partition_like_the_others_keeps_every_promise() -> None:
    assert broken(RNG.uniform(200, 2000, 500), 0, learned(MILES)) == {}


def test_negative_values_break_a_contract_that_never_had_them() -> None:
    found = broken(-MILES[0], 0, learned(MILES))

    assert found[Kind.NEGATIVE].seen == 1.0


def test_a_season_that_comes_down_to_zero_is_not_promised_to_stop_there() -> None:
    falling = [RNG.normal(60 - 4 * day, 2, 500) for day in range(13)]

    assert not learned(falling).promise.never_negative


def test_where_zeros_are_common_zero_is_a_bound() -> None:
    assert learned([np.maximum(day - 500, 0) for day in MILES]).promise.never_negative


def test_a_few_absurd_values_are_found_and_the_worst_is_named() -> None:
    values = MILES[0].copy()
    values[:10] = 1e6

    found = broken(values, 0, learned(MILES))

    assert found[Kind.RANGE].sentence == (
        "`distance`: 2.0 % (1,000,000 mi) far outside everything seen before"
    )


def test_two_absurd_values_alone_are_not_an_alert() -> None:
    values = MILES[0].copy()
    values[:2] = 1e6

    assert broken(values, 0, learned(MILES)) == {}


def test_a_column_that_often_leaves_its_range_is_not_promised_one() -> None:
    rain = [np.append(np.zeros(400), RNG.uniform(0, 0.01, 100)) for _ in range(12)]
    rain[5][-1] = 2.0

    assert learned(rain).promise.range is None


def test_a_constant_is_not_promised_a_range() -> None:
    assert learned([np.full(50, 7.0)] * 12).promise.range is None


def test_a_useless_column_is_a_hard_error_and_a_few_nulls_are_not() -> None:
    reference = learned(MILES, nulls=50)

    assert Kind.NULLS in broken(MILES[0][:100], 400, reference)
    assert broken(MILES[0], 60, reference) == {}


def test_a_column_that_was_empty_before_may_be_empty_again() -> None:
    sometimes = [*MILES[:11], np.empty(0)]
    reference = learned(sometimes, nulls=10)

    assert reference.promise.most_nulls is None
    assert broken(np.empty(0), 500, reference) == {}


def words(days: list[dict[str, int]]) -> ColumnReference:
    known = tuple(sorted({word for day in days for word in day}))
    frozen = Frozen(
        is_sensitive=False, unit=None, edges=(), words=known, unseen=unseen_shares(days)
    )
    reference, _ = learn_column([profile_words(day, 0, known) for day in days], frozen)
    return reference


@pytest.mark.parametrize(("rows", "is_broken"), [(5, False), (500, True)])
def test_another_coding_is_an_error_and_a_new_shop_is_not(rows: int, *, is_broken: bool) -> None:
    reference = words([{"AA": 400, "UA": 500}] * 12)

    column = profile_words({"AA": 400, "ua": rows}, 0, reference.words)

    found = [f for f in broken_promises("carrier", column, reference) if f.score >= 1]
    assert [f.kind for f in found] == ([Kind.UNSEEN] if is_broken else [])


def test_an_identifier_is_not_promised_to_repeat() -> None:
    days = [{f"{day}-{row}": 1 for row in range(9)} for day in range(12)]
    assert words(days).promise.most_unseen is None


def test_an_empty_column_keeps_all_its_promises() -> None:
    assert list(broken_promises("d", seen(np.empty(0), 0, learned(MILES)), learned(MILES))) == []
