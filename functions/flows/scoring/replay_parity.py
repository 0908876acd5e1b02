"""Replay what a version scored through the path of training: the same has to come out."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from core.domain.challenge import Challenge
from core.domain.errors import BadData
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.parity import Parity
from core.domain.scored import Logged, Scored
from core.domain.verdict import Severity
from core.flows.draw_again import draw_again
from core.ports import Objects, Ports, new
from functions.arrays import Flags, Floats
from functions.data.feature_rows import as_read_by, landed_features
from functions.data.logged_predictions import LoggedPredictions
from functions.data.partition_rows import PartitionRows
from functions.flows.scoring.predict_rows import Predictor, attempt, candidate
from functions.flows.tell_owner import tell_owner
from functions.ml.columns import select
from functions.ml.training.pipeline import predict

_TOLERANCE: Final = 1e-12  # forests add up their trees in any order, which moves the last digit
_LOOK: Final = (
    "Compare how the columns are read for training and for scoring; until both agree the version "
    "cannot be promoted."
)

Path = Callable[[ModelConfig, str, Objects], PartitionRows | None]


def replay_parity(  # noqa: PLR0913, PLR0917 - what was scored, and the path that a test may change
    config: ModelConfig,
    version: VersionId,
    scored: Scored,
    rows: PartitionRows,
    ports: Ports,
    path: Path = landed_features,
) -> Parity | None:
    """Compare features and predictions of a scored partition with those of the training path.

    Once for each version, on its first partition; a difference is told, and no such version is
    promoted.

    Args:
        config: in force.
        version: which has predicted the partition.
        scored: the record of that.
        rows: those that were scored, each once.
        ports: the outside world.
        path: reads a partition as a training does.

    Returns:
        `None` when there is nothing to compare: the partition has changed since, or a training
        would refuse it. The next one is replayed then.
    """
    known = ports.records.get(Parity, Parity.id_of(config.model, version))
    if known is not None:
        return known
    logged = next((log for log in scored.logs if log.version == version), None)
    replayed = _read(config, scored, path, ports)
    if logged is None or replayed is None:
        return None
    is_other, differs = _compared(config, logged, (rows, replayed), scored, ports)
    parity = Parity(
        id=Parity.id_of(config.model, version),
        model=config.model,
        version=version,
        partition=scored.partition,
        rows=len(is_other),
        differing=int(is_other.sum()),
        columns=tuple(name for name, flags in differs.items() if flags.any()),
        replayed_at=ports.now(),
    )
    ports.records.commit(new(parity))
    if not parity.is_same:
        draw_again(Challenge.id_of(config.model, version), ports)  # it cannot be promoted any more
    _tell(config, parity, ports)
    return parity


def is_replayed(config: ModelConfig, version: VersionId, ports: Ports) -> bool:
    """Say whether a version was compared before."""
    return ports.records.get(Parity, Parity.id_of(config.model, version)) is not None


def _compared(
    config: ModelConfig,
    logged: Logged,
    read: tuple[PartitionRows, PartitionRows],
    scored: Scored,
    ports: Ports,
) -> tuple[Flags, dict[str, Flags]]:
    """Say of each logged row whether anything differs, and whether each feature of it does."""
    said = LoggedPredictions.read(logged, ports.objects)
    who = candidate(config, logged.version, ports)
    rows, replayed = read
    key, columns = config.data.key, who.version.manifest.columns
    there = rows.only(rows.names(key).isin(said.keys))
    again = replayed.only(replayed.names(key).isin(said.keys))
    keys = there.names(key)
    before, after = (
        select(as_read_by(who.config, config, of.table, scored.partition, ports.objects), columns)
        for of in (there, again)
    )
    after = after.set_axis(again.names(key)).reindex(keys)
    predictions = attempt(
        who, who.slow_after_s, lambda: _predictions(who.loaded(ports), after.reset_index(drop=True))
    )
    differs = {name: _differs(before[name], after[name]) for name in columns}
    is_other = _is_other(said.at(keys), predictions) | np.any(list(differs.values()), axis=0)
    return is_other, differs


def _read(config: ModelConfig, scored: Scored, path: Path, ports: Ports) -> PartitionRows | None:
    try:
        replayed = path(config, scored.partition, ports.objects)
    except BadData:
        return None
    if replayed is None or replayed.joined_hash != scored.joined:
        return None
    return replayed if replayed.content_hash == scored.features_hash else None


def _predictions(by: Predictor, features: pd.DataFrame) -> Floats:
    return predict(by.pipeline, features)


def _differs(one: "pd.Series[float]", other: "pd.Series[float]") -> Flags:
    before, after = one.to_numpy(), other.to_numpy()
    return np.asarray(~((before == after) | (pd.isna(before) & pd.isna(after))), dtype=np.bool_)


def _is_other(said: Floats, again: Floats) -> Flags:
    is_same: Flags = np.isclose(said, again, rtol=0, atol=_TOLERANCE, equal_nan=True)
    return ~(is_same if is_same.ndim == 1 else np.asarray(is_same.all(axis=1)))


def _tell(config: ModelConfig, parity: Parity, ports: Ports) -> None:
    if parity.is_same:
        return
    tell_owner(
        config,
        rule="parity",
        partition=parity.partition,
        summary=f"Training and scoring differ: {parity.sentence}",
        next_step=_LOOK,
        severity=Severity.PAGE,
        ports=ports,
    )
