"""Tell the owner once that a model has left what its champion came from, however slowly."""

from typing import Final

from core.domain.alarm_budget import NEWEST, judgements_per_false_alarm
from core.domain.alert import Alert, Evidence
from core.domain.model_config import ModelConfig
from core.domain.partition_check import PartitionCheck
from core.domain.serving import Serving, short
from core.domain.skew_judged import SkewJudged
from core.domain.verdict import Blame, ErrorClass, Severity
from core.domain.version import Version
from core.domain.watch import Watch
from core.flows.raise_alert import raise_alert
from core.ports import Ports, changed, new
from functions.flows.checking.look_at_training import look_at_training

RULE: Final = "skew"
_LEFT: Final = (
    "Retrain `{model}`: what it reads now was not in its training. If that does no harm, resolve "
    "this as expected change: it is told once for each champion."
)
_ONLY_PREDICTIONS: Final = (
    "Its columns are as in its training and what it predicts from them is not: see whether scoring "
    "reads them as the training did. If they only moved together, retrain `{model}`, or resolve "
    "this as expected change: it is told once for each champion."
)


def tell_skew(config: ModelConfig, partition: str, ports: Ports) -> None:
    """Compare the newest partitions with what the champion came from, once for every seven.

    Each check compares with the partitions just before, which adopt a slow drift step by step.
    This catches what they adopted; what is broken today is the business of its own alert. The
    columns are held against those that the champion learned from, its predictions against those
    of days that it did not learn from. Where another system predicts there is no training.
    """
    serving = ports.records.get(Serving, config.model)
    version = ports.records.get(Version, (serving.champion if serving else None) or "")
    if version is None:
        return
    alert_id = Alert.id_of(config.model, version.id, RULE)
    if not _is_newest_and_well(config, partition, ports) or ports.records.get(Alert, alert_id):
        return
    judged = ports.records.get(SkewJudged, SkewJudged.id_of(version.id))
    after = judged.partition if judged else version.manifest.last_day
    looks = look_at_training(config, version, partition, after, ports)
    if looks is None:
        return
    budget = judgements_per_false_alarm(config)
    found = [far for look in looks if (far := look.farthest(budget)) is not None]
    blamed = sorted((one for one in found if one.score >= 1), key=lambda one: -one.score)
    if blamed:
        alert = Alert(
            id=alert_id,
            model=config.model,
            rule=RULE,
            channel=config.channel,
            raised_at=ports.now(),
            evidence=_evidence(config, version, tuple(blamed)),
        )
        raise_alert(alert, ports)
    _note(judged, version, partition, max((one.score for one in found), default=0.0), ports)


def _is_newest_and_well(config: ModelConfig, partition: str, ports: Ports) -> bool:
    watch = ports.records.get(Watch, config.model)
    check_id = PartitionCheck.id_of(config.model, partition)
    check = ports.records.get(PartitionCheck, check_id)
    is_newest = watch is not None and watch.last_partition == partition
    return is_newest and check is not None and not check.verdict.is_broken


def _evidence(config: ModelConfig, version: Version, blamed: tuple[Blame, ...]) -> Evidence:
    manifest = version.manifest
    next_step = _ONLY_PREDICTIONS if all(one.is_output for one in blamed) else _LEFT
    more = f" (and {len(blamed) - 1} more)" if len(blamed) > 1 else ""
    return Evidence(
        error_class=ErrorClass.DRIFT,
        severity=Severity.WARN,
        summary=f"{blamed[0].sentence}{more}",
        blamed=blamed,
        affected=f"champion {short(version.id)}, trained on {manifest.first_day} to "
        f"{manifest.last_day}; the mean of the newest {NEWEST} partitions is compared",
        next_step=next_step.format(model=config.model),
        fingerprint=version.id,
    )


def _note(
    before: SkewJudged | None, version: Version, partition: str, score: float, ports: Ports
) -> None:
    """Write down up to where it was compared; whoever was quicker compared the same."""
    after = SkewJudged(
        id=SkewJudged.id_of(version.id),
        revision=before.revision if before else 0,
        version=version.id,
        partition=partition,
        score=score,
    )
    ports.records.commit(changed(after) if before else new(after))
