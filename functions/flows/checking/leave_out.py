"""Leave what is plainly spoiled out of a window that is learned from: nobody judged it before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from core.domain.finding import Finding
from core.domain.judge import judge
from core.domain.model_config import ModelConfig
from core.domain.partition import weekdays_of
from core.domain.verdict import Basis, ErrorClass, Verdict
from functions.flows.checking.history import History
from functions.flows.checking.measure import measure
from functions.ml.checking.calibrate import FEWEST_PARTITIONS
from functions.ml.checking.looks import most_spoiled
from functions.ml.checking.promises import BROKEN
from functions.ml.checking.reference import Closed, Reference
from functions.ml.checking.standing_out import standing_out
from functions.ml.checking.summary import Summary

_PLAIN: Final = BROKEN
"""The score of what is plainly wrong, in units of a limit: that of a promise that was broken."""
_ROUNDS: Final = 3  # what the spoiled partitions of one round hid shows in the next
_TRIED: Final = 2  # times as many as may be left out: of a wide table each day stands out somewhere


class Learning(Protocol):
    """Partitions of a window that were looked at."""

    def learned_from(self, partitions: Sequence[str]) -> Reference:
        """Learn from some of them, at least one; reads each."""

    def closed_on(self, reference: Reference, partition: str) -> Closed:
        """Measure one of them as a reference does that was not learned from it; reads it."""


@dataclass(frozen=True)
class Spoiled:
    """A partition that is left out."""

    rows: int
    verdict: Verdict
    """What is plainly wrong with it, beside the others; nothing of what only moved."""


@dataclass(frozen=True)
class Cleaned:
    """What was learned from a window, and what was left out of it."""

    reference: Reference
    left_out: Mapping[str, Spoiled]
    """By partition."""


def learn_without_spoiled(
    config: ModelConfig,
    window: Learning,
    partitions: Sequence[str],
    judged: Collection[str] = frozenset(),
) -> Cleaned:
    """Learn from the partitions of a window but those that are plainly spoiled.

    What stands out is judged beside the others as a check would, on a ruler that was learned
    without it. Only errors are left out, hard or soft, and no more than one in so many. Where
    nothing stands out no partition is read once more.

    Args:
        config: the model.
        window: the partitions.
        partitions: which of them, oldest first, at least one.
        judged: those of them that were judged before: they stay.
    """
    first = reference = window.learned_from(partitions)
    apart = set[str]()
    for _ in range(_ROUNDS):
        most = most_spoiled(len(partitions)) - len(apart)
        more = _suspects(config, reference, judged, most)
        if not more:
            break
        apart |= more
        reference = window.learned_from([name for name in partitions if name not in apart])
    closed = {name: window.closed_on(reference, name) for name in sorted(apart)}
    found = {name: _spoiled(config, name, of.summary, reference) for name, of in closed.items()}
    left_out = {name: spoiled for name, spoiled in found.items() if spoiled is not None}
    if not left_out:
        return Cleaned(first, {})
    back = {name: of for name, of in closed.items() if name not in left_out}
    return Cleaned(reference.extended(back) if back else reference, left_out)


def _suspects(
    config: ModelConfig, reference: Reference, judged: Collection[str], most: int
) -> set[str]:
    """Name those that stand out and lie plainly beyond their limits, the farthest if too many.

    On a ruler that was learned from them too, an error may look as if it only moved.
    """
    names = reference.partitions
    weekdays = weekdays_of(names)
    days = None if weekdays is None else np.array(weekdays)
    places = standing_out(reference.summaries, reference.ruler, days)
    some = [names[place] for place in places if names[place] not in judged][: _TRIED * most]
    if most <= 0 or not some or len(names) - len(some) < FEWEST_PARTITIONS:
        return set()
    others = _without(reference, some)
    found = {name: _beside(config, name, _summary_of(reference, name), others)[1] for name in some}
    farthest = {name: max(map(_far, of_it), default=0.0) for name, of_it in found.items()}
    plainly = sorted((n for n in some if farthest[n] >= _PLAIN), key=lambda n: -farthest[n])
    return set(plainly[:most])


def _spoiled(
    config: ModelConfig, partition: str, summary: Summary, others: Reference
) -> Spoiled | None:
    basis, findings = _beside(config, partition, summary, others)
    plainly = {finding.column for finding in findings if _is_plain(finding)}
    if not plainly:
        return None
    errors = [f for f in findings if f.column in plainly and f.error_class is not ErrorClass.DRIFT]
    return Spoiled(int(summary.rows), judge(errors, basis))


def _is_plain(finding: Finding) -> bool:
    """Say whether it leaves no doubt that data is wrong, rather than moved.

    No other partition showed it in any row, or it lies as far beyond its limit as if so. The first
    frost of a winter is none.
    """
    if finding.error_class is ErrorClass.DRIFT or finding.is_near:
        return False
    is_new = finding.usual is not None and not finding.usual[1]
    return finding.score >= (1 if is_new else _PLAIN)


def _far(finding: Finding) -> float:
    return max(finding.score, _PLAIN) if _is_plain(finding) else finding.score


def _without(reference: Reference, some: Collection[str]) -> Reference:
    return reference.only([name for name in reference.partitions if name not in some])


def _summary_of(reference: Reference, partition: str) -> Summary:
    return reference.summaries[reference.partitions.index(partition)]


def _beside(
    config: ModelConfig, partition: str, summary: Summary, others: Reference
) -> tuple[Basis, list[Finding]]:
    """Check a partition of a window beside the others, in two orders.

    Jan 1 ... Jan 8  Jan 9  Jan 10 ... Jan 30   the window; Jan 9 is judged
    Jan 1 ... Jan 8  Jan 10 ... Jan 30          as they came: what used to be kept
    Jan 10 ... Jan 30  Jan 1 ... Jan 8          the nearest last: its level, and copies
    """
    as_they_came = list(range(len(others.partitions)))
    later = [i for i in as_they_came if others.partitions[i] > partition]
    nearest_last = [*later, *as_they_came[: len(as_they_came) - len(later)]]
    basis, findings = Basis.REFERENCE, list[Finding]()
    for order in (as_they_came, nearest_last):
        names = tuple(others.partitions[i] for i in order)
        history = History(names, others.summaries[order], others.known, {}, {})
        basis, found = measure(config, partition, summary, history, others.ruler)
        findings += found
    return basis, findings
