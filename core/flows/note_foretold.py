"""Say how what serves probably does where labels are missing, after scoring and after labels."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Final

from core.domain.cohort import Cohort
from core.domain.curve import Curve, Said, scale_of
from core.domain.foretold import Foretold, Unlabelled
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.realised import Realised
from core.flows.change import change
from core.flows.permit import config_of
from core.ports import Ports

_LEARNED_FROM: Final = 28  # mature cohorts
_LOOKED_AT: Final = 28  # the newest partitions
_FEWEST_ROWS: Final = 100  # mature labels of a version by which anything is foretold


def note_foretold(model: str, ports: Ports, booked: Cohort | None = None) -> None:
    """Estimate the partitions that are not mature from how the same version did on those that are.

    Nothing is foretold of a version without a hundred mature labels, nor before the first cohort.

    Args:
        model: its name.
        ports: the outside world.
        booked: the cohort whose labels were just booked: a listing may lag behind it (decision 11).

    Raises:
        Unknown: no config was ever applied for this model.
        Busy: others kept changing the same record.
    """
    realised = ports.records.get(Realised, model)
    if realised is None:
        return
    foretold = _foretold(config_of(model, ports), booked, ports)
    if foretold != realised.foretold:
        change(Realised, model, lambda known: (known.foretelling(foretold), []), ports)


def _foretold(config: ModelConfig, booked: Cohort | None, ports: Ports) -> Foretold | None:
    said = ports.records.query(Said, f"said:{config.model}", newest_first=True, limit=_LOOKED_AT)
    if not said:
        return None
    version, scale, now = said[0].version, scale_of(config.target), ports.now()
    cohorts = _cohorts(config.model, booked, ports)
    mature = [of for of in cohorts.values() if of.is_mature(now)]
    curves = {of.partition: curve for of in mature if (curve := _curve(of, version, scale))}
    learned = sorted(curves, reverse=True)[:_LEARNED_FROM]
    if sum(curves[name].labelled for name in learned) < _FEWEST_ROWS:
        return None
    curve = reduce(Curve.joined_by, (curves[name] for name in learned))
    settled = {of.partition for of in mature}
    unlabelled = [
        Unlabelled(said=one, known=_curve(cohorts.get(one.partition), version, scale))
        for one in said
        if (one.version, one.scale) == (version, scale) and one.partition not in settled
    ]
    return Foretold.of(config.target, curve, learned[0], unlabelled)


def _cohorts(model: str, booked: Cohort | None, ports: Ports) -> Mapping[str, Cohort]:
    listed: Sequence[Cohort] = ports.records.query(
        Cohort, f"cohorts:{model}", newest_first=True, limit=_LOOKED_AT + _LEARNED_FROM
    )
    return {of.partition: of for of in (*listed, *([booked] if booked else []))}


def _curve(cohort: Cohort | None, version: VersionId, scale: str) -> Curve | None:
    """Find what became of what a version said, served or in shadow; `None` without a label."""
    for outcome in cohort.outcomes if cohort is not None else ():
        curve = outcome.curve if outcome.version == version else None
        if curve is not None and curve.scale == scale and curve.labelled:
            return curve
    return None
