"""Evidence with pairs of known differences; a test names only what it is about."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.domain.days import Days
from core.domain.evidence import Booked, Evidence
from core.domain.ids import VersionId
from core.domain.partition import days_before
from core.domain.terms import Terms, Trial, terms_of
from functions.arrays import Floats
from functions.ml.judging.betting import weigh
from tests.builders import NOON, a_config

FIRST_DAY = "2013-02-01"


def some_terms(trial: Trial = "shadow", **stages: Any) -> Terms:
    """The terms of `a_config`, without guards unless there are protected slices."""
    terms = terms_of(a_config(stages=stages), trial)
    return terms.model_copy(update={"guards": ()})


def guarded_terms(*slices: str, **stages: Any) -> Terms:
    """Terms with the guard of the decision, and some protected slices."""
    parts = [
        {"name": name, "where": [{"column": "carrier", "one_of": [name]}], "is_protected": True}
        for name in slices
    ]
    return terms_of(a_config(stages=stages, evaluation={"slices": parts}), "shadow")


def alike(mean: float) -> Days:
    """Validation days with this gain, which differ by chance alone."""
    days = Days()
    for chance in (1, -1, 1, 0, -1, 1, -1):
        found = mean + chance * 1e-3
        days = days.plus(Days.of(1000, 1000 * found, 1000 * (found**2 + 1e-3)))
    return days


ALIKE = alike(0.0)


def no_evidence(
    terms: Terms | None = None, trial: Trial = "shadow", before: Days = ALIKE
) -> Evidence:
    """A comparison that begins."""
    version, against = VersionId("ver_b"), VersionId("ver_a")
    terms = terms or some_terms(trial)
    return Evidence.beginning(
        "flights", version, against=against, trial=trial, terms=terms, before=before, at=NOON
    )


def a_cohort(
    day: int, differences: Floats, *guards: Floats, terms: Terms | None = None, basis: str = "b"
) -> Booked:
    """What the pairs of one day say, and those of each guard."""
    terms = terms or some_terms()
    return Booked(
        partition=days_before(FIRST_DAY, -day),
        basis=basis,
        main=weigh(differences, terms.bets),
        guards=tuple(
            weigh(of_guard, guard.bets(terms.decision_margin))
            for guard, of_guard in zip(terms.guards, guards, strict=True)
        ),
    )


def evidence_of(days: Sequence[Floats], terms: Terms | None = None, **how: Any) -> Evidence:
    """Evidence of so many days, without guards; validation days were like the first of them."""
    first = round(float(days[0].mean()), 6) if days and len(days[0]) else 0.0
    evidence = no_evidence(terms, **{"before": alike(first), **how})
    booked = [a_cohort(day, found, terms=evidence.terms) for day, found in enumerate(days)]
    return evidence.booking(booked, NOON)


def flips(pairs: int, better: int, worse: int) -> Floats:
    """Decisions of which so many became right, and so many wrong."""
    found = np.zeros(pairs)
    found[:better] = 1.0
    found[better : better + worse] = -1.0
    return found


def some_differences(seed: int, mean: float, pairs: int = 500, spread: float = 0.05) -> Floats:
    """Differences of Brier scores with just this mean."""
    drawn = np.random.default_rng(seed).normal(0.0, spread, pairs)
    return np.asarray(np.clip(drawn - drawn.mean() + mean, -1, 1))
