"""Find somebody who can predict: the champion, else the next in the chain, told once."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Final, Protocol

import pyarrow as pa

from core.domain.errors import BadData, Unknown
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.scored import Hop, Maker, Stage
from core.domain.serving import Serving
from core.domain.verdict import Severity
from core.ports import Ports
from functions.data.artefact_refused import ArtefactRefused
from functions.data.feature_rows import as_read_by
from functions.data.predicted import Predicted
from functions.flows.scoring.predict_rows import (
    Candidate,
    PredictionFailed,
    Predictor,
    attempt,
    candidate,
)
from functions.flows.scoring.time_limit import TooSlow
from functions.flows.tell_owner import tell_owner

CHAIN_S: Final = 150.0
"""So long all pipelines together may take; then the constant is served, and a function of five
minutes still has the time to write it down."""
_RESTORE: Final = "Restore the object from the bucket's history, or roll the model back."
_LOOK: Final = "Look at the log of the function, and roll the model back if it goes on."
_MEANWHILE: Final[dict[Maker, str]] = {
    "version": "An earlier version serves meanwhile.",
    "simple": "The simple model that was trained with it serves meanwhile.",
    "constant": "A constant is served meanwhile.",
}
_NOTHING_SERVES: Final = (
    "Nothing is served. Restore the object from the bucket's history and score the partition "
    "again, or retrain."
)

_Rows = tuple[pa.Table, pa.ChunkedArray]


class Predictors(Protocol):
    """Who may predict for a model, out of the store or out of memory."""

    @property
    def config(self) -> ModelConfig:
        """The config in force."""
        ...

    @property
    def serving(self) -> Serving:
        """Who serves."""
        ...

    def rows_for(self, who: Candidate, table: pa.Table) -> pa.Table:
        """Return the rows as somebody reads them."""
        ...

    def candidate(self, version_id: VersionId, maker: Maker = "version") -> Candidate:
        """Read who would predict."""
        ...

    def load(self, who: Candidate) -> Predictor:
        """Load what it predicts with."""
        ...


@dataclass(frozen=True)
class StoredPredictors:
    """Those of the store, read each time."""

    config: ModelConfig
    serving: Serving
    partition: str
    ports: Ports

    def rows_for(self, who: Candidate, table: pa.Table) -> pa.Table:
        """See `Predictors`."""
        return as_read_by(who.config, self.config, table, self.partition, self.ports.objects)

    def candidate(self, version_id: VersionId, maker: Maker = "version") -> Candidate:
        """See `Predictors`."""
        return candidate(self.config, version_id, self.ports, maker)

    def load(self, who: Candidate) -> Predictor:
        """See `Predictors`."""
        return who.loaded(self.ports)


@dataclass(frozen=True)
class Found:
    """Who predicted in the end, and who could not."""

    predicted: Predicted | None
    """`None` when nobody could."""
    hops: tuple[Hop, ...]
    is_refused: bool
    """Whether it began with an artefact that is not what was stored."""


def fall_back(
    known: Predictors, table: pa.Table, keys: pa.ChunkedArray, limit_s: float = CHAIN_S
) -> Found:
    """Let the first who can predict the rows, in the order of the chain.

    champion -> versions that served before it, newest first -> simple model -> constant

    Each is left when its artefact is refused, when it throws, has no number for any row, or takes
    too long. That the champion finds a column missing or of another type is a fault of the data:
    no other version is asked to guess.

    Args:
        known: who may predict.
        table: the rows.
        keys: their names.
        limit_s: how long all that are loaded may take together.

    Raises:
        BadData: the champion says that the data is wrong.
        Unknown: the pointer names a version that was never stored.
        Unavailable: the store does not answer; that is no fault of a version.
    """
    hops: list[Hop] = []
    began, is_refused = perf_counter(), False
    for version_id, maker in _chain(known.serving):
        left_s = max(limit_s - (perf_counter() - began), 0.0)
        stage: Stage = "fallback" if hops else "champion"
        try:
            who = known.candidate(version_id, maker)
            predicted = _predicted(known, who, stage, (table, keys), left_s)
            return Found(predicted, tuple(hops), is_refused)
        except (BadData, Unknown) as wrong:
            if not hops and not isinstance(wrong, ArtefactRefused | PredictionFailed | TooSlow):
                raise
            is_refused = is_refused or (not hops and isinstance(wrong, ArtefactRefused))
            hops.append(Hop(version=version_id, maker=maker, why=str(wrong)))
    return Found(None, tuple(hops), is_refused)


def tell_hops(config: ModelConfig, found: Found, partition: str | None, ports: Ports) -> None:
    """Tell the owner who could not predict, and who does instead; once for a partition.

    Told before anything is written, so that a repeated run cannot have served in silence.
    """
    if not found.hops:
        return
    mend = _RESTORE if found.is_refused else _LOOK
    served = found.predicted
    tell_owner(
        config,
        rule="artefact" if found.is_refused else "fallback",
        partition=partition,
        summary=" ".join(hop.why for hop in found.hops),
        next_step=f"{_MEANWHILE[served.maker]} {mend}" if served else _NOTHING_SERVES,
        severity=Severity.PAGE,
        ports=ports,
    )


def _chain(serving: Serving) -> Iterator[tuple[VersionId, Maker]]:
    if serving.champion is None:
        return
    yield serving.champion, "version"
    for earlier in reversed(serving.earlier):
        yield earlier, "version"
    yield serving.champion, "simple"
    yield serving.champion, "constant"


def _predicted(
    known: Predictors, who: Candidate, stage: Stage, rows: _Rows, left_s: float
) -> Predicted:
    table, keys = rows

    def work() -> Predicted:
        return known.load(who).predicted(stage, known.rows_for(who, table), keys)

    if who.maker == "constant":  # takes no time worth a limit, and has to come out in the end
        return work()
    return attempt(who, min(who.slow_after_s, left_s), work)
