"""Judge the versions on trial by a cohort whose labels are there, and let them go on by it."""

from collections.abc import Sequence
from typing import Final

from core.domain.cohort import Cohort
from core.domain.days import Days
from core.domain.errors import BadData, Busy, Corrupted
from core.domain.evaluation import Evaluation
from core.domain.evidence import Booked, Evidence
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.serving import Serving, short
from core.domain.terms import Trial, terms_of
from core.domain.verdict import Severity
from core.flows.advance import advance
from core.ports import Ports, changed, new
from functions.flows.judging.pairs_of_cohort import basis_of, booked_of
from functions.flows.tell_owner import tell_owner

_ATTEMPTS: Final = 5
_NEWEST: Final = 60  # cohorts, one of which may have become mature since it was last looked at
_ALL: Final = 400
_EVALUATIONS: Final = 10
_REBUILT: Final = "Nothing: it is put together again from the prediction logs and booked labels."
_SKIPPED: Final = "The day does not count for or against the version; mend its features."


def judge_stage(config: ModelConfig, cohort: Cohort, ports: Ports) -> None:
    """Book the mature cohorts of a model into the evidence of each version on trial; then advance.

    The cohort whose labels were just booked is handed over, as a listing may lag behind it. Others
    that became mature since, by the mere passing of time, are booked along with it. What is booked
    already changes nothing, and corrected labels take the place of the earlier ones.

    Raises:
        Busy: others kept changing the same evidence.
    """
    serving = ports.records.get(Serving, config.model)
    if serving is None or serving.champion is None:
        return
    for version, trial in _on_trial(serving):
        evidence = _judged(config, (version, serving.champion, trial), cohort, ports)
        if evidence is not None:
            advance(evidence, ports)


_Comparison = tuple[VersionId, VersionId, Trial]
"""A version, what serves, and as what the version is compared with it."""


def _on_trial(serving: Serving) -> list[tuple[VersionId, Trial]]:
    """Name who is compared with what serves."""
    beside: list[tuple[VersionId | None, Trial]] = [
        (None if serving.holds_back else serving.canary, "canary"),
        (serving.challenger, "shadow"),
        (serving.guard, "guard"),
    ]
    return [(version, trial) for version, trial in beside if version is not None]


def _judged(
    config: ModelConfig, comparison: _Comparison, handed: Cohort, ports: Ports
) -> Evidence | None:
    """Book what is not booked; `None` while no cohort compares the two.

    In a feedback loop nothing is booked of a shadow. That it has predicted a mature cohort is all
    there is to tell.
    """
    for _ in range(_ATTEMPTS):
        before = _stored(config, comparison, ports)
        evidence = _ready(before, config, handed, ports)
        if evidence.is_blind:
            has_predicted = handed.is_mature(ports.now()) and basis_of(evidence, handed) is not None
            return evidence if has_predicted else None
        fresh = _fresh(config, evidence, _mature(evidence, handed, ports), ports)
        if not fresh and evidence == before:
            return evidence if evidence.pairs else None
        after = evidence.booking(fresh, ports.now())
        if ports.records.commit(changed(after) if after.revision else new(after)):
            return after
    raise Busy


def _stored(config: ModelConfig, comparison: _Comparison, ports: Ports) -> Evidence:
    """Read the evidence; what is corrupted is told and counts as none."""
    version, against, trial = comparison
    revision = 0
    try:
        known = ports.records.get(Evidence, Evidence.id_of(config.model, version, against, trial))
        if known is not None:
            return known
    except Corrupted as corrupted:
        revision = corrupted.revision
        tell_owner(
            config,
            rule="evidence",
            partition=None,
            summary=f"Evidence about version {short(version)}: {corrupted}",
            next_step=_REBUILT,
            severity=Severity.WARN,
            ports=ports,
        )
    beginning = Evidence.beginning(
        config.model,
        version,
        against=against,
        trial=trial,
        terms=terms_of(config, trial),
        before=_days_before(config, comparison, ports),
        at=ports.now(),
    )
    return beginning.model_copy(update={"revision": revision})


def _days_before(config: ModelConfig, comparison: _Comparison, ports: Ports) -> Days:
    """Take from what is known of the two how much days differ: from their evaluation.

    After a promotion the last champion has been compared with the new one before, on trial: it is
    the other way round, but days differ as much.
    """
    version, against, trial = comparison
    if trial != "guard":
        return _validation_days(version, against, ports)
    tried: Trial = "canary" if config.stages.has_feedback_loop else "shadow"
    known = ports.records.get(Evidence, Evidence.id_of(config.model, against, version, tried))
    days = _validation_days(against, version, ports)
    return days.centred().plus(known.standing.days.centred()) if known else days


def _validation_days(version: VersionId, against: VersionId, ports: Ports) -> Days:
    newest = ports.records.query(
        Evaluation, f"evaluations:{version}", newest_first=True, limit=_EVALUATIONS
    )
    return next((one.days for one in newest if one.champion == against), Days())


def _ready(before: Evidence, config: ModelConfig, handed: Cohort, ports: Ports) -> Evidence:
    """Start anew where the terms have changed, or where an entry can no longer be replaced."""
    terms, now = terms_of(config, before.trial), ports.now()
    if before.terms != terms:
        return before.under(terms, now)
    basis = basis_of(before, handed)
    is_corrected = basis is not None and not before.has(handed.partition, basis)
    if is_corrected and before.is_folded(handed.partition):
        return before.emptied(now)
    return before


def _mature(evidence: Evidence, handed: Cohort, ports: Ports) -> list[Cohort]:
    """List the cohorts that may be judged: predictions whose labels are there, whatever came early.

    All of them for evidence that begins, or is put together again.
    """
    limit = _NEWEST if evidence.cohorts else _ALL
    listed = ports.records.query(Cohort, f"cohorts:{handed.model}", newest_first=True, limit=limit)
    known = {cohort.partition: cohort for cohort in (*listed, handed)}
    return [known[name] for name in sorted(known) if known[name].is_mature(ports.now())]


def _fresh(
    config: ModelConfig, evidence: Evidence, cohorts: Sequence[Cohort], ports: Ports
) -> list[Booked]:
    """Weigh what is not booked yet; a day whose slices cannot be told is left out, and told."""
    fresh = []
    for cohort in cohorts:
        basis = basis_of(evidence, cohort)
        if basis is None or evidence.has(cohort.partition, basis):
            continue
        try:
            fresh.append(booked_of(config, evidence, cohort, basis, ports))
        except BadData as wrong:
            tell_owner(
                config,
                rule="judge",
                partition=cohort.partition,
                summary=str(wrong),
                next_step=_SKIPPED,
                severity=Severity.WARN,
                ports=ports,
            )
    return fresh
