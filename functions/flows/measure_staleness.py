"""Score old versions on the newest mature partitions: how fast does this model age?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from core.domain.errors import BadData
from core.domain.model_config import ModelConfig
from core.domain.staleness import WORTH_FOR_DAYS, Aged, AgePoint, Staleness
from core.domain.version import Version
from core.flows.permit import config_of
from core.ports import Ports, changed, new
from functions.data.artefacts import load
from functions.data.feature_rows import as_read_by
from functions.data.training_set import LabelledRows
from functions.flows.scoring.predict_rows import candidate
from functions.flows.training.review_sample import sample_of
from functions.flows.training.training_rows import training_rows
from functions.ml.judging.staleness import best_cadence, decay
from functions.ml.losses import losses
from functions.ml.training.pipeline import predict, predict_as

_VERSIONS: Final = 8
_PARTITIONS: Final = 7  # so that no day of the week is missing
_ROWS: Final = 20_000  # of all these partitions, evenly from each


def measure_staleness(model: str, ports: Ports) -> Staleness:
    """Measure the losses of the last versions on the newest partitions, and recommend a cadence.

    At the most 8 versions predict 20,000 rows of 7 partitions, each only what came after the rows
    it learned from. What was measured before is kept, so that the curve grows with each training.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config, known = config_of(model, ports), ports.records.get(Staleness, model)
    before = known or Staleness(id=model, measured_at=ports.now())
    after = _fitted(before.knowing(tuple(_points(config, ports))), config)
    measured = after.model_copy(update={"measured_at": ports.now()})
    ports.records.commit(changed(measured) if known else new(measured))
    return measured  # if another run was quicker, it measured the same


def _points(config: ModelConfig, ports: Ports) -> Iterator[AgePoint]:
    """Score each version that can be loaded; one that cannot tells its owner where it is needed."""
    newest = {"window_days": _PARTITIONS, "validation_days": _PARTITIONS}
    window = config.training.model_copy(update=newest)
    asked = config.model_copy(update={"training": window})
    rows = training_rows(asked, None, ports).validation
    if not rows.partitions:
        return
    for version in ports.records.query(
        Version, f"versions:{config.model}", newest_first=True, limit=_VERSIONS
    ):
        try:
            yield from _points_of(version, config, rows, ports)
        except BadData:
            continue


def _points_of(
    version: Version, config: ModelConfig, rows: LabelledRows, ports: Ports
) -> Iterator[AgePoint]:
    last = version.manifest.last_day
    own, objects = candidate(config, version.id, ports).config, ports.objects
    later = LabelledRows(
        tuple(
            replace(
                one, features=as_read_by(own, config, one.features, one.used.partition, objects)
            )
            for one in rows.partitions
            if one.used.partition > last
        )
    )
    if not later.partitions:
        return
    pipeline = load(config.model, version, predict, ports.objects, ports.signer)
    some = sample_of(later, version.manifest.columns, _ROWS)
    said = predict_as(config.target, pipeline, some.features())
    if said is None:  # it predicts another kind of target
        return
    lost = losses(config.target, said, some.truths)
    for number, partition in enumerate(some.partitions):
        of_day = lost[some.days == number]
        if len(of_day):
            yield AgePoint(
                version=version.id,
                partition=partition,
                age_days=(date.fromisoformat(partition) - date.fromisoformat(last)).days,
                loss=float(np.mean(of_day)),
                rows=len(of_day),
            )


def _fitted(known: Staleness, config: ModelConfig) -> Staleness:
    worth = config.stages.least_gain * WORTH_FOR_DAYS
    points = known.points
    found = decay(
        np.unique([point.version for point in points], return_inverse=True)[1],
        np.unique([point.partition for point in points], return_inverse=True)[1],
        np.array([point.age_days for point in points], dtype=np.int64),
        np.array([point.loss for point in points], dtype=np.float64),
    )
    if found is None:
        update: dict[str, object] = {"curve": (), "per_day": None, "is_decay_shown": False}
        return known.model_copy(update=update | {"worth": worth, "every_days": None})
    aged = zip(found.ages.tolist(), found.excess.tolist(), strict=True)
    return known.model_copy(
        update={
            "curve": tuple(Aged(age_days=age, excess=excess) for age, excess in aged),
            "per_day": found.per_day,
            "is_decay_shown": found.is_shown,
            "worth": worth,
            "every_days": best_cadence(found, worth) if found.is_shown else None,
        }
    )
