from pathlib import Path

import pytest

from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from functions.data.partition_rows import UnlikeParts
from functions.data.training_set import TrainingSet, collect
from tests.builders import a_config
from tests.watched_model import ROWS, WatchedModel, some_flights, some_labels, training


def days(rows: TrainingSet) -> tuple[list[str], list[str]]:
    learning = [used.partition for used in rows.learning.used]
    return learning, [used.partition for used in rows.validation.used]


def known_to(watched: WatchedModel, up_to: str | None = None) -> TrainingSet:
    return collect(watched.config, watched.ports.objects, now=watched.now, up_to=up_to)


def a_window(window_days: int = 5, validation_days: int = 2, delay_days: int = 1) -> ModelConfig:
    stated = training(window_days=window_days, validation_days=validation_days)
    return a_config(training=stated, target={"column": "late", "delay_days": delay_days})


def test_the_newest_days_of_the_window_are_kept_back(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window())
    watched.lived_through(7)

    learning, validation = days(known_to(watched))

    assert learning == ["2013-01-03", "2013-01-04", "2013-01-05"]
    assert validation == ["2013-01-06", "2013-01-07"]


def test_every_row_stands_beside_its_own_label(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window())
    watched.lived_through(5)

    rows = known_to(watched).validation

    expected = some_labels("2013-01-04") | some_labels("2013-01-05")
    keys = [key for table in rows.features for key in table.column("flight_id").to_pylist()]
    assert dict(zip(keys, rows.labels.tolist(), strict=True)) == expected


def test_labels_that_are_there_before_they_are_due_do_not_count(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window(delay_days=3))
    watched.lived_through(5)
    watched.it_is("2013-01-06")

    assert days(known_to(watched)) == (["2013-01-01"], ["2013-01-02", "2013-01-03"])


def test_nothing_after_the_last_day_asked_for_is_seen(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window())
    watched.lived_through(7)

    assert days(known_to(watched, up_to="2013-01-04"))[1] == ["2013-01-03", "2013-01-04"]


def test_a_day_that_still_waits_for_labels_is_left_out_until_its_delay_has_passed_twice(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path, a_window(delay_days=2))
    watched.lived_through(4)
    half = dict(list(some_labels("2013-01-04").items())[: ROWS // 2])
    watched.labels_land("2013-01-04", half)

    watched.it_is("2013-01-07")
    assert days(known_to(watched))[1] == ["2013-01-02", "2013-01-03"]

    watched.it_is("2013-01-08")
    assert days(known_to(watched))[1] == ["2013-01-03", "2013-01-04"]
    assert known_to(watched).validation.rows == ROWS + ROWS // 2


@pytest.mark.parametrize("missing", ["features", "labels"])
def test_a_day_of_which_one_half_never_landed_is_left_out(tmp_path: Path, missing: str) -> None:
    watched = WatchedModel(tmp_path, a_window())
    watched.lived_through(3)
    lands = watched.labels_land if missing == "features" else watched.lands
    lands("2013-01-04")
    watched.it_is("2013-01-09")

    assert known_to(watched).used[-1].partition == "2013-01-03"


def test_a_row_that_landed_twice_counts_once(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window())
    watched.lived_through(3)
    watched.lands("2013-01-03", some_flights("2013-01-03"), part="part-1")

    assert known_to(watched).validation.rows == 2 * ROWS


def test_the_same_rows_have_the_same_hashes_and_corrected_ones_others(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window())
    watched.lived_through(3)
    before = known_to(watched).used

    assert known_to(watched).used == before
    row, late = next(iter(some_labels("2013-01-02").items()))
    watched.labels_land("2013-01-02", {row: 1 - late}, part="part-1")
    after = known_to(watched).used
    assert [used.features_hash for used in after] == [used.features_hash for used in before]
    assert [used == was for used, was in zip(after, before, strict=True)] == [True, False, True]


def test_what_is_no_parquet_by_its_name_is_not_read(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window())
    watched.lived_through(3)
    before = known_to(watched).used

    watched.ports.objects.put("flights/features/dt=2013-01-03/_SUCCESS", b"")

    assert known_to(watched).used == before


def test_parts_that_differ_in_their_columns_are_refused(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window())
    watched.lived_through(3)
    watched.lands("2013-01-03", some_flights("2013-01-03").assign(distance="far"), part="part-1")

    with pytest.raises(UnlikeParts, match="under flights/features of 2013-01-03 differ"):
        known_to(watched)


def test_too_few_days_leave_nothing_to_learn_from(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window())
    watched.lived_through(2)

    assert days(known_to(watched)) == ([], [days_before("2013-01-02", 1), "2013-01-02"])


def test_nothing_that_landed_is_an_empty_window(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_window())

    assert known_to(watched).rows == 0
    assert not known_to(watched).learning.has_different_labels
