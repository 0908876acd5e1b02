"""A version is compared with a champion that predicts the same, on rows new to both."""

import pytest

from core.domain.errors import Unknown
from core.domain.ids import VersionId
from core.domain.serving import short
from tests.builders import a_config
from tests.scenarios.test_a_version_is_judged.judging import (
    NUMBER,
    evaluating,
    judged_by,
    retrained,
    was_made_with,
)
from tests.watched_model import ROWS, WatchedModel, some_labels, training


@pytest.mark.parametrize(
    ("up_to", "rows", "is_compared", "noted"),
    [
        ("2013-01-12", ROWS, True, "2 newest partitions learned from before"),
        ("2013-01-11", 3 * ROWS, False, "learned from all of these rows: not compared."),
    ],
)
def test_no_day_is_judged_on_that_the_champion_learned_from(
    watched: WatchedModel,
    up_to: str,
    rows: int,
    is_compared: bool,  # noqa: FBT001 - a column of the table above
    noted: str,
) -> None:
    watched.apply(a_config(training=training(window_days=4, validation_days=1)))
    watched.lived_through(12)
    champion = retrained(watched).version
    assert watched.version(champion).manifest.last_day == "2013-01-11"
    watched.apply(a_config())

    second = retrained(watched, up_to)

    assert (second.rows, second.champion is not None) == (rows, is_compared)
    assert any(noted in note for note in second.notes)


def test_a_version_that_learned_from_all_of_the_newest_rows_is_told_to_its_owner(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    version = retrained(watched).version
    for day in ("2013-01-10", "2013-01-11", "2013-01-12"):
        watched.labels_land(day, dict.fromkeys(some_labels(day)))
    watched.apply(a_config(training=training(validation_days=2)))

    answer = watched.call("retrain", evaluating(version))

    assert answer["decision"] == "bad data"
    [alert] = watched.alerts()
    assert "it learned from all of the newest labelled rows" in alert.evidence.summary


def test_a_champion_that_predicts_another_target_is_not_compared_with(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    first = retrained(watched)
    was_made_with(watched, first.version, NUMBER)
    watched.apply(judged_by(minimum_rows=11))

    second = retrained(watched)

    assert second.champion is None
    assert f"Champion {short(first.version)} predicts another target: not compared." in second.notes


def test_a_version_that_predicts_another_target_than_the_config_names_cannot_be_judged(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    version = retrained(watched).version
    was_made_with(watched, version, NUMBER)

    answer = watched.call("retrain", evaluating(version))

    assert answer["decision"] == "bad data"
    [alert] = watched.alerts()
    assert "predicts another target than the config names" in alert.evidence.summary


def test_a_version_that_nobody_knows_cannot_be_judged(watched: WatchedModel) -> None:
    with pytest.raises(Unknown, match="no version named `ver_x`"):
        watched.call("retrain", evaluating(VersionId("ver_x")))
