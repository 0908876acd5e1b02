"""A model of a quantile, from its config to how its predictions turned out: real patients."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import mean_pinball_loss

from bot.modals.screens import status_screen
from core.adapters.slack.cards import card_of
from core.domain.challenge import Challenge
from core.domain.evaluation import Evaluation
from core.domain.evidence import Evidence
from core.domain.ids import VersionId
from core.flows.overview import overview
from functions.data.logged_predictions import LoggedPredictions
from tests.real_tables import diabetes, labelled, scored, trained
from tests.watched_model import WatchedModel, training

PATIENTS = diabetes()
LEARNED, DAY = PATIENTS.days[:8], PATIENTS.days[8]
TARGET = PATIENTS.config.target.model_copy(update={"loss": "pinball", "quantile": 0.9})


def section(**parameters: Any) -> dict[str, Any]:
    stated = {"estimator": "HistGradientBoostingRegressor", "window_days": 8, "validation_days": 2}
    return training(**stated, parameters={"max_iter": 20, **parameters})


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model whose first version has learned the 0.9 quantile from eight days."""
    stated = {"target": TARGET.model_dump(), "training": section()}
    watched = PATIENTS.watched(tmp_path, **stated)
    PATIENTS.lands(watched, LEARNED)
    assert trained(watched)["decision"] == "trained"
    watched.it_is(DAY)
    return watched


def test_a_cohort_says_what_scikit_learn_says_and_people_read_it(watched: WatchedModel) -> None:
    scored(watched, DAY, PATIENTS.features(DAY))

    assert labelled(watched, DAY, PATIENTS.truths(DAY))["decision"] == "booked"

    served = watched.cohort(DAY).served
    log = LoggedPredictions.of(watched.ports.objects.get(served.key))
    truths = PATIENTS.truths(DAY).set_index("row")["truth"].loc[list(log.keys)].to_numpy(np.float64)
    expected = mean_pinball_loss(truths, log.scores, alpha=0.9)
    assert served.mean_pinball_loss == pytest.approx(expected)
    assert served.loss == pytest.approx(expected / (346 - 25))
    assert np.mean(truths <= log.scores) > 0.6
    told = f"Realised: mean pinball loss {expected:.1f} points on 40 labelled rows"
    assert told in str(status_screen(overview(watched.ports)))


def test_a_challenger_is_judged_by_it_offline_and_at_the_gate(watched: WatchedModel) -> None:
    other = {**section(), "estimator": "DummyRegressor", "parameters": {}}
    watched.apply(PATIENTS.config_with(target=TARGET.model_dump(), training=other))
    second = VersionId(trained(watched)["version"])
    scored(watched, DAY, PATIENTS.features(DAY))
    labelled(watched, DAY, PATIENTS.truths(DAY))

    [evaluation] = watched.ports.records.query(Evaluation, f"evaluations:{second}")
    assert [one.name for one in evaluation.metrics] == ["pinball_loss", "mean_pinball_loss"]
    assert evaluation.calibration is not None
    champion, challenger = watched.cohort(DAY).outcomes
    assert champion.loss is not None
    assert challenger.loss is not None
    evidence = watched.ports.records.get(
        Evidence, Evidence.id_of("diabetes", second, champion.version, "shadow")
    )
    assert evidence is not None
    assert evidence.terms.measured == "0.9 quantile of truth between 25.0 and 346.0"
    assert evidence.gained == pytest.approx((champion.loss - challenger.loss) * 40)
    card = watched.ports.records.get(Challenge, Challenge.id_of("diabetes", second))
    assert card is not None
    assert "Gain in pinball loss as a share of the span" in str(card_of(card).blocks)


def test_an_estimator_that_learns_a_mean_is_refused_in_words(tmp_path: Path) -> None:
    stated = {"target": TARGET.model_dump(), "training": {**section(), "estimator": "Ridge"}}
    stated["training"]["parameters"] = {}
    watched = PATIENTS.watched(tmp_path, **stated)
    PATIENTS.lands(watched, LEARNED)

    assert trained(watched)["decision"] == "config refused"
