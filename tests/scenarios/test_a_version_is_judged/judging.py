"""A model is trained and each version judged: the words that stories of evaluations share."""

from datetime import timedelta
from typing import Any

from core.domain.challenge import Challenge
from core.domain.evaluation import Evaluation, Part
from core.domain.failure import Failure, Filing
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig, StoredConfig
from core.domain.serving import Serving
from core.flows.file_failure import file_failure
from core.ports import changed
from functions.flows.retrain import retrain
from tests.builders import ADA, a_config
from tests.trained import evaluations
from tests.watched_model import WatchedModel, training

PINNED = "2013-01-05"
NUMBER = {"column": "delay", "task": "regression", "between": [0, 60], "delay_days": 1}
ROW = "2013-01-10-003"


def judged_by(**evaluation: Any) -> ModelConfig:
    return a_config(evaluation={"minimum_rows": 10} | evaluation)


def retrained(watched: WatchedModel, up_to: str | None = None) -> Evaluation:
    watched.now += timedelta(minutes=1)
    done = retrain("flights", ADA.id, "asked for by Ada", watched.ports, up_to)
    return evaluations(watched, done.version)[-1]


def learned(watched: WatchedModel, evaluation: Evaluation) -> dict[str, int]:
    manifest = watched.version(evaluation.version).manifest
    return {used.partition: used.rows for used in manifest.partitions}


def part(evaluation: Evaluation, name: str) -> Part:
    [found] = [one for one in evaluation.parts if one.name == name]
    return found


def card(watched: WatchedModel, version: VersionId) -> Challenge:
    found = watched.ports.records.get(Challenge, Challenge.id_of("flights", version))
    assert found is not None
    return found


def files(watched: WatchedModel, key: str = ROW, **said: Any) -> Failure:
    filing = Filing.model_validate({"partition": key[:10], "key": key} | said)
    return file_failure("flights", filing, ADA, watched.ports)


def two_versions(watched: WatchedModel) -> tuple[Evaluation, Evaluation]:
    """Let a champion that knows nothing serve, and a better version challenge it."""
    watched.apply(a_config(training=training(estimator="DummyClassifier")))
    watched.lived_through(12)
    first = retrained(watched)
    watched.apply(judged_by())
    return first, retrained(watched)


def evaluating(version: VersionId) -> dict[str, str]:
    said = {"model": "flights", "reason": "Ada asked", "asked_by": ADA.id}
    return said | {"evaluate": version}


def was_made_with(watched: WatchedModel, version: VersionId, target: dict[str, Any]) -> None:
    """Let the config that a version was made with have had another target."""
    made_with = watched.version(version).manifest.config_hash
    stored = watched.ports.records.get(StoredConfig, made_with)
    assert stored is not None
    after = stored.model_copy(update={"config": a_config(target=target)})
    assert watched.ports.records.commit(changed(after))


def serves(watched: WatchedModel, version: VersionId) -> Serving:
    return watched.serving().model_copy(update={"champion": version, "challenger": None})
