"""Rows that break the input contract are put aside with the reason, told, and can come back."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pyarrow import parquet

from core.domain.job import Function
from core.domain.scored import NotScored, Scored
from functions.flows.retrain import retrain
from functions.flows.score import score
from tests.builders import ADA, a_config
from tests.watched_model import ROWS, WatchedModel, some_flights, training

DAY = "2013-01-13"


def rule(column: str, **what: Any) -> dict[str, Any]:
    why = {"owner": ADA.id, "reason": "the feed says so", "expires": "2013-12-31"}
    return {"column": column, **what, **why}


RULES = [rule("distance", at_least=50), rule("carrier", one_of=["AA", "B6", "UA"])]


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion and two written rules."""
    watched = WatchedModel(tmp_path, a_config(training=training(), constraints=RULES))
    watched.lived_through(12)
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    return watched


def broken() -> pd.DataFrame:
    """A day with a flight that is too short, two of an unknown carrier, and one without a name."""
    flights = some_flights(DAY)
    flights.loc[0, "distance"] = -1.0
    flights.loc[[1, 2], "carrier"] = "ZZ"
    flights.loc[3, "flight_id"] = None
    return flights


def scored(watched: WatchedModel) -> Scored:
    answer = watched.call("score", {"model": "flights", "partition": DAY})
    return Scored.model_validate(answer["results"][0]["scored"])


def quarantine(watched: WatchedModel) -> list[pd.DataFrame]:
    listed = watched.ports.objects.list(f"quarantine/flights/dt={DAY}/")
    bodies = [watched.ports.objects.get(stored.key) for stored in listed]
    return [parquet.read_table(BytesIO(body)).to_pandas() for body in bodies]


def test_rows_that_break_a_rule_are_put_aside_with_the_reason_and_the_others_are_scored(
    watched: WatchedModel,
) -> None:
    watched.lands(DAY, broken())

    found = scored(watched)

    assert found.served.rows == ROWS - 4
    assert found.quarantined == {
        "`distance` is not at least 50": 1,
        "`carrier` is not one of `AA`, `B6`, `UA`": 2,
        "no key": 1,
    }
    [aside] = quarantine(watched)
    assert aside["quarantine_reason"].tolist() == [
        "`distance` is not at least 50",
        "`carrier` is not one of `AA`, `B6`, `UA`",
        "`carrier` is not one of `AA`, `B6`, `UA`",
        "no key",
    ]
    columns = [name for name in aside.columns if name != "quarantine_reason"]
    assert columns == some_flights(DAY).columns.tolist()


@pytest.mark.parametrize("order", [("score", "check_partition"), ("check_partition", "score")])
def test_the_owner_is_told_once_and_the_alert_counts_them(
    watched: WatchedModel, order: tuple[Function, Function]
) -> None:
    watched.lands(DAY, broken())

    for function in (*order, *order):
        watched.call(function, {"model": "flights", "partition": DAY})

    [alert] = watched.alerts()
    assert (alert.rule, alert.evidence.error_class) == ("partition", "hard")
    assert alert.evidence.affected is not None
    assert alert.evidence.affected.endswith(", without 4 in quarantine")


def test_a_partition_scored_alone_tells_how_many_and_why(watched: WatchedModel) -> None:
    watched.lands(DAY, broken())

    scored(watched)

    [alert] = watched.alerts()
    assert alert.evidence.summary.startswith("4 rows were not scored: ")
    assert "no key (1)" in alert.evidence.summary
    assert f"quarantine/flights/dt={DAY}/" in alert.evidence.next_step


def test_rows_that_are_mended_are_scored_and_what_was_served_stands(
    watched: WatchedModel,
) -> None:
    watched.lands(DAY, broken())
    before = scored(watched)
    half = broken()
    half.loc[[1, 2], "carrier"] = "AA"

    watched.lands(DAY, half)
    after = scored(watched)

    assert (before.served.rows, after.served.rows) == (ROWS - 4, ROWS - 2)
    assert after.quarantined == {"`distance` is not at least 50": 1, "no key": 1}
    assert after.served.key == before.served.key
    assert len(quarantine(watched)) == 2


def test_where_no_row_keeps_the_rules_nothing_is_scored_and_all_are_kept(
    watched: WatchedModel,
) -> None:
    watched.lands(DAY, some_flights(DAY).assign(distance=1.0))

    scoring = score("flights", DAY, watched.ports)

    assert scoring.decision == "bad data"
    assert len(quarantine(watched)[0]) == ROWS
    assert watched.ports.records.get(NotScored, NotScored.id_of("flights", DAY)) is not None
    [alert] = watched.alerts()
    assert "No row of 2013-01-13 keeps the rules" in alert.evidence.summary


def test_a_rule_that_expired_puts_nothing_aside(watched: WatchedModel) -> None:
    past = [given | {"expires": "2013-01-02"} for given in RULES]
    watched.apply(a_config(training=training(), constraints=past))
    watched.lands(DAY, broken())

    assert scored(watched).quarantined == {"no key": 1}


def test_a_rule_about_a_sensitive_column_shows_none_of_its_values(
    watched: WatchedModel,
) -> None:
    watched.apply(a_config(training=training(), constraints=RULES, sensitive=["carrier"]))
    watched.lands(DAY, broken())

    reasons = list(scored(watched).quarantined)

    assert "`carrier` is not `one_of` as the config says" in reasons
