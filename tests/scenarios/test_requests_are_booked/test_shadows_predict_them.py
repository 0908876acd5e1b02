"""Versions in shadow predict what was asked for, afterwards and in nobody's way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from core.domain.evidence import Evidence
from core.domain.ids import VersionId
from core.ports import changed
from functions.flows.predict_in_shadow import predict_in_shadow
from functions.flows.scoring.requested_rows import predictions_of
from tests.scenarios.faults import is_corrupted, is_denied, throws
from tests.scenarios.test_requests_are_booked.asking import (
    DAY,
    NEXT,
    asked,
    labelled,
    outcomes,
    requested,
    rows_of,
    said,
    shadow_is_started,
    trained,
)
from tests.trained import promoted
from tests.watched_model import ROWS, WatchedModel, some_flights


def test_each_row_is_booked_to_the_version_that_served_it_when_it_was_asked_for(
    watched: WatchedModel,
) -> None:
    first = watched.serving().champion
    second = trained(watched, estimator="DecisionTreeClassifier")
    asked(watched, rows_of(flights=range(25)))
    promoted(watched, second)
    watched.now += timedelta(minutes=1)
    asked(watched, rows_of(flights=range(40)), name="later")

    labelled(watched)
    predict_in_shadow("flights", DAY, watched.ports)

    found = outcomes(watched)
    assert found[first or "", "champion"].predicted == 25
    assert found[second, "champion"].predicted == 15
    assert watched.cohort(DAY).labelled_share == 1.0
    guarded = watched.ports.records.get(
        Evidence, Evidence.id_of("flights", VersionId(first or ""), second, "guard")
    )
    assert guarded is not None
    assert guarded.pairs == 15


def test_a_version_in_shadow_predicts_what_was_asked_for_and_the_gate_sees_the_pairs(
    watched: WatchedModel,
) -> None:
    champion = watched.serving().champion
    second = trained(watched, estimator="DecisionTreeClassifier")
    answered = asked(watched)

    labelled(watched)
    assert shadow_is_started(watched)
    watched.call("shadow", {"model": "flights", "partition": DAY})

    assert said(watched, champion, "champion") == answered
    found = outcomes(watched)
    assert found[second, "shadow"].labelled == ROWS
    log = requested(watched).log_of(second, "shadow")
    assert log is not None
    assert pd.read_parquet(watched.folder / "objects" / log.key)["served"].isna().all()
    evidence = watched.ports.records.get(
        Evidence, Evidence.id_of("flights", second, VersionId(champion or ""), "shadow")
    )
    assert evidence is not None
    assert evidence.pairs == ROWS


def test_it_says_of_a_requested_row_what_it_would_say_of_it_in_a_partition(
    watched: WatchedModel,
) -> None:
    second = trained(watched, estimator="DecisionTreeClassifier")
    asked(watched)
    labelled(watched)
    predict_in_shadow("flights", DAY, watched.ports)
    on_request = said(watched, second, "shadow")

    scored = some_flights(DAY).assign(flight_id=[f"again-{n}" for n in range(ROWS)])
    watched.lands_and_is_scored(NEXT, scored)

    batch = predictions_of("flights", NEXT, watched.ports).of(second, "shadow")
    assert batch is not None
    assert batch.scores.tolist() == list(on_request.values())


def test_no_version_predicts_what_was_asked_before_it_was_made(watched: WatchedModel) -> None:
    asked(watched, rows_of(flights=range(10)))
    watched.now += timedelta(hours=1)
    second = trained(watched, estimator="DecisionTreeClassifier")
    watched.now += timedelta(minutes=1)
    asked(watched, rows_of(flights=range(10, 40)), name="later")

    labelled(watched)
    predict_in_shadow("flights", DAY, watched.ports)

    assert set(said(watched, second, "shadow")) == {f"{DAY}-{n:03}" for n in range(10, 40)}


@pytest.mark.parametrize("fault", [is_denied, is_corrupted, throws])
def test_a_shadow_that_cannot_predict_requests_is_told_and_they_are_booked_all_the_same(
    watched: WatchedModel, fault: Callable[[WatchedModel, VersionId], None]
) -> None:
    second = trained(watched, estimator="DecisionTreeClassifier")
    fault(watched, second)
    asked(watched)
    labelled(watched)
    before = watched.cohort(DAY)

    predict_in_shadow("flights", DAY, watched.ports)

    assert watched.cohort(DAY) == before
    [alert] = watched.alerts()
    assert alert.rule == "shadow"


def test_a_column_that_only_a_shadow_reads_is_kept_where_it_is_sent_and_else_told(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    trained(watched, columns={"distance": {"type": "number"}})
    second = trained(watched, estimator="DecisionTreeClassifier")
    lacking = [{k: v for k, v in row.items() if k != "carrier"} for row in rows_of()[30:]]
    asked(watched, rows_of()[:30])
    asked(watched, lacking, name="lacking")

    labelled(watched)
    predict_in_shadow("flights", DAY, watched.ports)

    assert watched.cohort(DAY).served.labelled == ROWS
    assert set(said(watched, second, "shadow")) == {f"{DAY}-{n:03}" for n in range(30)}
    [alert] = watched.alerts()
    assert "cannot predict 10 requested rows: they were sent without" in alert.evidence.summary


def test_a_shadow_of_which_nothing_is_known_refuses_no_request(watched: WatchedModel) -> None:
    gone = watched.serving().model_copy(update={"challenger": VersionId("ver_gone")})
    assert watched.ports.records.commit(changed(gone))

    assert len(asked(watched)) == ROWS
