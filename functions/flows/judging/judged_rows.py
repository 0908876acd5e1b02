"""The labelled rows of one cohort: how wrong a version was on each, and which are in a slice."""

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.domain.cohort import Cohort
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.scored import Logged, Scored
from core.domain.where import Where
from core.ports import Ports
from functions.data.feature_rows import landed_features
from functions.data.label_store import booked_labels
from functions.data.prediction_log import read_keys
from functions.flows.scoring.requested_rows import asked_for, predictions_of
from functions.ml.columns import select
from functions.ml.judging.mistakes import mistakes
from functions.ml.losses import losses
from functions.ml.where import mask

if TYPE_CHECKING:
    import pyarrow as pa

Judged = pd.DataFrame
"""How wrong each labelled row was, by its key: columns `loss` and `mistake`, 0..1."""

_LOOKED_BACK: Final = 400  # partitions


def judged_rows(
    config: ModelConfig, cohort: Cohort, version: VersionId, stage: str, ports: Ports
) -> Judged:
    """Hold what a version said in a stage against the labels that are booked."""
    labels = booked_labels(cohort.labels_key, config.target.classes, ports.objects)
    logged = predictions_of(cohort.model, cohort.partition, ports).of(version, stage)
    if logged is None:
        raise ValueError("a cohort is made of logs, and this one has none of them")
    read = logged.numbered()
    said, keys = read.for_target(config.target), read.keys
    if said is None:  # it predicts another kind of target
        return pd.DataFrame({"loss": [], "mistake": []}, index=pd.Index([], dtype="str"))
    known = np.asarray(labels.of(keys), np.float64)
    is_judged = ~np.isnan(known) & ~keys.duplicated()
    predictions, truths = said[is_judged], known[is_judged]
    return pd.DataFrame(
        {
            "loss": losses(config.target, predictions, truths),
            "mistake": mistakes(config.target, config.evaluation.cut, predictions, truths),
        },
        index=keys[is_judged],
    )


def came_before(
    config: ModelConfig, partition: str, version: VersionId, ports: Ports
) -> "pd.Index[str]":
    """Name the entities that were split between a canary and what serves before this partition.

    Of a guard those since it served everybody: for its share others were drawn than for its canary.
    """
    before = ports.records.query(
        Scored, f"scored:{config.model}", after=partition, newest_first=True, limit=_LOOKED_BACK
    )
    since = takewhile(lambda scored: scored.served.version != version, before)
    split = [scored for scored in since if _log_of(scored, version, "canary") is not None]
    nobody: pd.Index[str] = pd.Index([], dtype="str")
    known = [read_keys(logged, ports.objects) for scored in split for logged in scored.logs]
    return nobody.append(known).unique()


def rows_of_slices(
    config: ModelConfig, slices: Sequence[Where], partition: str, ports: Ports
) -> "list[pd.Index[str]]":
    """Name the rows of each slice; the features are read once, and only if there is a slice.

    Requested rows that were sent without a column which a slice asks for are in none.

    Raises:
        BadData: they lack a column that a slice asks for.
    """
    if not slices:
        return []
    asked = {condition.column for where in slices for condition in where}
    columns = {name: config.columns[name] for name in sorted(asked)}
    found = [
        *_landed(config, partition, ports),
        *asked_for(config.model, partition, columns, ports),
    ]
    known: pd.Index[str] = pd.Index([], dtype="str")
    rows_of: list[pd.Index[str]] = [known for _ in slices]
    for table, keys in reversed(found):  # what was asked for counts as it was sent
        features, is_new = select(table, columns), ~keys.isin(known)
        masks = [mask(where, features) & is_new for where in slices]
        rows_of = [rows.append(keys[m]) for rows, m in zip(rows_of, masks, strict=True)]
        known = known.append(keys)
    return rows_of


def _landed(
    config: ModelConfig, partition: str, ports: Ports
) -> "list[tuple[pa.Table, pd.Index[str]]]":
    rows = landed_features(config, partition, ports.objects)
    if rows is None:  # somebody has deleted them since, or they were only asked for
        return []
    return [(rows.table, rows.names(config.data.key))]


def _log_of(scored: Scored | None, version: VersionId, stage: str) -> Logged | None:
    for logged in scored.logs if scored is not None else ():
        if logged.version == version and logged.stage == stage:
            return logged
    return None
