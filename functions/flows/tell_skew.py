"""Tell the owner once that the data has left what the champion learned from, however slowly."""

from typing import Final

import numpy as np

from core.domain.alert import Alert, Evidence
from core.domain.model_config import ModelConfig
from core.domain.partition_check import PartitionCheck
from core.domain.serving import Serving, short
from core.domain.verdict import Blame, ErrorClass, Severity
from core.domain.version import Version
from core.domain.watch import Watch
from core.domain.wording import number, numbers, percent, percents, with_unit
from core.flows.raise_alert import raise_alert
from core.ports import Ports
from functions.arrays import Floats
from functions.flows.history import InUse, closed_of, history_before, reference_in_use
from functions.flows.measure import watched
from functions.ml.calibrate import FEWEST_PARTITIONS
from functions.ml.explain import quantile_in_words, usual_span
from functions.ml.skew import NEWEST, Skew, skew
from functions.ml.statistics import SHARES, Series, Statistic, in_units, statistics
from functions.ml.summary import Summary

RULE: Final = "skew"
_NEXT_STEP: Final = (
    "Retrain `{model}`: what it reads now was not in its training. If that does no harm, resolve "
    "this as expected change: it is told once for each champion."
)
_IN_WORDS: Final = {Statistic.NULLS: "missing", Statistic.ZEROS: "zeros"}


def tell_skew(config: ModelConfig, partition: str, ports: Ports) -> None:
    """Compare the newest partitions with those that the champion learned from.

    Each check compares with the partitions just before, which adopt a slow drift step by step.
    This catches what they adopted; what is broken today is the business of its own alert.
    """
    serving = ports.records.get(Serving, config.model)
    version = ports.records.get(Version, (serving.champion if serving else None) or "")
    if version is None:
        return
    alert_id = Alert.id_of(config.model, version.id, RULE)
    if not _is_newest_and_well(config, partition, ports) or ports.records.get(Alert, alert_id):
        return
    evidence = _evidence(config, version, partition, ports)
    if evidence is None:
        return
    alert = Alert(
        id=alert_id,
        model=config.model,
        rule=RULE,
        channel=config.channel,
        raised_at=ports.now(),
        evidence=evidence,
    )
    raise_alert(alert, ports)


def _is_newest_and_well(config: ModelConfig, partition: str, ports: Ports) -> bool:
    watch = ports.records.get(Watch, config.model)
    check_id = PartitionCheck.id_of(config.model, partition)
    check = ports.records.get(PartitionCheck, check_id)
    is_newest = watch is not None and watch.last_partition == partition
    return is_newest and check is not None and not check.verdict.is_broken


def _evidence(
    config: ModelConfig, version: Version, partition: str, ports: Ports
) -> Evidence | None:
    watch = ports.records.get(Watch, config.model)
    in_use = reference_in_use(watch.reference_key if watch else None, ports)
    if in_use is None:
        return None
    learned = _learned(version, in_use, ports)
    newest = _newest(config, version, partition, in_use, ports)
    if learned is None or newest is None:
        return None
    ruler = in_use.reference.ruler
    shared = [name for name in watched(config, ruler) if name in version.manifest.columns]
    series, before = statistics(learned.only(ruler, shared), ruler.only(shared))
    _, now = statistics(newest.only(ruler, shared), ruler.only(shared))
    found = skew(series, before, now, config.alerts.partitions_per_false_alarm)
    if found is None or found.score < 1:
        return None
    values = before[:, series.index(found.series)]
    sentence = _sentence(config, in_use, found, values)
    column = found.series.column
    manifest = version.manifest
    return Evidence(
        error_class=ErrorClass.DRIFT,
        severity=Severity.WARN,
        summary=sentence,
        blamed=(
            Blame(
                column=column,
                score=found.score,
                error_class=ErrorClass.DRIFT,
                sentence=sentence,
            ),
        ),
        affected=f"champion {short(version.id)}, trained on {manifest.first_day} to "
        f"{manifest.last_day}; the mean of the newest {NEWEST} partitions is compared",
        next_step=_NEXT_STEP.format(model=config.model),
        fingerprint=version.id,
    )


def _learned(version: Version, in_use: InUse, ports: Ports) -> Summary | None:
    """Collect what the partitions of the training looked like, on the ruler in use.

    Returns:
        `None` where too few were measured with it: it may have been learned anew since.
    """
    used = {one.partition for one in version.manifest.partitions}
    reference = in_use.reference
    if not used <= set(reference.partitions):  # it may have let go of the oldest
        own = reference_in_use(version.reference_key, ports)
        reference = own.reference if own and own.place == in_use.place else reference
    which = [i for i, name in enumerate(reference.partitions) if name in used]
    return reference.summaries[which] if len(which) >= FEWEST_PARTITIONS else None


def _newest(
    config: ModelConfig, version: Version, partition: str, in_use: InUse, ports: Ports
) -> Summary | None:
    """Collect the newest partitions; `None` while there are too few since the training."""
    today = closed_of(in_use, partition, ports)
    history = history_before(config.model, partition, in_use, ports)
    since = [i for i, n in enumerate(history.partitions) if n > version.manifest.last_day]
    if today is None or len(since) < NEWEST - 1:
        return None
    return history.summaries[since[-(NEWEST - 1) :]].followed_by(today.summary)


def _sentence(config: ModelConfig, in_use: InUse, found: Skew, learned: Floats) -> str:
    series = found.series
    name = f"`{series.column}`"
    if series.column in config.sensitive:
        return f"{name}: it has left what the champion learned from"
    rule = in_use.reference.ruler.columns[series.column]
    newest = float(in_units(series, np.array(found.newest), rule))
    span = usual_span(in_units(series, learned, rule)) or (newest, newest)
    if series.kind in SHARES:
        what = _IN_WORDS.get(series.kind, f"`{series.detail}`")
        return f"{name}: {percent(newest)} {what}; the champion learned from {percents(span)}"
    unit = config.columns[series.column].unit
    seen = with_unit(number(newest), unit)
    return f"{name}: {_called(series)} {seen}; the champion learned from {numbers(span, unit)}"


def _called(series: Series) -> str:
    if isinstance(series.detail, float):
        return quantile_in_words(series.detail)
    return "standard deviation" if series.kind is Statistic.SPREAD else "mean"
