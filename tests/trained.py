"""Versions that a training of a watched model made: the first one serves, others challenge it."""

from typing import Any

from core.domain.evaluation import Evaluation
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.version import Version
from core.flows.promote import promote
from functions.flows.retrain import Retrained, retrain
from tests.builders import ADA, a_config
from tests.staged import passes_its_gate
from tests.watched_model import WatchedModel, training


def trained(watched: WatchedModel, **changes: Any) -> VersionId:
    """Train with these changes of how."""
    return trained_by(a_config(training=training(**changes)), watched)


def trained_by(config: ModelConfig, watched: WatchedModel) -> VersionId:
    """Put a config in force and train by it."""
    watched.apply(config)
    version = retrain("flights", "watchkeeper", "cadence", watched.ports).version
    assert version is not None
    return version


def promoted(watched: WatchedModel, version: VersionId) -> None:
    """Let a version pass its gate, and Ada promote it."""
    seen = watched.serving().champion
    passes_its_gate(version, watched.ports)
    promote("flights", version, seen_champion=seen, by=ADA, ports=watched.ports)


def retrained(watched: WatchedModel, up_to: str | None = None) -> Retrained:
    """Train as the config in force says, because Ada asked for it."""
    return retrain("flights", ADA.id, "asked for by Ada", watched.ports, up_to)


def versions(watched: WatchedModel) -> list[Version]:
    """Read the versions of the flights."""
    return watched.ports.records.query(Version, "versions:flights")


def evaluations(watched: WatchedModel, version: str | None) -> list[Evaluation]:
    """Read what a version was judged to be, the oldest first."""
    return watched.ports.records.query(Evaluation, f"evaluations:{version}")
