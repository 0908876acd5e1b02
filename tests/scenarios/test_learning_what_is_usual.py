import pytest

from core.domain.alert import Disposition
from core.domain.errors import BadData
from core.domain.partition import days_before
from core.flows.resolve import resolve
from functions.flows.checking.learn_reference import learn_reference
from tests.builders import ADA
from tests.checked_model import DAY, LEARNED, checked, flights, learn, reference_at, watch_of
from tests.disturbed_stores import overtaken
from tests.watched_model import WatchedModel


def test_learning_puts_the_reference_in_force(watched: WatchedModel) -> None:
    key = learn(watched)

    assert (watch_of(watched).reference_key, watch_of(watched).learned_at) == (key, watched.now)
    assert reference_at(key, watched).partitions == LEARNED


def test_learning_the_same_days_again_changes_nothing(watched: WatchedModel) -> None:
    first = learn(watched)
    before = watch_of(watched)

    assert learn(watched) == first
    assert watch_of(watched) == before


def test_learning_while_a_partition_is_checked_loses_neither(watched: WatchedModel) -> None:
    learn(watched)
    checked(watched, flights(DAY))
    late = LEARNED[-1]
    meanwhile = overtaken(watched.ports, lambda: checked(watched, flights(late).head(150), late))

    key = learn_reference(watched.config, [*LEARNED, DAY], meanwhile)

    assert watch_of(watched).reference_key == key
    assert watch_of(watched).last_partition == DAY


@pytest.mark.parametrize(
    ("disposition", "is_learned"),
    [(None, False), (Disposition.DATA_BUG, False), (Disposition.EXPECTED_CHANGE, True)],
)
def test_what_moved_is_learned_from_when_a_person_expected_it(
    watched: WatchedModel, disposition: Disposition | None, *, is_learned: bool
) -> None:
    learn(watched)
    moved = flights(DAY).assign(distance=lambda rows: rows["distance"] * 1.6)
    checked(watched, moved)
    [alert] = watched.alerts()
    if disposition:
        resolve(alert.id, disposition, by=ADA, ports=watched.ports)

    key = learn(watched, DAY)

    assert (DAY in reference_at(key, watched).partitions) == is_learned


def test_what_moved_and_nobody_judged_is_adopted_after_three_more_days(
    watched: WatchedModel,
) -> None:
    learn(watched)
    checked(watched, flights(DAY).assign(distance=lambda rows: rows["distance"] * 1.6))
    later = [days_before(DAY, -ahead) for ahead in range(1, 4)]
    for day in later:
        watched.lands(day, flights(day))

    assert DAY not in reference_at(learn(watched, DAY, *later[:2]), watched).partitions
    assert DAY in reference_at(learn(watched, DAY, *later), watched).partitions


def test_a_hard_error_that_nobody_has_judged_is_not_learned_from(watched: WatchedModel) -> None:
    learn(watched)
    checked(watched, flights(DAY).assign(distance=lambda rows: -rows["distance"]))

    assert DAY not in reference_at(learn(watched, DAY), watched).partitions


def test_days_that_cannot_be_read_are_not_learned_from(watched: WatchedModel) -> None:
    watched.puts("flights/features", DAY, b"not parquet")

    key = learn(watched, DAY)

    assert DAY not in reference_at(key, watched).partitions


def test_without_one_day_that_can_be_read_nothing_is_learned(watched: WatchedModel) -> None:
    watched.puts("flights/features", DAY, b"not parquet")

    with pytest.raises(BadData, match="No partition of `flights` can be learned from"):
        learn_reference(watched.config, [DAY], watched.ports)
