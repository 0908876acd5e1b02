from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from infra.local.alert_bench.corruptions.hard import REPLACEMENT_MARK
from infra.local.alert_bench.corruptions.kinds import GROUPS, KINDS, kinds_of
from infra.local.alert_bench.corruptions.situation import CannotApply, Corrupted, Situation
from tests.unit.test_alert_bench.tables import CITIES, orders

CLEAN = orders()
BEFORE = [orders(seed=seed) for seed in range(2, 34)]
NOTHING_FITS = pd.DataFrame({"none": [None] * 20, "zero": [0] * 20})
SHOWS_ON_ZEROS = {
    "to_string",
    "all_null",
    *(f"{kind}_{percent}" for kind in ("null", "minus1") for percent in (5, 10, 20, 40)),
}
ON_ROWS = {"dup_rows", "truncate", "stale_all"}


def spoiled(kind: str, partition: pd.DataFrame = CLEAN, seed: int = 3) -> Corrupted:
    history = BEFORE if partition is CLEAN else [partition] * 3
    return KINDS[kind].apply(Situation(partition, history, np.random.default_rng(seed)))


def column_of(kind: str, name: str) -> "pd.Series[float]":
    """Spoil with seeds until the kind hits the column that the test is about."""
    for seed in range(50):
        corrupted = spoiled(kind, seed=seed)
        if corrupted.columns == (name,):
            return corrupted.partition[name]
    raise AssertionError(f"{kind} never hit {name}")


def test_every_kind_of_the_protocol_is_there() -> None:
    assert [len(kinds_of(group)) for group in GROUPS] == [12, 14, 9]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_changes_what_it_says_and_nothing_else(kind: str) -> None:
    before = CLEAN.copy()

    corrupted = spoiled(kind)

    assert CLEAN.equals(before), "the clean partition stays clean"
    assert not corrupted.partition.equals(CLEAN)
    if len(corrupted.partition) == len(CLEAN) and not kind.startswith(("segment", "stale_all")):
        others = CLEAN.columns.difference(list(corrupted.columns))
        assert corrupted.columns
        assert corrupted.partition[others].equals(CLEAN[others])


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_does_the_same_again_with_the_same_seed(kind: str) -> None:
    assert spoiled(kind).partition.equals(spoiled(kind).partition)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - SHOWS_ON_ZEROS - ON_ROWS))
def test_a_kind_that_would_not_show_says_so(kind: str) -> None:
    with pytest.raises(CannotApply):
        spoiled(kind, NOTHING_FITS)


@pytest.mark.parametrize("kind", sorted(SHOWS_ON_ZEROS))
def test_a_kind_without_a_filled_column_says_so(kind: str) -> None:
    with pytest.raises(CannotApply):
        spoiled(kind, NOTHING_FITS[["none"]])


@pytest.mark.parametrize(
    ("kind", "factor"), [("sign_flip", -1), ("unit_x1000", 1000), ("unit_x0.3048", 0.3048)]
)
def test_units_and_signs_multiply(kind: str, factor: float) -> None:
    assert np.allclose(column_of(kind, "price"), CLEAN["price"] * factor)


def test_numbers_become_text_and_nulls_stay() -> None:
    with_null = CLEAN.assign(pieces=CLEAN["pieces"].astype(float)).astype({"price": float})
    with_null.loc[0, ["price", "pieces"]] = np.nan

    [name] = spoiled("to_string", with_null).columns
    column = spoiled("to_string", with_null).partition[name]

    assert pd.isna(column[0])
    assert float(column[1]) == with_null[name][1]
    assert all(isinstance(value, str) for value in column[1:])


def test_a_constant_is_the_most_frequent_value() -> None:
    [constant] = set(column_of("constant", "city"))

    assert constant in set(CLEAN["city"].mode())


def test_all_values_of_a_column_are_lost() -> None:
    corrupted = spoiled("all_null")

    assert corrupted.partition[list(corrupted.columns)].isna().all(axis=None)


def test_half_of_the_rows_come_twice() -> None:
    corrupted = spoiled("dup_rows")

    assert len(corrupted.partition) == 300
    assert corrupted.partition.index.value_counts().max() == 2
    assert corrupted.columns == ()


def test_only_the_first_rows_are_left() -> None:
    assert spoiled("truncate").partition.equals(CLEAN.iloc[:80])


def test_two_columns_of_one_type_are_exchanged() -> None:
    two = pd.DataFrame({"a": range(9), "b": range(9, 18), "c": np.linspace(0, 1, 9)})

    corrupted = spoiled("swap_cols", two)

    assert set(corrupted.columns) == {"a", "b"}
    assert corrupted.partition["a"].tolist() == two["b"].tolist()
    assert corrupted.partition["b"].tolist() == two["a"].tolist()


