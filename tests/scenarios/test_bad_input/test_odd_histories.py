"""Partitions out of their order in time, and records that other code or nobody wrote."""

import json
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from core.domain.partition import days_before
from core.domain.verdict import Basis, Severity
from functions.flows.checking.learn_reference import learn_reference
from tests.checked_model import DAY, LEARNED, checked, flights, watch_of
from tests.scenarios.test_bad_input.landing import NEXT
from tests.watched_model import FIRST_DAY, WatchedModel


def test_a_partition_older_than_all_history_is_judged_by_what_came_after(
    known: WatchedModel,
) -> None:
    old = days_before(FIRST_DAY, 400)

    fine = checked(known, flights(old), old)
    broken = checked(known, flights(old).assign(distance=lambda rows: rows["distance"] * 60), old)

    assert (fine["severity"], fine["basis"]) == (Severity.OK, Basis.REFERENCE)
    assert broken["blamed"][0]["column"] == "distance"


def test_a_gap_of_weeks_is_no_news(known: WatchedModel) -> None:
    later = days_before(DAY, -45)

    assert checked(known, flights(later), later)["severity"] == Severity.OK
    after = days_before(later, -1)
    assert checked(known, flights(after), after)["severity"] == Severity.OK


def test_the_same_partition_with_other_content_is_judged_by_the_others(
    known: WatchedModel,
) -> None:
    for factor in (1, 60, 1, 60):
        frame = flights(DAY)
        answer = checked(known, frame.assign(distance=frame["distance"] * factor))
        assert (answer["severity"] == Severity.OK) == (factor == 1)
    assert checked(known, flights(NEXT), NEXT)["severity"] == Severity.OK


def test_a_partition_of_the_learned_ones_that_lands_again_is_judged_by_the_others(
    known: WatchedModel,
) -> None:
    day = LEARNED[3]

    broken = checked(known, flights(day).assign(distance=lambda rows: rows["distance"] * 60), day)

    assert broken["blamed"][0]["column"] == "distance"
    assert checked(known, flights(day), day)["severity"] == Severity.OK


def rewritten(watched: WatchedModel, key: str, **header: Any) -> None:
    """Store an object anew as another schema would have."""
    body = BytesIO(watched.ports.objects.get(key))
    with np.load(body, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    said = json.loads(arrays["header"].tobytes()) | header
    arrays["header"] = np.frombuffer(json.dumps(said).encode(), dtype=np.uint8)
    sink = BytesIO()
    np.savez_compressed(sink, allow_pickle=False, **arrays)
    watched.ports.objects.put(key, sink.getvalue())


@pytest.mark.parametrize("schema", [1, None], ids=["older", "damaged"])
def test_a_reference_that_cannot_be_used_is_learned_anew(
    known: WatchedModel, schema: int | None
) -> None:
    key = watch_of(known).reference_key or ""
    if schema:
        rewritten(known, key, schema=schema)
    else:
        known.ports.objects.put(key, b"damaged")

    learning = checked(known, flights(DAY))
    learn_reference(known.config, LEARNED, known.ports)
    after = checked(known, flights(NEXT), NEXT)

    assert (learning["basis"], after["basis"]) == (Basis.LEARNING, Basis.REFERENCE)
    assert after["severity"] == Severity.OK


def test_a_summary_of_an_older_schema_is_left_out(known: WatchedModel) -> None:
    checked(known, flights(DAY))
    [key] = [
        found.key
        for found in known.ports.objects.list("summaries/flights/")
        if f"/dt={DAY}/" in found.key
    ]
    rewritten(known, key, schema=1)

    answer = checked(known, flights(NEXT), NEXT)

    assert (answer["severity"], answer["basis"]) == (Severity.OK, Basis.REFERENCE)
