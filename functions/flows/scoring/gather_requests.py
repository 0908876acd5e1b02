"""Gather what was answered to requests about one partition, so that its labels find it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.domain.errors import Busy
from core.domain.ids import content_hash
from core.domain.requested import Requested, requests_prefix
from core.domain.scored import Logged, Scored
from core.domain.version import Version
from core.ports import Ports, changed, new
from functions.arrays import Flags
from functions.data.prediction_log import log_key, what_stands
from functions.data.request_log import Answers, read_answers, scored_at

_ATTEMPTS: Final = 5
_BASIS_DIGITS: Final = 16
_ORDER: Final = ("champion", "fallback", "canary")


def gather_requests(model: str, partition: str, ports: Ports) -> Requested | None:
    """Put the answers about rows of a partition together; `None` where nobody asked.

    While no answer has come since, that is one listing. Else each answer is read once, 16 at a
    time, and those that count are written again, one object for each version and stage.

    A row counts once, with what people got first: the answer to the first request about it, unless
    the partition was scored before that. So nothing that is asked later moves what was booked. An
    answer of a version that has learned from the partition is hindsight, and counts nowhere.

    Raises:
        Busy: others kept gathering the same.
    """
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Requested, Requested.id_of(model, partition))
        scored = ports.records.get(Scored, Scored.id_of(model, partition))
        keys = [stored.key for stored in ports.objects.list(requests_prefix(model, partition))]
        if not keys:
            return None
        asked = _Asked(model, partition, tuple(keys), scored)
        if before is not None and before.basis == asked.basis:
            return before
        gathered = _gathered(asked, ports)
        if before is not None:
            gathered = gathered.model_copy(update={"revision": before.revision})
        if ports.records.commit(changed(gathered) if before else new(gathered)):
            return gathered
    raise Busy


@dataclass(frozen=True)
class _Asked:
    """The answers that lie there, and what was scored of the partition by now."""

    model: str
    partition: str
    keys: tuple[str, ...]
    scored: Scored | None

    @property
    def before(self) -> tuple[str, ...]:
        """The objects with what people were served of the partition as a whole."""
        if self.scored is None:
            return ()
        canary = self.scored.canary
        return (*self.scored.served.keys, *(canary.keys if canary else ()))

    @property
    def basis(self) -> str:
        """Name all that it depends on."""
        said = "\n".join((*self.keys, "", *self.before))
        return content_hash(said.encode())[:_BASIS_DIGITS]


def _gathered(asked: _Asked, ports: Ports) -> Requested:
    read = read_answers(asked.keys, ports.objects)
    fair = [answers for answers in read if not _has_learned(answers, asked.partition, ports)]
    rows = sum(answers.table.num_rows for answers in fair)
    is_first = _first(fair, asked, ports)
    counting = [
        answers.only(flags) for answers, flags in zip(fair, is_first, strict=True) if flags.any()
    ]
    counting.sort(key=lambda one: (_ORDER.index(one.stage), -one.table.num_rows))
    gathered = Requested(
        id=Requested.id_of(asked.model, asked.partition),
        model=asked.model,
        partition=asked.partition,
        basis=asked.basis,
        logs=(),
        repeated=rows - sum(answers.table.num_rows for answers in counting),
        hindsight=sum(answers.table.num_rows for answers in read) - rows,
    )
    logs = tuple(_log(answers, gathered, ports) for answers in counting)
    return gathered.model_copy(update={"logs": logs})


def _has_learned(answers: Answers, partition: str, ports: Ports) -> bool:
    """Say whether who answered knew the labels of the partition."""
    version_id = answers.about.trained_with or answers.version
    version = ports.records.get(Version, version_id)
    used = version.manifest.partitions if version else ()
    return any(one.partition == partition for one in used)


def _first(read: Sequence[Answers], asked: _Asked, ports: Ports) -> list[Flags]:
    """Say of each answer whether it was the first that people got about its row."""
    frames = [
        pd.DataFrame(
            {
                "name": answers.table.column("prediction_id").to_pylist(),
                "at": answers.table.column("scored_at").cast("int64").to_numpy(),
                "request": answers.table.column("request").to_pylist(),
                "of": place,
                "row": np.arange(answers.table.num_rows),
            }
        )
        for place, answers in enumerate(read)
    ]
    if not frames:
        return []
    frame = pd.concat(frames).sort_values(["at", "request", "row"]).drop_duplicates("name")
    known = scored_at(asked.before, frame["name"].tolist(), ports.objects)
    is_later = frame["at"] >= frame["name"].map(known)  # of what was not scored that is False
    first = frame[~is_later.to_numpy(np.bool_)]
    flags = [np.zeros(answers.table.num_rows, np.bool_) for answers in read]
    for place, some in first.groupby("of"):
        flags[int(str(place))][some["row"].to_numpy()] = True
    return flags


def _log(answers: Answers, gathered: Requested, ports: Ports) -> Logged:
    key = log_key(gathered.model, gathered.partition, answers.version, answers.stage, gathered.part)
    ports.objects.put_new(key, answers.as_object())
    return what_stands(key, answers.version, answers.stage, ports.objects)
