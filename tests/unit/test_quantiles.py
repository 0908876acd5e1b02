import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.arrays import Floats
from functions.ml.checking.quantiles import quantiles_of, side_by_side
from functions.ml.checking.ruler import NumberRuler

WANTED = (0.01, 0.25, 0.5, 0.99)


def read_one_by_one(counts: Floats, rule: NumberRuler, low: float, high: float) -> list[float]:
    """Walk along the bins of one column of one partition."""
    ends = np.clip([-np.inf, *rule.edges, np.inf], low, high)
    found = []
    for wanted in WANTED:
        left, at = counts.sum() * wanted, 0
        while at < len(counts) - 1 and left > counts[at]:
            left, at = left - counts[at], at + 1
        way = min(max(left / max(counts[at], 1), 0), 1)
        found.append(ends[at] + way * (ends[at + 1] - ends[at]))
    return found


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 5))
def test_quantiles_of_many_columns_are_those_of_each(
    seed: int, columns: int, partitions: int
) -> None:
    rng = np.random.default_rng(seed)
    edges = [np.sort(rng.normal(size=rng.integers(0, 6))) for _ in range(columns)]
    rules = [NumberRuler(of, 0.0, 1.0, (-9.0, 9.0), had_nulls=False) for of in edges]
    counts = [rng.integers(0, 4, (partitions, rule.bins)).astype(float) for rule in rules]
    low, high = rng.uniform(-5, -1, (partitions, columns)), rng.uniform(1, 5, (partitions, columns))

    found = quantiles_of(side_by_side(counts), rules, low, high, WANTED)

    for partition in range(partitions):
        for i, rule in enumerate(rules):
            ends = float(low[partition, i]), float(high[partition, i])
            one = read_one_by_one(counts[i][partition], rule, *ends)
            assert found[:, partition, i] == pytest.approx(one, rel=1e-9, abs=1e-9)


def test_a_column_without_a_value_has_no_quantile() -> None:
    rule = NumberRuler(np.array([0.0, 1.0]), 0.0, 1.0, (-9.0, 9.0), had_nulls=True)
    nothing = np.full((1, 1), np.nan)

    found = quantiles_of(side_by_side([np.zeros((1, 3))]), [rule], nothing, nothing, WANTED)

    assert np.isnan(found).all()
