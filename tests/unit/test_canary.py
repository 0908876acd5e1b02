from random import Random

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import VersionId
from functions.ml.scoring.canary import in_canary

KEYS = pd.Index([f"flight-{number}" for number in range(4000)], dtype="str")
versions = st.builds(lambda n: VersionId(f"ver_{n}"), st.integers(0, 10**9))
shares = st.floats(0.01, 0.5)


@given(versions, shares)
def test_the_share_is_kept_within_what_chance_allows(canary: VersionId, share: float) -> None:
    expected, spread = share * len(KEYS), (share * (1 - share) * len(KEYS)) ** 0.5

    assert abs(in_canary(KEYS, canary, share).sum() - expected) < 6 * spread  # once in 500 million


@given(versions, shares, st.randoms())
def test_an_entity_stays_where_it_is_whatever_rows_stand_around_it(
    canary: VersionId, share: float, random: Random
) -> None:
    order = random.sample(range(len(KEYS)), 100)

    some = in_canary(KEYS[order], canary, share)

    np.testing.assert_array_equal(some, in_canary(KEYS, canary, share)[order])


@given(versions, shares, shares)
def test_a_larger_share_keeps_all_that_the_smaller_one_had(
    canary: VersionId, one: float, other: float
) -> None:
    small, large = sorted((one, other))

    assert not (in_canary(KEYS, canary, small) & ~in_canary(KEYS, canary, large)).any()


def test_the_next_canary_draws_others() -> None:
    first, second = (in_canary(KEYS, VersionId(name), 0.5) for name in ("ver_a", "ver_b"))

    assert abs((first & second).mean() - 0.25) < 0.05


def test_the_hash_is_the_same_on_every_machine_and_day() -> None:
    chosen = in_canary(pd.Index(["a", "b", "c", "d", "e"], dtype="str"), VersionId("ver_a"), 0.5)

    assert chosen.tolist() == [True, False, False, False, True]
