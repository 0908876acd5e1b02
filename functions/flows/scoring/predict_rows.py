"""Let one version, its simple model or a constant predict rows, in a time that has an end."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

import numpy as np
import pyarrow as pa
from sklearn.pipeline import Pipeline

from core.domain.errors import BadData, OpsError, Unknown
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig, StoredConfig
from core.domain.scored import MAKER_IN_WORDS, Maker, Stage
from core.domain.serving import short
from core.domain.version import Version
from core.ports import Ports
from functions.arrays import Floats
from functions.data.artefacts import load
from functions.data.predicted import Predicted
from functions.flows.scoring.override_predictions import override_predictions
from functions.flows.scoring.time_limit import T, within
from functions.ml.columns import select
from functions.ml.training.pipeline import made_for, predict
from functions.placing import MadeFor

_ROWS: Final = 1000  # that a latency is about


class PredictionFailed(BadData):
    """What was stored is what we stored, and still it cannot predict these rows."""

    def __init__(self, who: str, why: str) -> None:
        super().__init__(f"{who} cannot predict: {why}.")
        self.why = why


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked to predict; nothing of it was loaded yet."""

    version: Version
    """Of a simple model or a constant, the one that it belongs to."""
    config: ModelConfig
    """The one that the version was made with: its overrides and contracts go with it."""
    maker: Maker = "version"

    @property
    def id(self) -> VersionId:
        """Name it in the log."""
        if self.maker == "simple":
            return Version.simple_id(self.version.id)
        return Version.constant_id(self.version.id) if self.maker == "constant" else self.version.id

    @property
    def name(self) -> str:
        """Name it at the beginning of a sentence."""
        return f"{MAKER_IN_WORDS[self.maker].capitalize()} {short(self.version.id)}"

    @property
    def slow_after_s(self) -> float:
        """Say how long it may take."""
        return self.config.scoring.fallback.slow_after_s

    def loaded(self, ports: Ports) -> "Predictor":
        """Load what it predicts with.

        Raises:
            ArtefactRefused: its artefact is not what was stored.
            PredictionFailed: the version has no simple model.
        """
        if self.maker == "constant":
            return Predictor(self, None)
        wanted = self.version if self.maker == "version" else self.version.simplified()
        if wanted is None:
            raise PredictionFailed(self.name, "none was trained")
        pipeline = load(self.config.model, wanted, predict, ports.objects, ports.signer)
        return Predictor(self, pipeline)


@dataclass(frozen=True)
class Predictor:
    """Somebody who can predict, with every check of the artefact passed."""

    who: Candidate
    pipeline: Pipeline | None
    """`None` for a constant."""

    def says(self, table: pa.Table) -> Floats:
        """Say what the model says of each row: shape (rows,), or (rows, classes).

        Raises:
            BadData: a column that the version reads is missing or of another type.
            PredictionFailed: there is no number for any row.
        """
        if self.pipeline is None:
            return _constant(self.who, table.num_rows)
        said = predict(self.pipeline, select(table, self.who.version.manifest.columns))
        if len(said) and not np.isfinite(said).any():
            raise PredictionFailed(self.who.name, "it has no number for any row")
        classes = len(self.who.config.target.classes)
        return said if len(said) or not classes else np.empty((0, classes))

    def predicted(self, stage: Stage, table: pa.Table, keys: pa.ChunkedArray) -> Predicted:
        """Predict rows, and put the overrides and the output contract above that.

        Raises:
            BadData: as `says` does.
        """
        started = perf_counter()
        said = self.says(table)
        took_ms = (perf_counter() - started) * 1000
        who = self.who
        target = MadeFor.target(who.config.target)
        predicted = replace(
            Predicted.unserved(who.id, keys, said),
            maker=who.maker,
            trained_with=None if who.maker == "version" else who.version.id,
            made_for=made_for(self.pipeline) if self.pipeline else target,
            ms_per_1000_rows=took_ms * _ROWS / max(len(said), 1),
        )
        if stage == "shadow":
            return predicted
        return override_predictions(who.config, replace(predicted, stage=stage), table)


def candidate(
    config: ModelConfig, version_id: VersionId, ports: Ports, maker: Maker = "version"
) -> Candidate:
    """Read who would predict, with the config that it was made with.

    That is the one in force for a version whose own was never applied.

    Raises:
        Unknown: there is no such version.
    """
    version = ports.records.get(Version, version_id)
    if version is None:
        raise Unknown("version", version_id)
    stored = ports.records.get(StoredConfig, version.manifest.config_hash)
    made_with = stored.config if stored and stored.config.model == config.model else config
    return Candidate(version, made_with, maker)


def attempt(who: Candidate, limit_s: float, work: Callable[[], T]) -> T:
    """Let a candidate do something; whatever it throws is told as a failure of its own.

    Args:
        who: does it.
        limit_s: how long it may take.
        work: loads or predicts, and writes nothing.

    Raises:
        TooSlow: it took longer.
        PredictionFailed: it threw.
        OpsError: what it raised on purpose.
    """
    try:
        return within(limit_s, who.name, work)
    except OpsError:
        raise
    except Exception as error:  # a pipeline may throw anything, and its text may hold values
        raise PredictionFailed(who.name, f"it throws {type(error).__name__}") from error


def _constant(who: Candidate, rows: int) -> Floats:
    """Say the same of every row: what the config gives, or else what was usual in training."""
    given, classes = who.config.scoring.fallback.constant, who.config.target.classes
    is_its_own = who.version.manifest.model == who.config.model
    if given is not None:
        one = [float(name == given) for name in classes] or [float(given)]
    elif who.version.simple is not None and is_its_own:
        one = list(who.version.simple.usual)
    else:
        raise PredictionFailed(who.name, "the config gives none")
    return np.tile(one, (rows, 1)) if classes else np.full(rows, one[0])
