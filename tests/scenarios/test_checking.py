"""A partition lands, is checked once, and is one alert at most."""

import re

import pandas as pd
import pytest

from core.adapters.slack.cards import card_of
from core.domain.incident import draft
from core.domain.partition import days_before
from core.domain.timeline import Line
from core.domain.verdict import Basis, ErrorClass, Severity
from core.flows.raise_alert import raise_alert
from core.flows.report_incident import export_incident, report_incident
from tests.builders import ADA, a_config, an_alert, some_evidence
from tests.checked_model import (
    DAY,
    ROWS,
    check_of,
    checked,
    flights,
    learn,
    summary_of,
    told,
    watch_of,
)
from tests.watched_model import WatchedModel, object_created, parquet_of


def test_a_day_like_the_others_raises_nothing(known: WatchedModel) -> None:
    answer = checked(known, flights(DAY))

    assert (answer["severity"], answer["basis"]) == (Severity.OK, Basis.REFERENCE)
    assert known.alerts() == []


def test_a_day_in_other_units_is_one_alert_with_the_column_first(known: WatchedModel) -> None:
    checked(known, flights(DAY).assign(distance=lambda rows: rows["distance"] * 1609))

    [alert] = known.alerts()
    assert (alert.model, alert.partition, alert.rule) == ("flights", DAY, "partition")
    assert alert.evidence.blamed[0].column == "distance"
    assert alert.evidence.affected == "200 rows of this partition, scored by no version yet"
    assert "`distance`" in alert.evidence.next_step


def test_the_card_says_whether_the_world_moved_or_the_source(known: WatchedModel) -> None:
    checked(known, flights(DAY).assign(distance=lambda rows: rows["distance"] * 1.6))

    [alert] = known.alerts()
    assert alert.evidence.error_class is ErrorClass.DRIFT
    looks = "a data incident: one of 2 columns moved, from one partition to the next"
    assert str(alert.evidence.origin).startswith(looks)
    assert f"*Looks like* {looks}" in str(card_of(alert).blocks)
    assert alert.evidence.next_step.startswith("Ask the owner of `distance` what changed")


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (b"not parquet", "`part-0.parquet` cannot be read as Parquet"),
        (parquet_of(flights(DAY))[:500], "`part-0.parquet` cannot be read as Parquet"),
        (flights(DAY).head(0), "The partition has no rows"),
        (flights(DAY).drop(columns="distance"), "`distance` is missing"),
        (flights(DAY).drop(columns="flight_id"), "`flight_id` is missing"),
        (
            flights(DAY).astype({"distance": str}),
            "`distance` holds text, a number is expected",
        ),
        (
            flights(DAY).assign(flight_id=pd.Series([{"n": 1}] * len(flights(DAY)), dtype=object)),
            "`flight_id` holds something nested, names of rows are expected",
        ),
    ],
    ids=["unreadable", "truncated", "empty", "column", "key", "type", "nested key"],
)
@pytest.mark.parametrize("is_learned", [True, False], ids=["learned", "learning"])
def test_what_is_plainly_wrong_is_a_hard_error_even_while_learning(
    watched: WatchedModel, frame: pd.DataFrame | bytes, sentence: str, *, is_learned: bool
) -> None:
    if is_learned:
        learn(watched)

    answer = checked(watched, frame)

    [alert] = watched.alerts()
    assert (answer["error_class"], answer["severity"]) == ("hard", "page")
    assert alert.evidence.summary == sentence
    assert alert.evidence.error_class is ErrorClass.HARD


def test_before_anything_is_learned_the_verdict_says_learning(watched: WatchedModel) -> None:
    answer = checked(watched, flights(DAY))

    assert (answer["basis"], answer["severity"]) == (Basis.LEARNING, Severity.OK)
    assert watched.alerts() == []


def test_the_same_event_twice_is_one_check_and_one_alert(known: WatchedModel) -> None:
    key = known.puts("flights/features", DAY, b"not parquet")
    told(known, key)
    first = check_of(known)

    told(known, key)

    assert check_of(known) == first
    assert len(known.alerts()) == 1


def test_a_rewritten_partition_is_checked_again_and_its_alert_says_so(known: WatchedModel) -> None:
    checked(known, flights(DAY).drop(columns="distance"))
    [before] = known.alerts()

    checked(known, flights(DAY))

    [after] = known.alerts()
    assert after.id == before.id
    assert after.evidence.severity is Severity.OK
    assert after.evidence.summary == "Checked again: Nothing unusual."
    assert after.evidence.fingerprint == check_of(known).fingerprint != before.evidence.fingerprint


def test_a_partition_that_gets_worse_says_so_on_the_same_alert(known: WatchedModel) -> None:
    checked(known, flights(DAY).drop(columns="distance"))

    checked(known, b"not parquet")

    [alert] = known.alerts()
    assert alert.evidence.summary == "`part-0.parquet` cannot be read as Parquet"


def test_one_bad_object_among_several_is_named(known: WatchedModel) -> None:
    known.puts("flights/features", DAY, parquet_of(flights(DAY)), part="part-0")

    key = known.puts("flights/features", DAY, b"not parquet", part="part-1")
    told(known, key)

    [alert] = known.alerts()
    assert alert.evidence.summary == "`part-1.parquet` cannot be read as Parquet"


