"""An SLO on real tables: classes, a number and a quantile, from landed labels to what is said."""

from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

from bot.modals.screens import home_view, status_screen
from core.domain.realised import Realised
from core.domain.slo import SloStanding
from core.flows.overview import overview
from infra.local.model_screen import show_model
from tests.real_tables import RealTable, diabetes, labelled, scored, trained, wine
from tests.watched_model import WatchedModel, training

WINE, PATIENTS = wine(), diabetes()
QUANTILE = {"loss": "pinball", "quantile": 0.9}


def lived(folder: Path, table: RealTable, **changes: Any) -> WatchedModel:
    """Train on eight days; the next two are scored and get their labels."""
    learned, served = table.days[:8], table.days[8:10]
    watched = table.watched(folder, **changes)
    table.lands(watched, learned)
    assert trained(watched)["decision"] == "trained"
    for day in served:
        watched.it_is(day)
        scored(watched, day, table.features(day))
        labelled(watched, day, table.truths(day))
    return watched


def standing(watched: WatchedModel) -> SloStanding:
    realised = watched.ports.records.get(Realised, watched.config.model)
    assert realised is not None
    assert realised.slo is not None
    return realised.slo


def an_slo(metric: str, **limit: float) -> dict[str, Any]:
    return {"slo": {"metric": metric, **limit, "objective": 0.5, "minimum_rows": 10}}


@pytest.mark.parametrize(
    ("table", "changes", "says"),
    [
        (WINE, an_slo("accuracy", at_least=0.5), "accuracy at least 50 % on 50 %"),
        (WINE, an_slo("log_loss", at_most=1.0), "log loss at most 1 on 50 %"),
        (
            PATIENTS,
            an_slo("mean_absolute_error", at_most=80),
            "mean absolute error at most 80 points on 50 %",
        ),
        (
            PATIENTS,
            {
                **an_slo("mean_pinball_loss", at_most=40),
                "target": PATIENTS.config.target.model_dump() | QUANTILE,
                "training": training(estimator="DummyRegressor", window_days=8, validation_days=2),
            },
            "mean pinball loss at most 40 points on 50 %",
        ),
    ],
)
def test_two_good_days_meet_it_and_everybody_reads_that(
    tmp_path: Path, table: RealTable, changes: dict[str, Any], says: str
) -> None:
    watched = lived(tmp_path, table, **changes)

    assert standing(watched).state == "met"
    told = f"{says} of the cohorts of 28 days: met, 0 of 2 cohorts bad, 1 more may be, known up to "
    seen = overview(watched.ports)
    console = Console(width=400, record=True, file=StringIO())
    show_model(watched.config.model, console, watched.ports)
    for shown in (str(status_screen(seen)), str(home_view(seen)), console.export_text()):
        assert told + table.days[9] in shown


def test_labels_that_are_corrected_late_turn_good_days_bad_and_back(tmp_path: Path) -> None:
    watched = lived(tmp_path, WINE, **an_slo("accuracy", at_least=0.5))

    def land_again(day: str, truths: pd.DataFrame) -> None:
        assert labelled(watched, day, truths)["decision"] == "booked"

    def turned(day: str) -> pd.DataFrame:
        truths = WINE.truths(day)
        other = {"class_0": "class_1", "class_1": "class_2", "class_2": "class_0"}
        return truths.assign(truth=truths["truth"].map(other))

    land_again(WINE.days[8], turned(WINE.days[8]))
    assert (standing(watched).state, standing(watched).is_spent) == ("met", True)
    land_again(WINE.days[9], turned(WINE.days[9]))
    assert standing(watched).state == "violated"
    [alert] = [alert for alert in watched.alerts() if alert.rule == "slo"]
    assert "violated, 2 of 2 cohorts bad, 1 may be" in alert.evidence.summary
    for day in WINE.days[8:10]:
        land_again(day, WINE.truths(day))

    assert (standing(watched).state, standing(watched).left) == ("met", 1)
