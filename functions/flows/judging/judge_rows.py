"""From the predictions of a version, and of the champion, to everything an evaluation says."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from core.domain.days import Days
from core.domain.evaluation import Judgement, Part
from core.domain.model_config import ModelConfig
from functions.data.validation_set import ValidationSet
from functions.ml.columns import select_all
from functions.ml.judging.calibration import calibration
from functions.ml.judging.differences import days_of
from functions.ml.judging.evaluate import by_label, metrics, part, standards
from functions.ml.judging.judged import Judged
from functions.ml.judging.kpi import kpi_found
from functions.ml.judging.slice_search import Searched, search
from functions.ml.losses import Predictions
from functions.ml.where import mask

_SEED: Final = 7  # of the search: the same for all versions, or they could not be compared
_ONE: Final = 1  # a filed failure or a scenario was chosen by people: judged however small it is


def judge_rows(
    config: ModelConfig, rows: ValidationSet, ours: Predictions, theirs: Predictions | None
) -> Judgement:
    """Judge predictions of all rows of a validation set.

    Args:
        config: says by what.
        rows: the rows, section by section.
        ours: what the version predicts for them, in their order.
        theirs: what the champion does; `None` without one.
    """
    all_ours = _judged(config, rows, ours)
    all_theirs = _judged(config, rows, theirs) if theirs is not None else None
    newest = slice(0, rows.newest.rows)
    version, champion = all_ours.of(newest), all_theirs.of(newest) if all_theirs else None
    features = select_all(rows.newest.features, config.columns)
    whole = metrics(version, champion)
    slices = tuple(_slices(config, features, version, champion))
    kpi, margin = config.evaluation.kpi, config.stages.decision_margin
    return Judgement(
        rows=version.rows,
        metrics=whole,
        parts=(*by_label(version, champion), *slices, *_sections(rows, all_ours, all_theirs)),
        kpi=kpi_found(kpi, version, champion) if kpi else None,
        calibration=calibration(version),
        champion_calibration=calibration(champion) if champion else None,
        proposed=search(_searched(config, features, version), np.random.default_rng(_SEED)),
        standards=standards(whole, slices, config.target, margin) if champion else (),
        days=days_of(champion.losses - version.losses, version.partition) if champion else Days(),
        notes=(_how(version), *rows.notes),
    )


def _judged(config: ModelConfig, rows: ValidationSet, predictions: Predictions) -> Judged:
    sizes = [one.used.rows for one in rows.partitions]
    partition = np.repeat(np.arange(len(sizes)), sizes)
    return Judged(config.target, config.evaluation, predictions, rows.truths, partition)


def _slices(
    config: ModelConfig, features: pd.DataFrame, version: Judged, champion: Judged | None
) -> Iterator[Part]:
    for one in config.evaluation.slices:
        meant = mask(one.where, features)
        theirs = champion.of(meant) if champion else None
        fewest = config.evaluation.minimum_rows
        found = part("slice", one.name, version.of(meant), theirs, fewest)
        yield found.model_copy(update={"is_protected": one.is_protected})


def _sections(rows: ValidationSet, version: Judged, champion: Judged | None) -> Iterator[Part]:
    first = rows.newest.rows
    for section in rows.sections:
        meant = slice(first, first + section.rows.rows)
        first = meant.stop
        theirs = champion.of(meant) if champion else None
        yield part(section.kind, section.name, version.of(meant), theirs, _ONE)


def _searched(config: ModelConfig, features: pd.DataFrame, version: Judged) -> Searched:
    """Search the columns whose values may be shown."""
    shown = {
        name: column for name, column in config.columns.items() if name not in config.sensitive
    }
    fewest = config.evaluation.minimum_rows
    return Searched(features, shown, version.losses, version.partition, fewest)


def _how(version: Judged) -> str:
    if version.groups.are_partitions:
        return (
            f"Intervals of 95 % go by the spread between {version.groups.count} partitions; each "
            "holds by itself."
        )
    return (
        "Intervals of 95 % count rows as independent, since there are fewer than 5 partitions: "
        "they are too narrow where days differ."
    )
