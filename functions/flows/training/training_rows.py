"""The rows a training may use now: mature, and not known to be wrong or incomplete."""

from collections.abc import Sequence
from dataclasses import replace

from core.domain.alert import Alert, Disposition
from core.domain.model_config import ModelConfig
from core.domain.serving import short
from core.domain.verdict import ErrorClass, Severity
from core.domain.version import Version
from core.domain.wording import many, names
from core.flows.await_partition import is_awaited
from core.flows.continue_alert import alert_about
from core.flows.file_failure import filed_failures
from core.ports import Ports
from functions.data.filed_rows import without_failures
from functions.data.training_set import LabelledRows, TrainingSet, collect

_FEWEST_TO_JUDGE = 2  # below there is no interval
_ACCEPTED = frozenset({Disposition.REAL_DRIFT, Disposition.EXPECTED_CHANGE, Disposition.NOISE})


def training_rows(
    config: ModelConfig, up_to: str | None, ports: Ports, given: TrainingSet | None = None
) -> TrainingSet:
    """Collect the window, without partitions whose data is known to be wrong or incomplete.

    Drift alone leaves nothing out: a retraining is how a model learns of it. Of filed failures
    nothing is learned, whether the rows landed or were given.
    """
    rows = given or _window(config, up_to, ports)
    failures = filed_failures(config.model, ports)
    return replace(rows, learning=without_failures(rows.learning, failures, config))


def newest_rows(config: ModelConfig, ports: Ports) -> LabelledRows:
    """Collect as many of the newest partitions as are kept back at a training."""
    days = config.training.validation_days
    only = config.training.model_copy(update={"window_days": days})
    return _window(config.model_copy(update={"training": only}), None, ports).validation


def _window(config: ModelConfig, up_to: str | None, ports: Ports) -> TrainingSet:
    return collect(
        config,
        ports.objects,
        now=ports.now(),
        up_to=up_to,
        is_wrong=lambda partition: (
            _is_wrong(config.model, partition, ports) or is_awaited(config.model, partition, ports)
        ),
    )


def lack_of(config: ModelConfig, rows: TrainingSet) -> str | None:
    """Say what is missing for a training, with the numbers; `None` when nothing is."""
    training = config.training
    window = f"{many(rows.rows, 'row')} in {many(len(rows.used), 'partition')} have mature labels"
    if rows.left_out:
        window += f" ({len(rows.left_out)} more are left out, their data being wrong or incomplete)"
    if rows.used and not rows.rows:
        key, labels = config.data.key, many(len(rows.used), "partition")
        return (
            f"Not retrained: labels of {labels} lie there, but none has the `{key}` of a row of "
            "its partition's features."
        )
    if rows.rows < training.minimum_rows:
        return f"Not retrained: {window}, {training.minimum_rows:,} are needed."
    if not rows.learning.partitions:
        kept_back = f"the newest {training.validation_days} of them are kept back"
        return f"Not retrained: {window}; {kept_back}, so none is left to learn from."
    if not rows.learning.has_different_labels:
        return f"Not retrained: {window}, but all rows to learn from have the same label."
    if rows.validation.rows < _FEWEST_TO_JUDGE:
        return f"Not retrained: {window}, but the newest have no labelled rows to judge it by."
    return None


def unlearned(config: ModelConfig, classes: Sequence[str], version: Version) -> str:
    """Say which classes a version was never shown."""
    one = len(classes) == 1
    which = f"the class{'' if one else 'es'} {names(classes)}"
    if config.target.column in config.sensitive:
        which = f"{len(classes)} of its classes"
    return (
        f"Version `{short(version.id)}` learned from {version.manifest.rows:,} rows; none of them "
        f"is of {which}, which {'has' if one else 'have'} probability 0 in all that it predicts."
    )


def _is_wrong(model: str, partition: str, ports: Ports) -> bool:
    """Say whether a person called it a data bug, or nobody accepted its hard error."""
    alert = alert_about(model, partition, ports)
    if alert is None or alert.evidence.severity is Severity.OK:  # mended since
        return False
    if alert.disposition is Disposition.DATA_BUG:
        return True
    is_hard = alert.evidence.error_class is ErrorClass.HARD and not _is_about_predictions(alert)
    return is_hard and alert.disposition not in _ACCEPTED


def _is_about_predictions(alert: Alert) -> bool:
    """Say whether its hard errors are all in what was predicted: the rows are none the worse."""
    hard = [blame for blame in alert.evidence.blamed if blame.error_class is ErrorClass.HARD]
    return bool(hard) and all(blame.is_output for blame in hard)
