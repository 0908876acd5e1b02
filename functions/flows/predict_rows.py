"""Let one version predict the rows of a partition into its log, and find one that may."""

from dataclasses import dataclass
from typing import Final

from sklearn.pipeline import Pipeline

from core.domain.errors import Unknown
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.scored import Logged, Stage
from core.domain.serving import Serving
from core.domain.verdict import Severity
from core.domain.version import Version
from core.ports import Ports
from functions.data.artefact_refused import ArtefactRefused
from functions.data.artefacts import load
from functions.data.partition_rows import PartitionRows
from functions.data.prediction_log import LoggedPredictions, write_log
from functions.flows.tell_owner import tell_owner
from functions.ml.columns import select
from functions.ml.pipeline import made_for, predict

_RESTORE: Final = (
    "An earlier version serves meanwhile. Restore the object from the bucket's history, "
    "or roll the model back."
)
_NOTHING_SERVES: Final = (
    "Nothing is served. Restore the object from the bucket's history and score the partition "
    "again, or retrain."
)


@dataclass(frozen=True)
class Predictor:
    """A version whose artefact was loaded, with every check passed."""

    config: ModelConfig
    version: Version
    pipeline: Pipeline

    def log(
        self,
        partition: str,
        stage: Stage,
        rows: PartitionRows,
        ports: Ports,
        *,
        part: str | None = None,
    ) -> Logged:
        """Predict the rows and write them down, unless this version and stage did before.

        `part` names rows that landed after others of the partition were predicted.

        Raises:
            BadData: a column that the version reads is missing or of another type.
        """
        features = select(rows.table, self.version.manifest.columns)
        predictions = predict(self.pipeline, features)
        keys = rows.names(self.config.data.key)
        return write_log(
            self.config.model,
            partition,
            self.version.id,
            stage,
            LoggedPredictions(keys, predictions, made_for(self.pipeline)),
            at=ports.now(),
            objects=ports.objects,
            part=part,
        )


def predictor(config: ModelConfig, version_id: VersionId, ports: Ports) -> Predictor:
    """Load a version.

    Raises:
        ArtefactRefused: its artefact is not what was stored.
    """
    version = ports.records.get(Version, version_id)
    if version is None:
        raise Unknown("version", version_id)
    pipeline = load(config.model, version, predict, ports.objects, ports.signer)
    return Predictor(config, version, pipeline)


def first_healthy(
    config: ModelConfig, serving: Serving, partition: str, ports: Ports
) -> Predictor | None:
    """Load the champion, else the version that served before it; the owner hears of a refusal.

    Told before anything is written, so that a repeated run cannot have served in silence.
    """
    refusals: list[ArtefactRefused] = []
    found = None
    for version_id in (serving.champion, serving.previous):
        try:
            found = predictor(config, version_id, ports) if version_id else None
        except ArtefactRefused as refused:
            refusals.append(refused)
        if found is not None:
            break
    if refusals:
        tell_owner(
            config,
            rule="artefact",
            partition=partition,
            summary=" ".join(str(refused) for refused in refusals),
            next_step=_RESTORE if found else _NOTHING_SERVES,
            severity=Severity.PAGE,
            ports=ports,
        )
    return found
