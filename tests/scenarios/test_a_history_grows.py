from dataclasses import replace

from core.domain.partition import days_before
from functions.flows.check_partition import check_partition
from functions.flows.checking.history import history_before, reference_in_use
from functions.flows.checking.learn_reference import learn_reference
from tests.builders import a_config
from tests.checked_model import DAY, LEARNED, checked, flights, learn, reference_at, watch_of
from tests.disturbed_stores import CountingObjects
from tests.watched_model import WatchedModel


def day(ahead: int) -> str:
    return days_before(DAY, -ahead)


def compared_with(watched: WatchedModel, name: str) -> tuple[str, ...]:
    """Name the partitions that a check of this one compares it with."""
    in_use = reference_in_use(watch_of(watched).reference_key, watched.ports)
    assert in_use is not None
    return history_before("flights", name, in_use, watched.ports).partitions


def test_what_was_checked_is_history_for_what_comes_after(known: WatchedModel) -> None:
    for ahead in range(3):
        checked(known, flights(day(ahead)), day(ahead))

    assert compared_with(known, day(3)) == (*LEARNED, day(0), day(1), day(2))
    assert compared_with(known, day(1)) == (*LEARNED, day(0))


def test_however_long_the_history_a_check_reads_few_objects(known: WatchedModel) -> None:
    for ahead in range(40):
        checked(known, flights(day(ahead)), day(ahead))
    known.lands(day(40), flights(day(40)))
    counted = CountingObjects(known.folder / "objects")

    check_partition("flights", day(40), replace(known.ports, objects=counted))

    assert len(counted.got) <= 18
    assert len(compared_with(known, day(41))) == len(LEARNED) + 41


def test_a_partition_that_is_rewritten_takes_its_own_place_in_history(known: WatchedModel) -> None:
    for ahead in range(20):
        checked(known, flights(day(ahead)), day(ahead))
    checked(known, flights(day(2)).head(190), day(2))

    in_use = reference_in_use(watch_of(known).reference_key, known.ports)
    assert in_use is not None
    history = history_before("flights", day(20), in_use, known.ports)

    assert history.partitions.count(day(2)) == 1
    assert history.summaries.rows[history.partitions.index(day(2))] == 190


def test_a_retraining_keeps_the_history_while_the_ruler_fits(known: WatchedModel) -> None:
    for ahead in range(5):
        checked(known, flights(day(ahead)), day(ahead))

    key = learn_reference(known.config, [day(ahead) for ahead in range(5)], known.ports)

    assert reference_at(key, known).partitions == (*LEARNED, *(day(ahead) for ahead in range(5)))


def test_a_ruler_that_most_rows_lie_beyond_is_learned_anew(known: WatchedModel) -> None:
    grown = [day(ahead) for ahead in range(20)]
    for name in grown:
        known.lands(name, flights(name).assign(distance=lambda rows: rows["distance"] * 1000))
    learn_reference(known.config, grown, known.ports)

    key = learn_reference(known.config, grown, known.ports)

    assert reference_at(key, known).partitions == tuple(grown)


def test_other_columns_need_another_ruler(known: WatchedModel) -> None:
    before = watch_of(known).reference_key
    known.apply(a_config(columns={"distance": {"type": "number"}}))

    key = learn_reference(known.config, LEARNED, known.ports)

    assert key != before
    assert reference_at(key, known).ruler.names == ("distance",)


def test_a_reference_of_an_older_version_is_learned_anew(known: WatchedModel) -> None:
    watch = watch_of(known)
    assert reference_in_use("reference/flights/older.json", known.ports) is None

    assert learn(known) == watch.reference_key
