from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from core.domain.evaluation import ProposedSlice
from core.domain.model_config import Column
from functions.arrays import Flags, Floats
from functions.ml.judging.slice_cells import cut
from functions.ml.judging.slice_search import Searched, search
from functions.ml.where import mask

ROWS, SEEDS, DAYS = 20_000, 10, 7
Meant = Callable[[pd.DataFrame], Flags]


def rows_of(seed: int, rows: int = ROWS) -> pd.DataFrame:
    """Make rows of three numbers and three categories that know nothing of each other."""
    rng = np.random.default_rng(seed)
    numbers = {f"n{at}": rng.normal(size=rows) for at in range(3)}
    words = {
        f"c{at}": rng.choice([f"w{word}" for word in range(size)], rows)
        for at, size in enumerate((4, 5, 20))
    }
    return pd.DataFrame(numbers | words)


def columns(features: pd.DataFrame) -> dict[str, Column]:
    return {
        str(name): Column(type="number" if str(name).startswith("n") else "category")
        for name in features
    }


def days(rows: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return (np.arange(rows) * DAYS // rows).astype(np.intp)


def searched(features: pd.DataFrame, losses: Floats, minimum: int = 100) -> Searched:
    return Searched(features, columns(features), losses, days(len(losses)), minimum)


def found_in(features: pd.DataFrame, losses: Floats) -> tuple[ProposedSlice, ...]:
    return search(searched(features, losses), np.random.default_rng(0))


def wrong(features: pd.DataFrame, is_worse: Flags, seed: int) -> Floats:
    """Make errors in 20 rows of 100; in some rows in 30."""
    chance = np.random.default_rng(seed + 1000).uniform(size=len(features))
    return (chance < np.where(is_worse, 0.3, 0.2)).astype(np.float64)


def overlap(one: Flags, other: Flags) -> float:
    return float((one & other).sum() / (one | other).sum())


def lowest(values: "pd.Series[float]", share: float) -> Flags:
    return (values < values.quantile(share)).to_numpy()


PLANTED: dict[str, Meant] = {
    "one category": lambda f: (f["c2"] == "w3").to_numpy(),
    "one number": lambda f: lowest(f["n1"], 0.05),
    "two categories": lambda f: ((f["c0"] == "w1") & (f["c1"] == "w3")).to_numpy(),
    "a category and a number": lambda f: (f["c0"] == "w1").to_numpy() & lowest(f["n2"], 0.2),
    "two numbers": lambda f: lowest(f["n0"], 0.25) & lowest(f["n2"], 0.2),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_slice_is_among_the_first_three(planted: str) -> None:
    hits = 0
    for seed in range(SEEDS):
        features = rows_of(seed)
        is_worse = PLANTED[planted](features)
        assert is_worse.mean() == pytest.approx(0.05, abs=0.006)

        proposed = found_in(features, wrong(features, is_worse, seed))

        hits += any(overlap(mask(one.where, features), is_worse) > 0.7 for one in proposed[:3])

    assert hits >= 9


def test_where_nothing_is_worse_nothing_is_proposed() -> None:
    quiet = 0
    for seed in range(20):
        features = rows_of(seed, 5000)

        quiet += not found_in(features, wrong(features, np.zeros(5000, np.bool_), seed))

    assert quiet >= 18


def test_a_proposal_says_how_much_worse_it_is_and_its_interval_holds_the_truth() -> None:
    features = rows_of(3)
    is_worse = PLANTED["one category"](features)
    losses = wrong(features, is_worse, 3)

    [proposed] = found_in(features, losses)

    assert proposed.name == "c2 is w3"
    assert proposed.rows == is_worse.sum()
    assert proposed.loss == pytest.approx(losses[is_worse].mean())
    assert proposed.elsewhere == pytest.approx(losses[~is_worse].mean())
    assert proposed.excess.middle == pytest.approx(proposed.loss - proposed.elsewhere)
    assert proposed.excess.low is not None
    assert proposed.excess.high is not None
    assert 0 < proposed.excess.low <= 0.1 <= proposed.excess.high


def test_two_bad_slices_are_two_proposals_and_no_third_says_the_same() -> None:
    features = rows_of(5)
    one, other = (features["c2"] == "w3").to_numpy(), (features["c1"] == "w2").to_numpy()
    chance = np.random.default_rng(8).uniform(size=ROWS)
    losses = (chance < np.where(one | other, 0.4, 0.2)).astype(np.float64)

    proposed = found_in(features, losses)

    assert {one.name for one in proposed} == {"c2 is w3", "c1 is w2"}


def test_the_order_of_rows_within_a_day_does_not_matter() -> None:
    features = rows_of(3)
    losses = wrong(features, PLANTED["one category"](features), 3)
    order = np.lexsort((np.random.default_rng(1).random(ROWS), days(ROWS)))

    turned = found_in(features.iloc[order].reset_index(drop=True), losses[order])

    one, other = found_in(features, losses)[0], turned[0]
    assert one.where == other.where
    assert one.excess.middle == pytest.approx(other.excess.middle)


def test_a_hard_day_blames_no_slice() -> None:
    features = rows_of(2, 7000)
    features["c0"] = np.where(days(7000) == 3, "w0", features["c0"])
    chance = np.random.default_rng(3).uniform(size=7000)
    losses = (chance < np.where(days(7000) == 3, 0.6, 0.2)).astype(np.float64)

    assert found_in(features, losses) == ()


def test_what_is_worse_on_one_day_only_is_not_proposed() -> None:
    features = rows_of(2)
    is_worse = (features["c1"] == "w1").to_numpy() & (days(ROWS) == 4)

    losses = np.where(is_worse, 1.0, wrong(features, is_worse, 2))

    assert [one.name for one in found_in(features, losses)] == []


def test_a_loss_that_is_higher_by_a_hair_is_not_worth_a_name() -> None:
    features = rows_of(1, 200_000)
    chance = np.random.default_rng(1).uniform(size=200_000)
    is_worse = (features["c0"] == "w0").to_numpy()
    losses = (chance < np.where(is_worse, 0.212, 0.2)).astype(np.float64)

    assert found_in(features, losses) == ()


@pytest.mark.parametrize("rows", [1, 50, 199])
def test_too_few_rows_are_not_searched(rows: int) -> None:
    features = rows_of(1, rows)

    assert found_in(features, np.ones(rows)) == ()


@pytest.mark.parametrize("loss", [0.0, 1.0])
def test_losses_that_are_all_the_same_blame_nothing(loss: float) -> None:
    assert found_in(rows_of(1, 1000), np.full(1000, loss)) == ()


def test_columns_that_tell_nothing_apart_are_passed_over() -> None:
    features = pd.DataFrame(
        {"n0": np.full(1000, 3.0), "n1": np.full(1000, np.nan), "c0": ["a"] * 1000}
    )

    assert cut(features, columns(features), 8) == []
    assert found_in(features, np.random.default_rng(0).uniform(size=1000)) == ()


def test_a_missing_number_is_in_no_slice_and_a_missing_category_can_be_one() -> None:
    rng = np.random.default_rng(0)
    features = pd.DataFrame(
        {
            "n0": np.where(rng.uniform(size=10_000) < 0.3, np.nan, rng.normal(size=10_000)),
            "c0": rng.choice(["a", "b", ""], 10_000),
        }
    )
    losses = (rng.uniform(size=10_000) < np.where(features["c0"] == "", 0.5, 0.2)).astype(float)

    [proposed] = found_in(features, losses)

    assert proposed.name == "c0 is missing"
    for one in cut(features, columns(features), 8):
        for number, condition in enumerate(one.conditions):
            is_meant = mask((condition,), features)
            assert (np.append(one.covers[number], 0)[one.cell] == is_meant).all()