def test_case_turns_to_lower_and_what_is_lower_to_upper() -> None:
    lower = CLEAN.assign(city=CLEAN["city"].str.lower())

    assert set(spoiled("cat_case").partition["city"]) == {city.lower() for city in CITIES}
    assert set(spoiled("cat_case", lower).partition["city"]) == {city.upper() for city in CITIES}


def test_a_category_that_never_was_takes_a_third_of_the_rows() -> None:
    city = spoiled("cat_oov").partition["city"]

    [unseen] = set(city) - set(CITIES)
    assert unseen.startswith("UNKNOWN_")
    assert (city == unseen).mean() == pytest.approx(0.3, abs=0.1)


def test_a_wrong_encoding_leaves_marks_and_blanks_on_half_of_the_values() -> None:
    city = spoiled("cat_encoding").partition["city"]

    assert city.str.endswith(REPLACEMENT_MARK).mean() == pytest.approx(0.25, abs=0.1)
    assert city.str.endswith(" ").mean() == pytest.approx(0.25, abs=0.1)


@pytest.mark.parametrize("percent", [5, 10, 20, 40])
def test_a_share_of_values_is_lost_or_overwritten(percent: int) -> None:
    lost = spoiled(f"null_{percent}")
    zeros = column_of(f"zero_{percent}", "pieces")
    ones = column_of(f"minus1_{percent}", "pieces")

    assert lost.partition[lost.columns[0]].isna().sum() == 2 * percent
    assert (zeros == 0).sum() == (ones == -1).sum() == 2 * percent
    assert zeros.dtype == CLEAN["pieces"].dtype


def test_a_column_is_the_one_of_the_partition_before() -> None:
    assert column_of("stale_col", "price").tolist() == BEFORE[-1]["price"].tolist()


def test_a_stale_column_is_cut_or_repeated_to_length() -> None:
    longer = pd.concat([orders(), orders(seed=5)], ignore_index=True)
    situation = Situation(longer, [CLEAN], np.random.default_rng(3))

    corrupted = KINDS["stale_col"].apply(situation)

    [name] = corrupted.columns
    assert corrupted.partition[name].tolist() == CLEAN[name].tolist() * 2


def test_the_whole_partition_before_comes_again() -> None:
    assert spoiled("stale_all").partition.equals(BEFORE[-1])


@pytest.mark.parametrize("deviations", [0.25, 0.5, 1])
def test_a_mean_moves_by_deviations_of_the_past(deviations: float) -> None:
    moved = column_of(f"mean_{deviations}", "price") - CLEAN["price"]

    usual = pd.concat(BEFORE[-30:])["price"].std()
    assert np.allclose(moved.abs(), deviations * usual)
    assert np.allclose(moved, moved[0]), "all values go the same way"


def test_whole_numbers_stay_whole() -> None:
    assert column_of("mean_1", "pieces").dtype == CLEAN["pieces"].dtype


@pytest.mark.parametrize("factor", [0.5, 2])
def test_a_spread_changes_around_the_same_mean(factor: float) -> None:
    stretched = column_of(f"scale_{factor}", "price")

    assert stretched.mean() == pytest.approx(CLEAN["price"].mean())
    assert stretched.std() == pytest.approx(CLEAN["price"].std() * factor)


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_rows_of_a_segment_replace_a_share_of_the_others(share: float) -> None:
    corrupted = next(
        found
        for found in (spoiled(f"segment_{share}", seed=seed) for seed in range(50))
        if found.columns == ("city",)
    )

    grown = corrupted.partition["city"].value_counts() - CLEAN["city"].value_counts()
    segment = str(grown.idxmax())
    outside = (CLEAN["city"] != segment).sum()
    assert len(corrupted.partition) == len(CLEAN)
    assert grown[segment] == int(share * outside)
    drawn = corrupted.partition[corrupted.partition["city"] == segment]["price"]
    pool = pd.concat([CLEAN, *BEFORE[-10:]])
    assert set(drawn) <= set(pool[pool["city"] == segment]["price"]), "whole rows are drawn"


@pytest.mark.parametrize("share", [0.2, 0.4])
def test_a_share_of_a_column_becomes_one_of_its_own_categories(share: float) -> None:
    city = spoiled(f"catmix_{share}").partition["city"]

    grown = city.value_counts() - CLEAN["city"].value_counts()
    assert set(city) == set(CITIES)
    assert (grown > 0).sum() == 1
    assert grown.max() / len(CLEAN) == pytest.approx(share * 3 / 4, abs=0.1)


@pytest.mark.parametrize("spoil", [spoiled, lambda kind: spoiled(kind, NOTHING_FITS)])
def test_duplicates_and_cuts_always_apply(spoil: Callable[[str], Corrupted]) -> None:
    assert len(spoil("dup_rows").partition) > len(spoil("truncate").partition)
