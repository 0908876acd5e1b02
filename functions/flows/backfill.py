"""Let a model's history start full: profile its past as checks would have, but raise nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.domain.errors import BadData, Busy, Refusal
from core.domain.model_config import ModelConfig
from core.domain.partition_check import PartitionCheck
from core.domain.verdict import ErrorClass, Verdict
from core.domain.watch import Watch
from core.ports import Ports, changed
from functions.data import summaries
from functions.data.partition_rows import partition_names
from functions.flows.checking.history import (
    History,
    InUse,
    history_before,
    keep,
    keep_reference,
    reference_in_use,
)
from functions.flows.checking.learn_reference import has_columns_of, learn_reference
from functions.flows.checking.note_past import note_past
from functions.flows.checking.trust import accepted, trusted
from functions.flows.checking.walk import Looked, Past, look
from functions.ml.checking.contract import Held, learn_promises
from functions.ml.checking.reference import MOST, Closed, most_kept

_LOOKED_AT: Final = 2 * MOST
_TAKEN_IN_AT: Final = 16  # as checks do: what a run that is stopped leaves behind is read singly
_ATTEMPTS: Final = 5
_AFTER_ALL: Final = "~"  # no partition's name comes behind it


class NothingLies(BadData):
    """There is no past."""

    def __init__(self, model: str, prefix: str, *, is_bounded: bool) -> None:
        when = " in that time" if is_bounded else ""
        super().__init__(f"No partition of `{model}` lies under {prefix}{when}.")
        self.model = model


class LearnedAnew(Refusal):
    """A training put another ruler in force, on which nothing that was measured here counts."""

    def __init__(self, model: str) -> None:
        super().__init__(f"`{model}` was learned anew meanwhile: start the backfill once more.")
        self.model = model


@dataclass(frozen=True)
class Filled:
    """One partition of the past, and what became of it."""

    partition: str
    verdict: Verdict | None = None
    """What a check would have said; `None` for those that were learned from at first."""
    is_readable: bool = True
    """Whether all of it could be measured."""

    @property
    def is_error(self) -> bool:
        """Whether it stays out of the history, because what it holds is wrong."""
        of = self.verdict.error_class if self.verdict else None
        return self.is_readable and of in {ErrorClass.HARD, ErrorClass.SOFT}


def past_of(
    config: ModelConfig, ports: Ports, first: str | None = None, last: str | None = None
) -> list[str]:
    """Name the partitions that a backfill looks at, oldest first.

    They are the newest of those in that time, twice as many as a history holds: the first half
    tells what is usual in the second.

    Args:
        config: the model.
        ports: the outside world.
        first: a date; `None`: from the oldest on.
        last: a date, included; `None`: up to the newest.

    Raises:
        NothingLies: there is none.
    """
    names = [
        name
        for name in partition_names(config.data.features, ports.objects)
        if (first or "") <= name and name[: len(last or "")] <= (last or "")
    ]
    if not names:
        is_bounded = first is not None or last is not None
        raise NothingLies(config.model, config.data.features, is_bounded=is_bounded)
    return names[-_LOOKED_AT:]


def backfill(config: ModelConfig, partitions: Sequence[str], ports: Ports) -> Iterator[Filled]:
    """Learn from the oldest partitions, judge the others one by one, and keep those to trust.

    Called again, after it was stopped perhaps, it does what is left to do; what was checked or
    taken in before, and what a person called a bug, is passed over in silence.

    Args:
        config: the model, in force.
        partitions: oldest first.
        ports: the outside world.

    Raises:
        NothingToLearnFrom: no partition is usable.
        LearnedAnew, Busy: others changed the same model meanwhile.
    """
    in_use = _in_use(config, ports)
    # On another ruler the past is judged anew.
    chosen = trusted(config.model, partitions, ports, past_counts=in_use is not None)
    learned = list[Filled]()
    if in_use is None:
        learn_reference(config, chosen[: config.training.window_days], ports)
        in_use = _in_use(config, ports)
        if in_use is None:
            raise LearnedAnew(config.model)
        learned = _learned(config.model, chosen[: config.training.window_days], in_use, ports)
        yield from learned
    known = history_before(config.model, _AFTER_ALL, in_use, ports)
    reference = in_use.reference.extended(known.later).only(known.partitions)
    held = Held(learn_promises(reference, config.data.key).kept)
    watch = ports.records.get(Watch, config.model)
    past = Past(reference, held, watch.known_others if watch else None)
    measured = summaries.summarised(in_use.place, ports.objects)
    done = {*in_use.reference.partitions, *measured, *(one.partition for one in learned)}
    normal = accepted(config.model, chosen, ports)
    kept: dict[str, Closed] = {}
    for position, name in enumerate(chosen):
        if name in done or _is_too_old(name, in_use):
            continue
        looked = look(config, config.data.features, name, past, ports.objects)
        if name in normal:
            looked = looked.called_normal()
        past = past.after(position, looked)
        for adopted, closed in past.adopted.items():
            keep(in_use, adopted, closed, ports)
        kept |= past.adopted
        if len(kept) >= _TAKEN_IN_AT:
            _take_in(config.model, in_use, kept, ports)
            kept = {}
        note_past(_check_of(config.model, looked, in_use, ports), ports)
        yield Filled(name, looked.verdict, looked.closed is not None)
    if kept:
        _take_in(config.model, in_use, kept, ports)


def compared_with(config: ModelConfig, ports: Ports) -> int:
    """Say how many partitions a check would be compared with now."""
    in_use = _in_use(config, ports)
    if in_use is None:
        return 0
    history: History = history_before(config.model, _AFTER_ALL, in_use, ports)
    return len(history.partitions)


def _in_use(config: ModelConfig, ports: Ports) -> InUse | None:
    """Read the reference in force; `None` also when it measures other columns."""
    watch = ports.records.get(Watch, config.model)
    in_use = reference_in_use(watch.reference_key if watch else None, ports)
    return in_use if in_use and has_columns_of(config, in_use.reference) else None


def _is_too_old(name: str, in_use: InUse) -> bool:
    """Say whether a history that is full already reaches less far back."""
    there, most = in_use.reference.partitions, most_kept(in_use.reference.ruler)
    return len(there) >= most and name < there[0]


def _learned(model: str, chosen: Sequence[str], in_use: InUse, ports: Ports) -> list[Filled]:
    """Say which of these partitions were learned from just now, and what was left out of them."""
    found = []
    for name in chosen:
        if name in in_use.reference.partitions:
            found.append(Filled(name))
            continue
        check = ports.records.get(PartitionCheck, PartitionCheck.id_of(model, name))
        if check is not None and check.is_of_past and check.reference_key == in_use.key:
            found.append(Filled(name, check.verdict))
    return found


def _check_of(model: str, looked: Looked, in_use: InUse, ports: Ports) -> PartitionCheck:
    return PartitionCheck(
        id=PartitionCheck.id_of(model, looked.partition),
        model=model,
        partition=looked.partition,
        fingerprint=looked.fingerprint,
        rows=looked.reading.rows,
        verdict=looked.verdict,
        reference_key=in_use.key,
        checked_at=ports.now(),
        is_of_past=True,
    )


def _take_in(model: str, in_use: InUse, kept: Mapping[str, Closed], ports: Ports) -> None:
    """Let the reference take in what was kept, whatever else it took in meanwhile."""
    for _ in range(_ATTEMPTS):
        watch = ports.records.get(Watch, model)
        now = reference_in_use(watch.reference_key if watch else None, ports)
        if watch is None or now is None or now.place != in_use.place:
            raise LearnedAnew(model)
        reference = now.reference.extended(kept)
        etags = summaries.summarised(in_use.place, ports.objects)
        taken_in = {**now.taken_in, **{name: etags[name] for name in kept}}
        still = {name: etag for name, etag in taken_in.items() if name in reference.partitions}
        key = keep_reference(model, reference, now.config_hash, still, ports)
        if ports.records.commit(changed(watch.grown(key))):
            return
    raise Busy
