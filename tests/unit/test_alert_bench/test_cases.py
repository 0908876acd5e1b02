from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from infra.local.alert_bench.case_folder import NATURAL, CaseFolder
from infra.local.alert_bench.cases import WARM_UP, Deck, make_cases, places
from infra.local.alert_bench.corruptions.kinds import kinds_of
from infra.local.alert_bench.corruptions.situation import Situation
from infra.local.alert_bench.data_sets import DataSet
from tests.unit.test_alert_bench.tables import a_data_set, orders


def test_places_are_evenly_spaced_from_the_warm_up_to_the_end() -> None:
    assert places(33) == [30, 31, 32]
    assert places(131, most=5) == [30, 55, 80, 105, 130]
    assert len(places(1000)) == 60


def test_each_place_has_a_natural_case_and_one_of_each_group(tmp_path: Path) -> None:
    manifest = make_cases([a_data_set()], tmp_path, seed=7)

    by_place = manifest.of("orders", stride=1)
    assert list(by_place) == list(range(WARM_UP, 36))
    for cases in by_place.values():
        assert [case.group for case in cases] == [NATURAL, "hard", "soft", "drift"]
    assert manifest.data_sets == ["orders"]


def test_a_stride_takes_every_so_many_th_place(tmp_path: Path) -> None:
    manifest = make_cases([a_data_set()], tmp_path, seed=7)

    assert list(manifest.of("orders", stride=4)) == [30, 34]


def test_the_same_seed_makes_the_same_cases_and_another_one_others(tmp_path: Path) -> None:
    first = make_cases([a_data_set()], tmp_path / "a", seed=7)
    again = make_cases([a_data_set()], tmp_path / "b", seed=7)
    other = make_cases([a_data_set()], tmp_path / "c", seed=8)

    assert first == again
    assert first.hash != other.hash


def test_the_hash_sees_one_changed_value_of_the_history(tmp_path: Path) -> None:
    data_set = a_data_set()
    first, *others = data_set.partitions
    changed = DataSet(data_set.name, data_set.keys, (first.assign(price=1.0), *others))

    before = make_cases([data_set], tmp_path / "a", seed=7)
    after = make_cases([changed], tmp_path / "b", seed=7)

    assert before.hash != after.hash


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    data_set = a_data_set()
    folder = CaseFolder(tmp_path)
    assert not folder.has_manifest()

    manifest = make_cases([data_set], tmp_path, seed=7)

    assert folder.manifest() == manifest
    for (key, read), known_key, known in zip(
        folder.partitions("orders"), data_set.keys, data_set.partitions, strict=True
    ):
        assert key == known_key
        pd.testing.assert_frame_equal(read, known)
    spoiled = next(case for case in manifest.cases if case.columns)
    natural = data_set.partitions[spoiled.at]
    assert not folder.read(spoiled).equals(natural)


def test_a_deck_deals_every_kind_once_before_it_is_shuffled_again() -> None:
    chance = np.random.default_rng(1)
    deck = Deck("hard", chance)
    varied = orders().assign(cost=np.linspace(1, 50, 200))
    situation = Situation(varied, [varied], chance)

    dealt = [deck.deal(situation) for _ in range(2 * len(kinds_of("hard")))]

    names = [each[0] for each in dealt if each]
    assert sorted(names) == sorted(2 * kinds_of("hard"))


def test_a_deck_whose_kinds_all_do_not_fit_deals_nothing() -> None:
    empty = pd.DataFrame({"none": [None] * 20})
    chance = np.random.default_rng(1)

    assert Deck("drift", chance).deal(Situation(empty, [empty], chance)) is None


def test_rows_are_split_by_partition_and_keep_their_order() -> None:
    rows = pd.DataFrame({"n": [3, 1, 2], "paid": [True, False, True]})

    split = DataSet.split("d", rows, pd.Series(["2026-01-02", "2026-01-01", "2026-01-02"]))

    assert split.keys == ("2026-01-01", "2026-01-02")
    assert split.partitions[1]["n"].tolist() == [3, 2]
    assert split.partitions[1]["paid"].tolist() == [1, 1]
    assert split.partitions[1]["paid"].dtype == np.int64


@pytest.mark.parametrize("partitions", [31, 36])
def test_a_short_data_set_is_checked_at_every_place(partitions: int) -> None:
    assert places(partitions) == list(range(WARM_UP, partitions))
