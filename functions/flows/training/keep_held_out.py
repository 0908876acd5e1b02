"""Keep what a version predicts on days that it did not learn from: what it serves should be alike.

What a model says of rows that it learned from is too good, and so no measure of anything.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from math import ceil
from typing import Final

import numpy as np
from sklearn.pipeline import Pipeline

from core.domain.alarm_budget import NEWEST
from core.domain.errors import BadData
from core.domain.model_config import ModelConfig
from core.domain.version import manifest_columns
from core.ports import Ports
from functions.data.feature_rows import landed_features
from functions.data.logged_predictions import LoggedPredictions
from functions.data.training_set import LabelledPartition, TrainingSet
from functions.flows.checking.history import keep_reference
from functions.flows.checking.output_columns import about_outputs, outputs_of
from functions.flows.scoring.outputs import day_of
from functions.flows.training.use_trainer import Maker
from functions.ml.checking.calibrate import FEWEST_PARTITIONS
from functions.ml.checking.reference import Day
from functions.ml.checking.reference import learn as learn_ruler
from functions.ml.columns import select, select_all
from functions.ml.training.pipeline import learn, made_for, predict

_ENOUGH: Final = 2 * NEWEST
"""Partitions that were kept back and tell by themselves how much predictions differ."""
_MOST_ROWS: Final = 200_000
"""That the stand-in learns from."""


def keep_held_out(
    config: ModelConfig, rows: TrainingSet, trained: Pipeline, maker: Maker, ports: Ports
) -> str | None:
    """Store what was predicted for days that were not learned from; returns the key.

    Each day is predicted with all rows that landed for it, labelled or not, as scoring does. Where
    too few days are kept back, every second day that the version learned from is predicted too, by
    a stand-in that the same estimator makes of the other ones. A trainer of a team's own is not
    called again for that.

        learned from   a b a b a b a b a b     kept back   . . . .
        predicted by   A   A   A   A   A                   the version itself

    Returns:
        `None` where there are too few days to say how much they differ.
    """
    said = _days(config, rows.validation.partitions, trained, ports)
    if len(said) < _ENOUGH and maker.fit is None:
        with suppress(BadData):  # half of the days may teach nothing
            said |= _by_stand_in(config, rows.learning.partitions, ports)
    if len(said) < FEWEST_PARTITIONS:
        return None
    reference = learn_ruler(said, outputs_of(config), about_outputs(config).sensitive)
    return keep_reference(f"{config.model}/held-out", reference, config.hash, {}, ports)


def _by_stand_in(
    config: ModelConfig, learned: Sequence[LabelledPartition], ports: Ports
) -> dict[str, Day]:
    held_out, shown = learned[::2], learned[1::2]
    labels = np.concatenate([np.zeros(0), *(one.labels for one in shown)])
    if len(np.unique(labels)) <= 1:  # nothing to tell apart
        return {}
    columns = manifest_columns(config)
    features = select_all([one.features for one in shown], columns)
    some = np.arange(0, len(labels), ceil(len(labels) / _MOST_ROWS))
    stand_in = learn(config.training, columns, features.iloc[some], labels[some], config.target)
    return _days(config, held_out, stand_in, ports)


def _days(
    config: ModelConfig, partitions: Sequence[LabelledPartition], by: Pipeline, ports: Ports
) -> dict[str, Day]:
    return dict(_predicted(config, [one.used.partition for one in partitions], by, ports))


def _predicted(
    config: ModelConfig, names: Sequence[str], by: Pipeline, ports: Ports
) -> Iterator[tuple[str, Day]]:
    for name in names:
        landed = landed_features(config, name, ports.objects)
        if landed is None:  # it is gone since
            continue
        said = predict(by, select(landed.table, manifest_columns(config)))
        keys = landed.names(config.data.key)
        numbered = LoggedPredictions(keys, said, made_for(by)).numbered()
        if len(numbered.keys):
            yield name, day_of(config, numbered)
