"""Retrain a model from its config: rows, version, evaluation, challenger; told once, done once."""

from typing import Final, Literal

from core.domain.base import Value
from core.domain.errors import BadData
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.verdict import Severity
from core.domain.version import Version
from core.flows.await_partition import is_awaited
from core.flows.claim_training import training_claim
from core.flows.permit import config_of
from core.flows.propose import propose
from core.ports import Ports
from functions.data import partition_rows
from functions.data.trainer_failed import TrainerFailed
from functions.data.training_set import TrainingSet
from functions.flows.checking.learn_reference import learn_reference
from functions.flows.judging.evaluate_version import evaluate_version
from functions.flows.tell_owner import tell_owner
from functions.flows.training.make_version import Asked, healthy, make_version, manifest_of
from functions.flows.training.training_rows import lack_of, training_rows, unlearned
from functions.flows.training.use_trainer import Maker, TrainingFunction, maker_of
from functions.ml.training.config_refused import ConfigRefused

_LOOK_AT_LABELS: Final = "See whether labels still arrive under {labels}, then ask again."
_MEND_CLASSES: Final = (
    "See whether labels of that class arrive under {labels}; if none will, take it out of "
    "target.classes and apply the config."
)
_MEND_CONFIG: Final = "Correct the config and apply it; `watchkeeper validate` says if it is right."
_MEND_DATA: Final = "Mend or remove that partition, then ask again; the champion goes on serving."
_MEND_TRAINER: Final = (
    "Correct the trainer where Watchkeeper runs, then ask again; the champion goes on serving, and "
    "the log of the training has the traceback."
)


Decision = Literal[
    "trained",
    "already trained",
    "already training",
    "reference learned",
    "too few rows",
    "config refused",
    "trainer failed",
    "bad data",
]


class Retrained(Value):
    """What a call to retrain came to."""

    decision: Decision
    rows: int = 0
    """Labelled rows of the window, those for validation included."""
    days: int = 0
    left_out: tuple[str, ...] = ()
    """Partitions of the window whose data is known to be wrong."""
    without: tuple[str, ...] = ()
    """Classes that no row to learn from has: the version gives them probability 0."""
    version: VersionId | None = None
    """`None` when nothing was trained."""


def retrain(
    model: str, asked_by: str, reason: str, ports: Ports, up_to: str | None = None
) -> Retrained:
    """Train the model with the config in force, in a run of its own; see `retrain_with`.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    asked = Asked(by=asked_by, reason=reason, run=str(ports.random_bits(80)))
    return retrain_with(config_of(model, ports), asked, ports, up_to=up_to)


def retrain_with(  # noqa: PLR0913 - what may come from the config, or be given instead
    config: ModelConfig,
    asked: Asked,
    ports: Ports,
    *,
    up_to: str | None = None,
    given: TrainingFunction | None = None,
    given_rows: TrainingSet | None = None,
) -> Retrained:
    """Train a model with a config on what is known now, and let the version stand.

    Of a model that is served elsewhere only the reference for its checks is learned.

    Called again for the same config and rows, it only finishes what an earlier call left undone;
    while another run does the same, it leaves that to it.

    Args:
        config: says all that makes the version, but the rows.
        asked: who wants it, and why.
        ports: the outside world.
        up_to: the newest partition to learn from or judge on; `None` for the newest there is.
        given: a function that fits the rows, in place of what the config names; its version is
            judged, but never stands for promotion. `None` for none.
        given_rows: what to learn from and judge on, in place of what landed; its version never
            stands either. `None` for none.
    """
    try:
        if config.serving == "elsewhere":
            return _learn_only(config, ports)
        maker = maker_of(config, given, asked.run)
        rows = training_rows(config, up_to, ports, given_rows)
        return _retrain(config, rows, maker, asked, ports)
    except ConfigRefused as refused:
        _tell(config, None, str(refused), _MEND_CONFIG, ports)
        return Retrained(decision="config refused")
    except TrainerFailed as failed:
        _tell(config, None, str(failed), _MEND_TRAINER, ports)
        return Retrained(decision="trainer failed")
    except BadData as wrong:
        _tell(config, None, str(wrong), _MEND_DATA, ports)
        return Retrained(decision="bad data")


def _learn_only(config: ModelConfig, ports: Ports) -> Retrained:
    """For a model that is served elsewhere: learn afresh what its partitions look like."""
    landed = partition_rows.partition_names(config.data.features, ports.objects)
    newest = landed[-config.training.window_days :]
    window = [name for name in newest if not is_awaited(config.model, name, ports)]
    learn_reference(config, window, ports)
    return Retrained(decision="reference learned", days=len(window))


def _retrain(
    config: ModelConfig, rows: TrainingSet, maker: Maker, asked: Asked, ports: Ports
) -> Retrained:
    found = Retrained(
        decision="too few rows", rows=rows.rows, days=len(rows.used), left_out=rows.left_out
    )
    lack = lack_of(config, rows)
    if lack:
        if not rows.unhashed:  # who gives rows reads in the answer what they lack
            newest = rows.used[-1].partition if rows.used else None
            look = _LOOK_AT_LABELS.format(labels=config.data.labels)
            _tell(config, newest, lack, look, ports)
        return found
    manifest = manifest_of(config, rows, maker)
    decision: Decision = "already training"
    with training_claim(manifest.version, asked.run, ports) as is_ours:
        if is_ours:
            known = healthy(config.model, manifest.version, ports)
            decision = "already trained" if known else "trained"
            version = known or make_version(
                config, manifest, rows, maker=maker, asked=asked, ports=ports
            )
            evaluation = evaluate_version(version, config, rows.validation, ports)
            if not manifest.unhashed:
                propose(version, evaluation, ports)
            if not rows.unhashed:
                _tell_unlearned(config, rows, version, ports)
    update = {
        "decision": decision,
        "version": manifest.version,
        "without": rows.learning.classes_without_rows(config.target),
    }
    return found.model_copy(update=update)


def _tell_unlearned(config: ModelConfig, rows: TrainingSet, version: Version, ports: Ports) -> None:
    """Tell which classes the version gives no chance, since no row that it learned from has one."""
    without = rows.learning.classes_without_rows(config.target)
    if without:
        mend = _MEND_CLASSES.format(labels=config.data.labels)
        _tell(config, None, unlearned(config, without, version), mend, ports)


def _tell(
    config: ModelConfig, partition: str | None, summary: str, next_step: str, ports: Ports
) -> None:
    tell_owner(
        config,
        rule="retrain",
        partition=partition,
        summary=summary,
        next_step=next_step,
        severity=Severity.WARN,
        ports=ports,
    )
