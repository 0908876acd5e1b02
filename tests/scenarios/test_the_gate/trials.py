"""Versions on trial whose predictions are known: the words that stories of the gate share."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from core.domain.challenge import Challenge
from core.domain.evaluation import Evaluation
from core.domain.evidence import Evidence
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from core.domain.scored import Scored, Stage
from core.domain.serving import Serving
from core.domain.terms import Trial
from core.ports import changed, new
from functions.data.predicted import Predicted
from functions.data.prediction_log import log_key, write_log
from functions.flows.join_labels import join_labels
from tests.builders import NOON, a_config
from tests.compared import alike
from tests.watched_model import WatchedModel, some_flights, some_labels

ROWS = 400
FIRST = "2013-03-01"
OLD, NEW = VersionId("ver_a"), VersionId("ver_b")


def _predicted(version: VersionId, stage: Stage, of: "pd.Series[float]") -> Predicted:
    said = np.asarray(of, dtype=np.float64)
    keys = pa.chunked_array([pa.array(of.index, pa.string())])
    return replace(Predicted.unserved(version, keys, said), stage=stage)


class Trials(WatchedModel):
    """Versions whose predictions are known: the first is worse by what `says` it is off."""

    def serves(self, **pointer: Any) -> None:
        """Move the pointer."""
        before = self.ports.records.get(Serving, "flights")
        after = (before or Serving(id="flights")).model_copy(update=pointer)
        assert self.ports.records.commit(changed(after) if before else new(after))

    def predicted(self, day: str, *said: tuple[VersionId, Stage, "pd.Series[float]"]) -> None:
        """Log what versions said of a day, the champion first, and record it."""
        self.lands(day, some_flights(day, ROWS))
        logs = tuple(
            write_log(
                log_key("flights", day, version, stage),
                day,
                _predicted(version, stage, of),
                self.now,
                self.ports.objects,
            )
            for version, stage, of in said
        )
        scored = Scored(
            id=Scored.id_of("flights", day),
            model="flights",
            partition=day,
            scored_at=self.now,
            features_hash="f",
            logs=logs,
        )
        assert self.ports.records.commit(new(scored))

    def joins(self, day: str, on: str | None = None, **labels: int) -> None:
        """Let the labels of a day land, corrected where given, and join them."""
        self.it_is(on or days_before(day, -1))
        self.labels_land(day, some_labels(day, ROWS) | labels)
        join_labels("flights", day, self.ports)

    def evidence(self, trial: Trial = "shadow", version: VersionId = NEW) -> Evidence:
        """Read what is known."""
        found = self._evidence(trial, version)
        assert found is not None
        return found

    def is_compared(self, trial: Trial = "shadow", version: VersionId = NEW) -> bool:
        """Say whether anything is known."""
        return self._evidence(trial, version) is not None

    def _evidence(self, trial: Trial, version: VersionId) -> Evidence | None:
        return self.ports.records.get(Evidence, Evidence.id_of("flights", version, OLD, trial))

    def card(self) -> Challenge:
        """Read the card of the new version."""
        found = self.ports.records.get(Challenge, Challenge.id_of("flights", NEW))
        assert found is not None
        return found


def says(day: str, off: float) -> "pd.Series[float]":
    """Predict each flight of a day, wrong by as much as one likes, and some rows more."""
    labels = pd.Series(some_labels(day, ROWS))
    chance = np.random.default_rng(len(day) + int(day[-2:]))
    wrong = np.clip(off + chance.normal(0, 0.05, ROWS), 0, 1)
    return pd.Series(np.abs(labels.to_numpy() - wrong), index=pd.Index(labels.index, dtype="str"))


def an_evaluation() -> Evaluation:
    """The two were judged before, on days that differ by chance alone: a clear gain."""
    return Evaluation(
        id="evl_of_both",
        model="flights",
        version=NEW,
        champion=OLD,
        evaluator_hash="e",
        validation=(),
        validation_set="v",
        made_at=NOON,
        rows=7 * ROWS,
        metrics=(),
        days=alike(0.06),
    )


def day_of(number: int) -> str:
    return days_before(FIRST, -number)


def lives_through(trials: Trials, days: int, old: float, young: float) -> None:
    for number in range(days):
        day = day_of(number)
        trials.predicted(day, (OLD, "champion", says(day, old)), (NEW, "shadow", says(day, young)))
        trials.joins(day)


def with_slice(name: str, column: str = "carrier", **stages: Any) -> ModelConfig:
    part = {
        "name": name,
        "where": [{"column": column, "one_of": [name]}],
        "is_protected": True,
    }
    return a_config(evaluation={"slices": [part]}, stages=stages)


def split(day: str, share: float, young: float) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """Let the canary serve a share of the flights of a day, and the champion the rest."""
    old, new = says(day, 0.35), says(day, young)
    is_canarys = np.random.default_rng(int(day[-2:])).uniform(size=ROWS) < share
    return old[~is_canarys], new[is_canarys]
