import json
from datetime import datetime, timedelta

import pytest

from core.domain.completeness import Completeness, completeness
from core.domain.data_config import Complete
from tests.builders import NOON

BY_MARKER = Complete(marker="_SUCCESS")
BY_MANIFEST = Complete(manifest="manifest.json")
QUIET = Complete(quiet_minutes=15)


def minutes_ago(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


def look(
    rule: Complete, manifest: bytes | None = None, /, **landed_minutes_ago: float
) -> Completeness:
    """Look at a folder at noon; `part_0=5` stands for `part-0` of five minutes ago."""
    landed = {
        {"SUCCESS": "_SUCCESS", "manifest": "manifest.json"}.get(name, name.replace("_", "-")): (
            minutes_ago(minutes)
        )
        for name, minutes in landed_minutes_ago.items()
    }
    return completeness(rule, landed, manifest, NOON)


@pytest.mark.parametrize("rule", [Complete(), BY_MARKER, BY_MANIFEST, QUIET])
def test_where_nothing_lies_nothing_has_begun(rule: Complete) -> None:
    assert look(rule) == Completeness()


def test_by_default_the_first_object_is_the_whole() -> None:
    assert look(Complete(), part_0=5).complete_at == minutes_ago(5)


def test_without_its_marker_a_partition_waits() -> None:
    found = look(BY_MARKER, part_0=5, part_1=3)

    assert found.is_awaited
    assert (found.missing, found.due_at) == ("`_SUCCESS` is missing", None)


def test_with_its_marker_a_partition_is_complete_since_its_last_object() -> None:
    assert look(BY_MARKER, part_0=5, SUCCESS=2).complete_at == minutes_ago(2)
    assert look(BY_MARKER, part_0=1, SUCCESS=2).complete_at == minutes_ago(1)


def test_a_marker_beside_no_data_completes_nothing() -> None:
    assert look(BY_MARKER, SUCCESS=2).missing == "no data is there"


def test_a_manifest_is_waited_for_and_then_for_all_that_it_names() -> None:
    names = json.dumps({"files": ["part-0", "part-1", "part-2"], "by": "someone"}).encode()

    assert look(BY_MANIFEST, part_0=5).missing == "`manifest.json` is missing"
    assert look(BY_MANIFEST, names, manifest=5).missing == (
        "`part-0` and 2 more of `manifest.json` are missing"
    )
    almost = look(BY_MANIFEST, names, manifest=5, part_0=4, part_1=4)
    assert almost.missing == "`part-2` of `manifest.json` is missing"
    assert almost.is_awaited
    whole = look(BY_MANIFEST, names, manifest=5, part_0=4, part_1=4, part_2=3, part_9=1)
    assert (whole.complete_at, whole.promised_rows) == (minutes_ago(3), None)


def test_a_manifest_may_say_how_many_rows_there_are() -> None:
    names = b'{"files": ["part-0"], "rows": 200}'

    assert look(BY_MANIFEST, names, manifest=5, part_0=4).promised_rows == 200


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"part-0",
        b"[]",
        b"{}",
        b'{"files": []}',
        b'{"files": "part-0"}',
        b'{"files": ["../part-0"]}',
        b'{"files": ["part-0"], "rows": -1}',
        b"\xff",
    ],
)
def test_a_manifest_that_cannot_be_understood_completes_nothing(manifest: bytes) -> None:
    found = look(BY_MANIFEST, manifest, manifest=5, part_0=4)

    assert found.is_awaited
    assert found.missing == "`manifest.json` does not name its files as it should"


def test_a_partition_is_complete_when_it_was_quiet_for_long_enough() -> None:
    restless = look(QUIET, part_0=40, part_1=14)
    quiet = look(QUIET, part_0=40, part_1=15)

    assert (restless.complete_at, restless.due_at) == (None, NOON + timedelta(minutes=1))
    assert quiet.complete_at == NOON


def test_of_a_store_whose_clock_is_ahead_nothing_came_later_than_now() -> None:
    assert look(Complete(), part_0=-60).complete_at == NOON