def test_objects_of_one_partition_are_checked_together(known: WatchedModel) -> None:
    frame = flights(DAY)
    known.puts("flights/features", DAY, parquet_of(frame.head(120)), part="part-0")
    key = known.puts("flights/features", DAY, parquet_of(frame.tail(80)), part="part-1")

    assert told(known, key)["rows"] == ROWS
    assert known.alerts() == []


def test_an_alert_that_another_function_raised_is_not_taken_back(known: WatchedModel) -> None:
    elsewhere = some_evidence(blamed=(), summary="It cannot be scored.", fingerprint="scoring")
    raise_alert(an_alert(partition=DAY, evidence=elsewhere), known.ports)

    checked(known, flights(DAY))

    [alert] = known.alerts()
    assert alert.evidence.summary == "It cannot be scored."


def test_an_unknown_model_is_refused_and_not_tried_again(known: WatchedModel) -> None:
    event = {"model": "trains", "partition": DAY}

    [answer] = known.call("check_partition", event)["results"]

    assert answer == {
        "decision": "refused",
        "reason": "I know no model named `trains`. In force: `flights`.",
    }


def test_a_partition_that_never_landed_is_refused(known: WatchedModel) -> None:
    [answer] = known.call("check_partition", {"model": "flights", "partition": DAY})["results"]

    assert answer["decision"] == "refused"
    assert DAY in answer["reason"]


@pytest.mark.parametrize(
    "key", [f"flights/labels/dt={DAY}/part-0.parquet", "elsewhere/part-0.parquet"]
)
def test_an_object_that_no_model_reads_as_features_concerns_nobody(
    known: WatchedModel, key: str
) -> None:
    assert known.call("check_partition", object_created(key)) == {"results": []}


def test_too_few_rows_are_judged_by_the_contract_only(known: WatchedModel) -> None:
    few = flights(DAY, rows=20)

    fine = checked(known, few.assign(distance=few["distance"] * 3))
    assert (fine["basis"], fine["severity"]) == (Basis.TOO_FEW_ROWS, Severity.OK)

    negative = checked(known, few.assign(distance=-few["distance"]))
    assert negative["error_class"] == ErrorClass.HARD


def test_duplicates_are_blamed_on_the_key(known: WatchedModel) -> None:
    frame = flights(DAY)

    checked(known, pd.concat([frame, frame.head(20)]))

    [alert] = known.alerts()
    assert alert.evidence.blamed[0].sentence.startswith("`flight_id`: 9.1 % duplicates")


def test_an_alert_says_since_when_its_column_is_broken(known: WatchedModel) -> None:
    days = [days_before(DAY, -ahead) for ahead in range(3)]
    for day in days[:2]:
        checked(known, flights(day).assign(distance=lambda rows: rows["distance"] * 1.6), day)

    checked(known, flights(days[2]).drop(columns="distance"), days[2])

    since = {alert.partition: alert.since for alert in known.alerts()}
    assert since == {days[0]: None, days[2]: days[0]}


def test_a_summary_of_each_partition_is_kept_without_its_rows(known: WatchedModel) -> None:
    checked(known, flights(DAY))

    body = summary_of(known)

    assert b"flight_id" not in body
    assert len(body) < 15_000


def test_values_of_a_sensitive_column_reach_no_alert(watched: WatchedModel) -> None:
    watched.apply(a_config(sensitive=("carrier",)))
    learn(watched)

    checked(watched, flights(DAY).assign(carrier="ZQ"))

    [alert] = watched.alerts()
    assert alert.evidence.blamed[0].column == "carrier"
    assert "ZQ" not in alert.model_dump_json()
    assert b"ZQ" not in summary_of(watched)


@pytest.mark.parametrize(
    ("sensitive", "values"),
    [("distance", "below|from [0-9]|mean|,[0-9]{3}"), ("carrier", "AA|ZQ|UA")],
)
def test_of_a_column_that_is_made_sensitive_nothing_that_was_learned_before_is_told(
    known: WatchedModel, sensitive: str, values: str
) -> None:
    known.apply(a_config(sensitive=(sensitive,)))

    checked(known, flights(DAY).assign(carrier="AA", distance=30.0))
    checked(known, flights(DAY).assign(carrier="ZQ", distance=99999.0))

    [alert] = known.alerts()
    incident = report_incident(alert.id, draft(alert), ADA, known.ports)
    lines = known.ports.records.query(Line, f"timeline:{alert.id}")
    cards = [str(card_of(told)) for told in (alert, incident, *lines)]
    said = "\n".join([*cards, export_incident(incident.id, known.ports)])
    assert f"`{sensitive}`" not in said  # it waits for the next training
    assert re.search(values, said) is None


def test_the_watch_knows_what_was_checked_last(known: WatchedModel) -> None:
    checked(known, flights(DAY))
    late = days_before(DAY, 5)
    checked(known, flights(late).head(199), late)

    watch = watch_of(known)

    assert (watch.last_partition, watch.last_checked_at) == (DAY, known.now)
