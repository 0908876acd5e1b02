"""A partition above the size of the config: read object by object, profiled once, merged."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from core.adapters.processes import OneProcess, Processes
from core.domain.errors import NotThere, Unavailable
from core.domain.partition_check import PartitionCheck
from core.ports import Fan, Ports, gone
from functions.flows.check_partition import check_partition
from functions.flows.checking.learn_reference import learn_reference
from functions.flows.checking.profile_objects import ProfiledElsewhere
from tests.builders import a_config
from tests.checked_model import DAY, LEARNED, check_of, flights, learn, watch_of
from tests.disturbed_stores import CountingObjects
from tests.scenarios.fans import Elsewhere, Overtaken, Stopping
from tests.watched_model import WatchedModel

ROWS = 48_000
PARTS = 4
ABOVE_MIB = {"parallel_above_mib": 1}


@pytest.fixture
def large(tmp_path: Path) -> WatchedModel:
    """A model that has learned, and whose next day is large and lands in four objects."""
    watched = WatchedModel(tmp_path, a_config(checks=ABOVE_MIB))
    watched.ports = replace(watched.ports, fan=OneProcess())
    learn(watched)
    lands(watched, flights(DAY, ROWS))
    return watched


def lands(watched: WatchedModel, rows: pd.DataFrame, parts: int = PARTS) -> None:
    size = -(-len(rows) // parts)
    for i in range(parts):
        part_lands(watched, rows[i * size : (i + 1) * size], i)


def part_lands(watched: WatchedModel, rows: pd.DataFrame, place: int) -> None:
    sink = BytesIO()
    table = pa.Table.from_pandas(rows, preserve_index=False)
    parquet.write_table(
        table, sink, compression="none", use_dictionary=False
    )  # few rows, much room
    watched.puts("flights/features", DAY, sink.getvalue(), f"part-{place}")


def counting(watched: WatchedModel, fan: Fan | None = None) -> tuple[CountingObjects, Ports]:
    objects = CountingObjects(watched.folder / "objects")
    return objects, replace(watched.ports, objects=objects, fan=fan or watched.ports.fan)


def profiles(watched: WatchedModel) -> list[str]:
    return [found.key for found in watched.ports.objects.list("profiles/flights/")]


def parts_read(*places: int) -> list[str]:
    return [f"part-{place}.parquet" for place in places]


def said(check: PartitionCheck) -> object:
    return (check.rows, check.verdict, check.fingerprint)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda rows: rows,
        lambda rows: rows.assign(distance=rows["distance"] * 1609),
        lambda rows: rows.assign(carrier=rows["carrier"].where(rows.index % 9 > 0, "new")),
        lambda rows: rows.drop(columns="distance"),
    ],
    ids=["fine", "in other units", "new words", "a column is missing"],
)
def test_it_is_judged_as_if_it_had_been_read_at_once(
    large: WatchedModel, wrong: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    lands(large, wrong(flights(DAY, ROWS)))
    by_parts = check_partition("flights", DAY, large.ports)
    assert len(profiles(large)) == PARTS

    assert large.ports.records.commit(gone(by_parts))
    large.apply(a_config())
    at_once = check_partition("flights", DAY, large.ports)

    assert said(by_parts) == said(at_once)


def test_two_processes_say_the_same_as_one(large: WatchedModel) -> None:
    lands(large, flights(DAY, ROWS).assign(distance=lambda rows: -rows["distance"]))
    two = check_partition("flights", DAY, replace(large.ports, fan=Processes(2)))
    assert large.ports.records.commit(gone(two))

    one = check_partition("flights", DAY, large.ports)

    assert two.verdict.blamed
    assert said(one) == said(two)


def test_each_object_is_read_once_and_its_profile_is_small(large: WatchedModel) -> None:
    objects, ports = counting(large)

    assert check_partition("flights", DAY, ports).rows == ROWS

    assert objects.read == parts_read(0, 1, 2, 3)
    kept = [len(large.ports.objects.get(key)) for key in profiles(large)]
    assert len(kept) == PARTS
    assert all(size < 300_000 for size in kept)


def test_of_a_partition_that_grows_only_the_late_object_is_read(large: WatchedModel) -> None:
    check_partition("flights", DAY, large.ports)
    part_lands(large, flights(DAY, ROWS + 50).tail(50), PARTS)
    objects, ports = counting(large)

    assert check_partition("flights", DAY, ports).rows == ROWS + 50

    assert objects.read == parts_read(PARTS)


def test_of_a_partition_that_is_rewritten_only_what_changed_is_read(large: WatchedModel) -> None:
    check_partition("flights", DAY, large.ports)
    part_lands(large, flights(DAY, 100), 2)
    objects, ports = counting(large)

    check = check_partition("flights", DAY, ports)

    assert check.rows == ROWS - ROWS // PARTS + 100
    assert objects.read == parts_read(2)


def test_copies_of_keys_in_other_objects_are_duplicates(large: WatchedModel) -> None:
    part_lands(large, flights(DAY, ROWS).head(6_000), PARTS)

    check_partition("flights", DAY, large.ports)

    [alert] = large.alerts()
    [blamed] = [blame for blame in alert.evidence.blamed if blame.column == "flight_id"]
    assert "duplicates" in blamed.sentence
    [share] = [float(word) for word in blamed.sentence.split() if word[0].isdigit()][:1]
    assert share == pytest.approx(100 * 6_000 / (ROWS + 6_000), abs=2)


def test_an_object_that_is_not_parquet_is_named(large: WatchedModel) -> None:
    large.puts("flights/features", DAY, b"not parquet", "part-1")

    check_partition("flights", DAY, large.ports)

    [alert] = large.alerts()
    assert alert.evidence.summary == "`part-1.parquet` cannot be read as Parquet"


def test_a_small_partition_pays_nothing(large: WatchedModel) -> None:
    large.apply(a_config())
    objects, ports = counting(large)

    check_partition("flights", DAY, ports)

    assert objects.read == parts_read(0, 1, 2, 3)
    assert profiles(large) == []


def test_before_anything_is_learned_rows_and_keys_are_counted(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_config(checks=ABOVE_MIB))
    watched.ports = replace(watched.ports, fan=OneProcess())
    lands(watched, flights(DAY, ROWS).drop(columns="carrier"))

    check = check_partition("flights", DAY, watched.ports)

    assert check.rows == ROWS
    assert [blame.column for blame in check.verdict.blamed] == ["carrier"]
    assert len(profiles(watched)) == PARTS


def test_a_check_that_was_interrupted_goes_on_where_it_stopped(large: WatchedModel) -> None:
    with pytest.raises(Unavailable):
        check_partition("flights", DAY, replace(large.ports, fan=Stopping(after=3)))
    objects, ports = counting(large)

    assert check_partition("flights", DAY, ports).rows == ROWS

    assert objects.read == parts_read(3)


def test_of_two_checks_at_once_the_later_reads_nothing_again(large: WatchedModel) -> None:
    first = large.ports
    meanwhile = Overtaken(lambda: check_partition("flights", DAY, first))
    objects, ports = counting(large, meanwhile)

    check = check_partition("flights", DAY, ports)

    assert check == check_of(large)
    assert objects.read == []


def test_an_object_that_is_rewritten_before_it_is_profiled_is_left_to_the_next_try(
    large: WatchedModel,
) -> None:
    rewritten = Overtaken(lambda: part_lands(large, flights(DAY, 90), 1))

    with pytest.raises(NotThere):
        check_partition("flights", DAY, replace(large.ports, fan=rewritten))

    assert check_partition("flights", DAY, large.ports).rows == ROWS - ROWS // PARTS + 90


def test_an_object_that_is_rewritten_while_it_is_read_is_profiled_as_it_is_then(
    large: WatchedModel,
) -> None:
    class Rewriting(CountingObjects):
        @contextmanager
        def local_copy(self, key: str) -> Iterator[Path]:
            with super().local_copy(key) as path:
                yield path
            if self.read == parts_read(0):
                part_lands(large, flights(DAY, 90), 0)

    objects = Rewriting(large.folder / "objects")
    with pytest.raises(NotThere):
        check_partition("flights", DAY, replace(large.ports, objects=objects))

    assert len(profiles(large)) == PARTS - 1
    assert check_partition("flights", DAY, large.ports).rows == ROWS - ROWS // PARTS + 90


def test_another_config_or_ruler_profiles_anew(large: WatchedModel) -> None:
    check_partition("flights", DAY, large.ports)
    large.apply(a_config(checks=ABOVE_MIB, sensitive=("carrier",)))
    part_lands(large, flights(DAY, ROWS + 50).tail(50), PARTS)
    objects, ports = counting(large)
    check_partition("flights", DAY, ports)
    assert objects.read == parts_read(0, 1, 2, 3, 4)

    learn_reference(large.config, LEARNED, large.ports)  # its ruler keeps carriers to itself
    part_lands(large, flights(DAY, ROWS + 60).tail(60), PARTS)
    objects, ports = counting(large)
    check_partition("flights", DAY, ports)

    assert objects.read == parts_read(0, 1, 2, 3, 4)
    assert watch_of(large).last_partition == DAY


def test_what_is_profiled_elsewhere_is_checked_when_that_is_done(large: WatchedModel) -> None:
    elsewhere = Elsewhere()
    with pytest.raises(ProfiledElsewhere, match=f"4 objects of {DAY} are being profiled"):
        check_partition("flights", DAY, replace(large.ports, fan=elsewhere))
    [again] = elsewhere.again

    for event in elsewhere.things:
        assert large.call("profile_object", event) == {"decision": "profiled"}
    assert len(profiles(large)) == PARTS
    [answer] = large.call(again.function, again.event)["results"]

    assert (answer["decision"], answer["rows"]) == ("checked", ROWS)


def test_the_function_says_that_objects_are_profiled_first(large: WatchedModel) -> None:
    large.ports = replace(large.ports, fan=Elsewhere())

    [answer] = large.call("check_partition", {"model": "flights", "partition": DAY})["results"]

    assert answer == {"decision": "profiling", "objects": PARTS}


def test_all_events_of_a_partition_that_lands_ask_under_one_name(large: WatchedModel) -> None:
    elsewhere = Elsewhere()
    for place in range(2):
        part_lands(large, flights(DAY, ROWS + 50).tail(50), PARTS + place)
        with pytest.raises(ProfiledElsewhere):
            check_partition("flights", DAY, replace(large.ports, fan=elsewhere))

    assert len({job.id for job in elsewhere.again}) == 1
    assert len(elsewhere.things) == 2 * PARTS + 3


def test_an_object_that_is_gone_when_its_turn_comes_is_passed_over(large: WatchedModel) -> None:
    event = {"model": "flights", "partition": DAY, "key": f"flights/features/dt={DAY}/gone.parquet"}

    assert large.call("profile_object", event) == {"decision": "profiled"}
    assert profiles(large) == []
