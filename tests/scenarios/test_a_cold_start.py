from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.adapters.slack.cards import card_of
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from core.domain.verdict import Basis, ErrorClass, Severity
from functions.flows.checking.learn_reference import learn_reference
from tests.builders import a_config
from tests.checked_model import DAY, LEARNED, checked, flights, learn
from tests.watched_model import WatchedModel

TYPES = {
    "distance": "number",
    "carrier": "category",
    "weekday": "number",
    "fuel": "number",
    "seats": "number",
    "is_winter": "number",
    "tail": "category",
    "built": "category",
}
CONFIG: ModelConfig = a_config(columns={name: {"type": kind} for name, kind in TYPES.items()})


def odd(day: str, *, has_fuel: bool = False) -> pd.DataFrame:
    """Make a day with a constant, an empty and a yes-or-no column, identifiers and dates."""
    frame, at = flights(day), date.fromisoformat(day)
    rng = np.random.default_rng(at.toordinal())
    return frame.assign(
        weekday=at.weekday(),
        fuel=rng.uniform(5, 9, len(frame)) if has_fuel else np.nan,
        seats=np.arange(100, 100 + len(frame)),  # the same planes each day
        is_winter=rng.random(len(frame)) < 0.5,
        tail=[f"{day}-{number}" for number in rng.integers(0, 10**9, len(frame))],
        built=[date(2000, 1, 1 + int(n)) for n in rng.integers(0, 28, len(frame))],
    )


def learned(watched: WatchedModel, days: int) -> str:
    """Let some days be learned; returns the day after them."""
    for day in LEARNED[:days]:
        watched.lands(day, flights(day))
    learn_reference(watched.config, LEARNED[:days], watched.ports)
    return LEARNED[days]


@pytest.mark.parametrize("days", [1, 4, 9])
@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("distance", lambda values: values * 1.6),
        ("distance", lambda values: values.where(values.index >= 20)),
        ("distance", lambda values: values.where(values.index >= 20, 0)),
        ("carrier", lambda values: values.where(values.index >= 60, "ZZ")),
        ("carrier", lambda values: values.replace("UA", "AA")),
    ],
    ids=["moved", "some nulls", "some zeros", "unknown words", "another mix"],
)
def test_while_it_learns_no_soft_error_and_no_drift_alerts(
    watched: WatchedModel,
    days: int,
    column: str,
    wrong: Callable[[Any], Any],
) -> None:
    day = learned(watched, days)

    answer = checked(
        watched, flights(day).assign(**{column: lambda rows: wrong(rows[column])}), day
    )

    assert (answer["basis"], answer["severity"]) == (Basis.TOO_FEW_DAYS, Severity.OK)
    assert watched.alerts() == []


@pytest.mark.parametrize("days", [1, 4, 9])
def test_while_it_learns_a_hard_error_alerts_and_the_card_says_that_it_learns(
    watched: WatchedModel, days: int
) -> None:
    day = learned(watched, days)

    checked(watched, flights(day).assign(distance=lambda rows: -rows["distance"]), day)

    [alert] = watched.alerts()
    assert alert.evidence.error_class is ErrorClass.HARD
    assert "Still learning this model" in str(card_of(alert).blocks)


def test_before_anything_is_learned_the_card_says_so_too(watched: WatchedModel) -> None:
    checked(watched, b"not parquet")

    [alert] = watched.alerts()
    assert "Still learning this model" in str(card_of(alert).blocks)


def test_once_it_has_learned_the_card_is_silent_about_it(watched: WatchedModel) -> None:
    learn(watched)

    checked(watched, flights(DAY).assign(distance=lambda rows: -rows["distance"]))

    [alert] = watched.alerts()
    assert "learning" not in str(card_of(alert).blocks)


@pytest.mark.parametrize("days", [1, 2, 5, 9])
def test_columns_that_are_odd_by_nature_alert_nobody_from_the_first_day_on(
    watched: WatchedModel, days: int
) -> None:
    watched.apply(CONFIG)
    for day in LEARNED[:days]:
        watched.lands(day, odd(day))
    learn_reference(CONFIG, LEARNED[:days], watched.ports)

    for ahead in range(9 - days):
        day = days_before(LEARNED[days], -ahead)
        comes_to_life = days + ahead == 8  # the empty column, while it learns
        checked(watched, odd(day, has_fuel=comes_to_life), day)

    assert [alert.evidence.summary for alert in watched.alerts()] == []
