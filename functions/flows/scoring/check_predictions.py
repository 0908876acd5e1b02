"""Check what was predicted for a partition, like a column: measure, judge, raise."""

from core.domain.errors import Busy
from core.domain.finding import Finding
from core.domain.ids import VersionId, content_hash
from core.domain.judge import judge
from core.domain.model_config import ModelConfig
from core.domain.partition_check import PredictionsCheck
from core.domain.scored import Logged, Scored
from core.domain.verdict import Basis
from core.domain.watch import PredictionsWatch
from core.ports import Ports, changed, new
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.checking.history import (
    History,
    InUse,
    history_before,
    keep,
    keep_reference,
    reference_in_use,
    take_in,
)
from functions.flows.checking.output_columns import about_outputs, outputs_of
from functions.flows.checking.raise_verdict import raise_verdict
from functions.flows.checking.trust import trusted
from functions.flows.scoring.count_said import count_said
from functions.flows.scoring.keep_beside_training import keep_beside_training
from functions.flows.scoring.measure_predictions import constant_findings, measure_predictions
from functions.flows.scoring.outputs import day_of
from functions.ml.checking.calibrate import FEWEST_PARTITIONS
from functions.ml.checking.reference import Day, closed, learn
from functions.ml.checking.ruler import NumberRuler

_ATTEMPTS = 5
_LEARNED_FROM = 28
"""Partitions with predictions, at the most, that say how they are measured."""


def check_predictions(config: ModelConfig, partition: str, ports: Ports) -> None:
    """Check the predictions that were served for a partition; nothing where there are none.

    What is wrong with them stands on the same alert as what is wrong with the partition. Called
    again for the same predictions, it only finishes what an earlier call left undone.

    Raises:
        Busy: others changed the same records again and again.
    """
    for _ in range(_ATTEMPTS):
        scored = ports.records.get(Scored, Scored.id_of(config.model, partition))
        if scored is None:
            return
        check_id = PredictionsCheck.id_of(config.model, partition)
        before = ports.records.get(PredictionsCheck, check_id)
        if before is not None and before.fingerprint == _fingerprint(scored.served):
            raise_verdict(config, partition, ports)
            return
        check = _checked(config, scored, ports)
        ports.records.commit(changed(check.replacing(before)) if before else new(check))
        # Then look again: late rows may have come, or another run been quicker.
    raise Busy


def _checked(config: ModelConfig, scored: Scored, ports: Ports) -> PredictionsCheck:
    predictions = LoggedPredictions.read(scored.served, ports.objects).numbered()
    keep_beside_training(config, scored, predictions, ports)
    count_said(config, scored, predictions, ports)
    in_use = _in_use(config, scored, ports)
    basis, history, findings = Basis.TOO_FEW_DAYS, None, list[Finding]()
    if in_use is not None and predictions.made_for.task == config.target.task:
        history = history_before(config.model, scored.partition, in_use, ports, PredictionsCheck)
        basis, findings = _compared(config, scored.partition, predictions, in_use, history, ports)
    findings += constant_findings(config, predictions, history)
    return PredictionsCheck(
        id=PredictionsCheck.id_of(config.model, scored.partition),
        model=config.model,
        partition=scored.partition,
        fingerprint=_fingerprint(scored.served),
        rows=scored.served.rows,
        verdict=judge(findings, basis).about_output(),
        reference_key=in_use.key if in_use else None,
        checked_at=ports.now(),
    )


def _compared(  # noqa: PLR0913, PLR0917 - what was predicted, and what it is compared with
    config: ModelConfig,
    partition: str,
    predictions: LoggedPredictions,
    in_use: InUse,
    history: History,
    ports: Ports,
) -> tuple[Basis, list[Finding]]:
    ruler = in_use.reference.ruler
    one = closed(day_of(config, predictions), ruler, history.known)
    keep(in_use, partition, one, ports)
    take_in(config.model, in_use, history, ports, PredictionsWatch)
    return measure_predictions(config, partition, one.summary, history, ruler, ports)


def _in_use(config: ModelConfig, scored: Scored, ports: Ports) -> InUse | None:
    """Read what predictions are compared with; learn it as soon as there is enough, or anew.

    Each version predicts in its own way, so it is compared with itself: a new champion with what it
    said in shadow, as a canary and since. Who stands in for it is compared with the champion.

    Returns:
        `None` while there are too few partitions before this one.
    """
    watch = ports.records.get(PredictionsWatch, config.model)
    version = _learned_of(config, scored, watch)
    in_use = reference_in_use(watch.reference_key if watch else None, ports)
    is_its_own = watch is not None and watch.version == version
    if in_use is not None and is_its_own and _still_measures(config, in_use):
        return in_use
    days = _days(config, scored.partition, version, ports)
    if len(days) < FEWEST_PARTITIONS:
        return None
    reference = learn(days, outputs_of(config), about_outputs(config).sensitive)
    place = f"{config.model}/predictions"
    key = keep_reference(place, reference, config.hash, {}, ports)
    before = watch or PredictionsWatch(id=config.model)
    after = before.learned_of(version, key, ports.now())
    ports.records.commit(changed(after) if watch else new(after))  # another run knows as much
    return reference_in_use(key, ports)


def _learned_of(
    config: ModelConfig, scored: Scored, watch: PredictionsWatch | None
) -> VersionId | None:
    if config.serving == "elsewhere":
        return None
    if scored.served.stage == "champion" or watch is None:
        return scored.served.version
    return watch.version


def _days(
    config: ModelConfig, partition: str, version: VersionId | None, ports: Ports
) -> dict[str, Day]:
    """Read what the version said of trusted partitions before this one."""
    earlier = ports.records.query(
        Scored, f"scored:{config.model}", after=partition, newest_first=True, limit=_LEARNED_FROM
    )
    of_version = {one.partition: one.log_of(version) if version else one.served for one in earlier}
    found = {name: logged for name, logged in of_version.items() if logged is not None}
    names = trusted(config.model, sorted(found), ports, PredictionsCheck)
    said = {name: LoggedPredictions.read(found[name], ports.objects).numbered() for name in names}
    return {
        name: day_of(config, predictions)
        for name, predictions in said.items()
        if predictions.made_for.task == config.target.task
    }


def _still_measures(config: ModelConfig, in_use: InUse) -> bool:
    reference = in_use.reference
    sensitive = about_outputs(config).sensitive
    kinds = {
        name: ("number" if isinstance(rule, NumberRuler) else "category", rule.is_sensitive)
        for name, rule in reference.ruler.columns.items()
    }
    expected = {name: (kind, name in sensitive) for name, kind in outputs_of(config).items()}
    return kinds == expected and reference.fits


def _fingerprint(served: Logged) -> str:
    return content_hash("\n".join(served.keys).encode())  # each object is written once
