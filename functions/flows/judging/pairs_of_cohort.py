"""What one cohort says of two versions: the differences of their losses, and bets on these."""

from typing import Final

import numpy as np
import pandas as pd

from core.domain.cohort import Cohort
from core.domain.evidence import Booked, Evidence
from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.domain.scored import Stage
from core.domain.terms import Guard
from core.ports import Ports
from functions.arrays import Floats
from functions.flows.judging.judged_rows import Judged, came_before, judged_rows, rows_of_slices
from functions.flows.scoring.requested_rows import not_between_arms
from functions.ml.judging.betting import weigh
from functions.ml.judging.differences import of_arms

_BASIS_DIGITS: Final = 16


def basis_of(evidence: Evidence, cohort: Cohort) -> str | None:
    """Name the labels and predictions that a cohort offers; `None` if it compares nothing.

    It compares where it was served by what serves now, and the version was on this trial then: all
    rows, or only some that were asked for after a promotion.
    """
    stage = _stage(evidence)
    served = cohort.outcome_of(evidence.against, "champion")
    outcome = cohort.outcome_of(evidence.version, stage)
    if served is None or outcome is None:
        return None
    both = (served.key, served.predicted, outcome.key, outcome.predicted)
    return content_hash(f"{cohort.labels_hash} {both}".encode())[:_BASIS_DIGITS]


def booked_of(
    config: ModelConfig, evidence: Evidence, cohort: Cohort, basis: str, ports: Ports
) -> Booked:
    """Set how wrong the two were beside each other, and let the bets grow by it.

    Raises:
        BadData: a protected slice cannot be told from the features.
    """
    terms = evidence.terms
    served, version = _both(config, evidence, cohort, ports)
    between = _between_arms if terms.is_split else _on_same_rows
    slices = [guard.where for guard in terms.guards if guard.where is not None]
    meant = iter(rows_of_slices(config, slices, cohort.partition, ports))

    def of_guard(guard: Guard) -> Floats:
        if guard.where is None:
            return between(served, version, "mistake")
        rows = next(meant)
        return between(_only(served, rows), _only(version, rows), "loss")

    return Booked(
        partition=cohort.partition,
        basis=basis,
        main=weigh(between(served, version, "loss"), terms.bets),
        guards=tuple(
            weigh(of_guard(guard), guard.bets(terms.decision_margin)) for guard in terms.guards
        ),
    )


def _both(
    config: ModelConfig, evidence: Evidence, cohort: Cohort, ports: Ports
) -> tuple[Judged, Judged]:
    """Read both sides; of entities that are split, each counts the first time it comes.

    Who comes every day brings the same luck along, always into the same arm: counted again and
    again, it would look like a difference between the versions.
    """
    served = judged_rows(config, cohort, evidence.against, "champion", ports)
    version = judged_rows(config, cohort, evidence.version, _stage(evidence), ports)
    if not evidence.terms.is_split:
        return served, version
    known = came_before(config, cohort.partition, evidence.version, ports)
    known = known.union(not_between_arms(config.model, cohort.partition, evidence.version, ports))
    return served[~served.index.isin(known)], version[~version.index.isin(known)]


def _stage(evidence: Evidence) -> Stage:
    """Say as what a version's predictions are logged while it is on trial."""
    serves = evidence.trial == "canary" or (evidence.trial == "guard" and evidence.terms.is_split)
    return "canary" if serves else "shadow"


def _only(judged: Judged, rows: "pd.Index[str]") -> Judged:
    return judged[judged.index.isin(rows)]


def _on_same_rows(served: Judged, version: Judged, column: str) -> Floats:
    both = served.index.intersection(version.index)
    difference = served.loc[both, column] - version.loc[both, column]
    return np.asarray(difference, dtype=np.float64)


def _between_arms(served: Judged, version: Judged, column: str) -> Floats:
    """What the version served counts as its own, whatever else the champion says of it."""
    others = served[~served.index.isin(version.index)]
    return of_arms(_shuffled(others, column), _shuffled(version, column))


def _shuffled(judged: Judged, column: str) -> Floats:
    """Order rows by what their keys hash to, which knows nothing of how they turned out."""
    order = np.argsort(pd.util.hash_array(judged.index.to_numpy(object)))
    return np.asarray(judged[column], dtype=np.float64)[order]
