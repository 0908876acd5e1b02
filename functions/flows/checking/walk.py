"""Through partitions that are all there, oldest first, as if each had just landed; nobody hears."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Self

from core.domain.finding import Finding
from core.domain.judge import judge
from core.domain.model_config import ModelConfig
from core.domain.reading import Reading
from core.domain.verdict import Basis, ErrorClass, Verdict
from core.ports import Objects
from functions.data.landed_objects import objects_of
from functions.data.partitions import fingerprint, read_partition
from functions.flows.checking.history import History
from functions.flows.checking.measure import columns_of, measure
from functions.flows.checking.new_columns import added, with_new_names
from functions.flows.checking.renamed_roles import Landed, with_renamed_roles
from functions.flows.checking.trust import ADOPTED_AFTER
from functions.ml.checking.calibrate import FEWEST_PARTITIONS
from functions.ml.checking.contract import NOTHING_HELD, Held
from functions.ml.checking.key_sample import KeyCounter
from functions.ml.checking.profile import Profiler
from functions.ml.checking.reference import Closed, Reference
from functions.ml.checking.tally import Tally

_FINE: Final = Verdict(basis=Basis.REFERENCE)


@dataclass(frozen=True)
class Past:
    """The history at one time, and what moved and waits to be adopted."""

    reference: Reference
    held: Held = NOTHING_HELD
    """What stays promised all the way."""
    others: frozenset[str] | None = None
    """Columns that the config does not name and trusted partitions had; `None` if unknown."""
    waiting: tuple[tuple[int, str, Closed], ...] = ()
    """Position, name, and what each looks like."""
    adopted: Mapping[str, Closed] = field(default_factory=dict)
    """What the last step took into the history."""

    def history_for(self, name: str) -> History:
        """Say what a partition is compared with: what came before it.

        Where that is too little to tell how much partitions differ, all that is known.
        """
        earlier = [known for known in self.reference.partitions if known < name]
        enough = len(earlier) >= FEWEST_PARTITIONS
        reference = self.reference
        if enough and len(earlier) < len(reference.partitions):
            reference = reference.only(earlier)
        return History(reference.partitions, reference.summaries, reference.known, {}, {})

    def after(self, position: int, looked: "Looked") -> "Past":
        """Go one partition on.

        As when nobody judges an alert: errors stay out of the history, what moved is adopted
        after a few partitions.

        Args:
            position: of the partition among all of them.
            looked: what the checks would have said of it.
        """
        name, one, verdict = looked.partition, looked.closed, looked.verdict
        waiting, adopted = list(self.waiting), dict[str, Closed]()
        if one is not None and verdict.error_class is None:
            adopted[name] = one
        elif one is not None and verdict.error_class is ErrorClass.DRIFT:
            waiting.append((position, name, one))
        while waiting and position - waiting[0][0] >= ADOPTED_AFTER:
            _, moved, closed_then = waiting.pop(0)
            adopted[moved] = closed_then
        reference = self.reference.extended(adopted) if adopted else self.reference
        others = self.others
        if others is not None and not verdict.is_broken:
            others = others.union(looked.reading.others)
        return Past(reference, self.held, others, tuple(waiting), adopted)


@dataclass(frozen=True)
class Looked:
    """One partition, and what the checks would have said of it."""

    partition: str
    fingerprint: str
    """Of its objects."""
    reading: Reading
    closed: Closed | None
    """What it looks like; `None` if it could not be measured."""
    findings: tuple[Finding, ...]
    verdict: Verdict

    def called_normal(self) -> Self:
        """Go by what a person said: nothing is wrong with it, where it could be measured."""
        return self if self.closed is None else replace(self, verdict=_FINE)


def look(config: ModelConfig, prefix: str, partition: str, past: Past, objects: Objects) -> Looked:
    """Read a partition once and judge it beside its past."""
    profiler = Profiler(past.reference.ruler)
    tally = Tally.of(config, date.fromisoformat(partition))
    found = objects_of(prefix, partition, objects, config.data.apart)
    reading = read_partition(
        found, columns_of(config), objects, tally.before(profiler.take), KeyCounter()
    )
    findings = list(reading.plain_findings(config.data.key))
    basis, one = Basis.REFERENCE, None
    if reading.is_usable:
        one = Closed.of(profiler.profile, past.reference.known, reading.duplicate_share)
        history, ruler = past.history_for(partition), past.reference.ruler
        basis, measured = measure(config, partition, one.summary, history, ruler, past.held)
        findings += measured
    findings += tally.findings(reading)
    new = added(reading, past.others, past.reference)
    if new:
        findings = with_new_names(findings, new, found, config, past.reference, objects)
        now, before = Landed(partition, prefix, found), past.reference.partitions[-1]
        findings = with_renamed_roles(findings, new, now, config, before, objects)
    return Looked(
        partition, fingerprint(found), reading, one, tuple(findings), judge(findings, basis, new)
    )
