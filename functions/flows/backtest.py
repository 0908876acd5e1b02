"""What the checks would have said of partitions that are all there, had they been watched then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.errors import BadData
from core.domain.judge import judge
from core.domain.model_config import ModelConfig
from core.domain.reading import Reading
from core.domain.verdict import Basis, ErrorClass, Verdict
from core.ports import Objects
from functions.data.partition_rows import partition_names
from functions.data.partitions import hold_partition, objects_of
from functions.flows.history import History
from functions.flows.learn_reference import NothingToLearnFrom
from functions.flows.measure import columns_of, measure
from functions.flows.trust import ADOPTED_AFTER
from functions.ml.contract import Held, learn_promises
from functions.ml.reference import Closed, Day, Reference, closed, learn
from functions.ml.tally import Tally


class TooShort(BadData):
    """There are not enough partitions to learn from and to check."""

    def __init__(self, found: int, needed: int) -> None:
        super().__init__(
            f"There are {found} partitions, but {needed} are learned from before the first is "
            "checked: give a folder with more, or a config with a shorter training window."
        )


@dataclass(frozen=True)
class Checked:
    """One partition and what would have been said of it."""

    partition: str
    rows: int
    verdict: Verdict


def backtest(config: ModelConfig, prefix: str, objects: Objects) -> Iterator[Checked]:
    """Learn from the first training window, then check each partition beside those before it.

    As when nobody judges an alert: errors stay out of the history, what moved is adopted after a
    few partitions, and what the first window promised stays promised.

    Args:
        config: the model; where its data lies is not looked at.
        prefix: where the partitions lie.
        objects: the store.

    Raises:
        TooShort: nothing would be left to check.
        NothingToLearnFrom: no partition of the window is usable.
    """
    names = partition_names(prefix, objects)
    window = config.training.window_days
    if len(names) <= window:
        raise TooShort(len(names), window)
    past = _Past(_learned(config, prefix, names[:window], objects))
    held = Held(learn_promises(past.reference, config.data.key).kept)
    for name in names[window:]:
        reading, day = _read(config, prefix, name, objects)
        findings = list(reading.plain_findings(config.data.key))
        basis, one = Basis.REFERENCE, None
        if reading.is_usable:
            one = closed(day, past.reference.ruler, past.reference.known)
            ruler = past.reference.ruler
            basis, measured = measure(config, name, one.summary, past.history, ruler, held)
            findings += measured
        tally = Tally.of(config, date.fromisoformat(name))
        for part in day.parts:
            tally.take(part)
        verdict = judge([*findings, *tally.findings(reading)], basis)
        yield Checked(name, reading.rows, verdict)
        past = past.after(name, one, verdict)


@dataclass(frozen=True)
class _Past:
    """The history at one time, and what moved and waits to be adopted."""

    reference: Reference
    waiting: tuple[tuple[int, str, Closed], ...] = ()
    seen: int = 0

    @property
    def history(self) -> History:
        reference = self.reference
        return History(reference.partitions, reference.summaries, reference.known, {}, {})

    def after(self, name: str, one: Closed | None, verdict: Verdict) -> "_Past":
        """Go one partition on; `None` stands for one that could not be measured."""
        waiting, adopted = list(self.waiting), {}
        if one is not None and verdict.error_class is None:
            adopted[name] = one
        elif one is not None and verdict.error_class is ErrorClass.DRIFT:
            waiting.append((self.seen, name, one))
        while waiting and self.seen - waiting[0][0] >= ADOPTED_AFTER:
            _, moved, closed_then = waiting.pop(0)
            adopted[moved] = closed_then
        reference = self.reference.extended(adopted) if adopted else self.reference
        return _Past(reference, tuple(waiting), self.seen + 1)


def _learned(config: ModelConfig, prefix: str, names: Sequence[str], objects: Objects) -> Reference:
    read = {name: _read(config, prefix, name, objects) for name in names}
    days = {name: day for name, (reading, day) in read.items() if reading.is_usable}
    if not days:
        raise NothingToLearnFrom(config.model)
    columns = columns_of(config)
    return learn(days, columns.kinds, columns.sensitive)


def _read(
    config: ModelConfig, prefix: str, partition: str, objects: Objects
) -> tuple[Reading, Day]:
    found = objects_of(prefix, partition, objects)
    reading, parts = hold_partition(found, columns_of(config), objects)
    return reading, Day(parts, reading.duplicate_share)
