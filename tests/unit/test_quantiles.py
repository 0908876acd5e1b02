import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.arrays import Floats
from functions.ml.checking.quantiles import around_quantiles, side_by_side, side_by_side_edges
from functions.ml.checking.ruler import NumberRuler

WANTED = (0.01, 0.25, 0.5, 0.99)


def averaged(counts: Floats, rule: NumberRuler, low: float, high: float) -> list[float]:
    """Walk along the ranks around each quantile of one column of one partition."""
    ends = np.clip([-np.inf, *rule.edges, np.inf], low, high)
    upto = np.concatenate([[0], np.cumsum(counts)])
    found = []
    for wanted in WANTED:
        reach = 0.4 * min(wanted, 1 - wanted)
        ranks = np.linspace(wanted - reach, wanted + reach, 2001) * upto[-1]
        middles = (ranks[1:] + ranks[:-1]) / 2
        bins = np.clip(np.searchsorted(upto, middles) - 1, 0, len(counts) - 1)
        way = (middles - upto[bins]) / counts[bins]
        found.append(float((ends[bins] + way * (ends[bins + 1] - ends[bins])).mean()))
    return found


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 5))
def test_what_lies_around_quantiles_of_many_columns_is_what_lies_around_each(
    seed: int, columns: int, partitions: int
) -> None:
    rng = np.random.default_rng(seed)
    edges = [np.sort(rng.normal(size=rng.integers(0, 6))) for _ in range(columns)]
    rules = [NumberRuler(of, 0.0, 1.0, (-9.0, 9.0), had_nulls=False) for of in edges]
    counts = [rng.integers(0, 4, (partitions, rule.bins)).astype(float) for rule in rules]
    for of in counts:
        of[:, 0] += 1  # each has a row
    low, high = rng.uniform(-5, -1, (partitions, columns)), rng.uniform(1, 5, (partitions, columns))

    found = around_quantiles(side_by_side(counts), side_by_side_edges(rules), low, high, WANTED)

    for partition in range(partitions):
        for i, rule in enumerate(rules):
            ends = float(low[partition, i]), float(high[partition, i])
            one = averaged(counts[i][partition], rule, *ends)
            assert found[:, partition, i] == pytest.approx(one, abs=0.01)


def test_a_column_without_a_value_has_no_quantile() -> None:
    rule = NumberRuler(np.array([0.0, 1.0]), 0.0, 1.0, (-9.0, 9.0), had_nulls=True)
    nothing, counts = np.full((1, 1), np.nan), side_by_side([np.zeros((1, 3))])

    found = around_quantiles(counts, side_by_side_edges([rule]), nothing, nothing, WANTED)

    assert np.isnan(found).all()
