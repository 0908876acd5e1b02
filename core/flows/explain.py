"""Explain why two windows of a model differ, or two of its versions, from what was written down."""

from collections.abc import Sequence
from functools import reduce
from typing import Final

from core.domain.challenge import Challenge
from core.domain.cohort import Cohort
from core.domain.curve import Curve
from core.domain.difference import changed_keys
from core.domain.explanation import (
    Cause,
    Explanation,
    NoWindow,
    Window,
    loss_of,
    mix_and_meaning,
    of_amounts,
    of_columns,
    signed,
)
from core.domain.ids import VersionId
from core.domain.model_config import StoredConfig
from core.domain.partition import days_before
from core.domain.partition_check import PartitionCheck, PredictionsCheck
from core.domain.serving import short
from core.domain.wording import many, names, number
from core.flows.lineage import compare
from core.flows.permit import config_of
from core.ports import Ports, R

_MOST: Final = 100
_MOST_CONFIGS: Final = 200


def explain(model: str, one: str, other: str, ports: Ports) -> Explanation:
    """Explain B by A: two windows of days, or two versions of the model.

    Args:
        model: its name.
        one: A, a day, `first..last`, or a version's short id.
        other: B, of the same kind.
        ports: the outside world.

    Raises:
        Unknown: there is no such model, or no such version.
        Ambiguous: a short id fits several versions.
        NoWindow: one of the two is a window and the other is not.
    """
    config_of(model, ports)
    windows = [_window(given) for given in (one, other)]
    if windows[0] is None and windows[1] is None:
        return explain_versions(one, other, ports)
    if windows[0] is None or windows[1] is None:
        raise NoWindow(one if windows[0] is None else other)
    return explain_windows(model, windows[0], windows[1], ports)


def explain_windows(model: str, before: Window, after: Window, ports: Ports) -> Explanation:
    """Say what is other in a window: the loss and its parts, versions, columns, labels, config."""
    checks = _checks(model, before, ports), _checks(model, after, ports)
    cohorts = (
        _within(Cohort, "cohorts", model, before, ports),
        _within(Cohort, "cohorts", model, after, ports),
    )
    causes = [
        *_of_loss(cohorts),
        *_of_versions(cohorts),
        *of_columns(*checks),
        *of_amounts(checks, cohorts),
        *_of_configs(model, before, after, ports),
    ]
    return Explanation.of(_headline(before, after, cohorts), causes)


def explain_versions(one: str, other: str, ports: Ports) -> Explanation:
    """Say how what made two versions differs, and where the newer one does worse.

    Raises:
        Unknown: there is no such version.
        Ambiguous: there are several.
    """
    compared = compare(one, other, ports)
    difference, newer = compared.difference, compared.newer
    causes = [Cause(sentence=f"config: {of.sentence}", rank=40) for of in difference.keys]
    causes += [Cause(sentence=f"library: {of.sentence}", rank=30) for of in difference.libraries]
    if difference.is_other_code:
        causes.append(Cause(sentence="other code reads the rows or trains", rank=50))
    if difference.is_other_data:
        causes.append(Cause(sentence=f"other rows to learn from: {difference.data}", rank=20))
    challenge = ports.records.get(Challenge, Challenge.id_of(newer.manifest.model, newer.id))
    if challenge is not None and challenge.against == compared.older.id:
        worst = challenge.worst_slices
        causes += [Cause(sentence=said, rank=10 - at) for at, said in enumerate(worst)]
    figures = "; ".join(
        f"{was.name} {number(was.middle)}, then {number(now.middle)}"
        for was, now in compared.figures[:2]
    )
    told = figures or "there is no evaluation of both on the same rows"
    headline = f"Version {short(compared.older.id)}, then {short(newer.id)}: {told}"
    return Explanation.of(headline, causes)


def _window(given: str) -> Window | None:
    """Read a window; `None` of what can only be a version."""
    return Window.of(given) if ".." in given or given.count("-") > 1 else None


def _headline(
    before: Window, after: Window, cohorts: tuple[Sequence[Cohort], Sequence[Cohort]]
) -> str:
    losses = [loss_of(window) for window in cohorts]
    about = f"{before.words}, then {after.words}"
    if losses[0] is None or losses[1] is None:
        return f"{about}: how much worse it is is not known, labels are missing"
    (was, rows_before), (became, rows_after) = losses[0], losses[1]
    return (
        f"{about}: the loss of what was served is {number(was)}, then {number(became)} "
        f"({signed(became - was)}), on {rows_before:,} and {rows_after:,} labelled rows"
    )


def _of_loss(cohorts: tuple[Sequence[Cohort], Sequence[Cohort]]) -> list[Cause]:
    """Part the change of the loss of the version that served last in A."""
    if not cohorts[0]:
        return []
    version = cohorts[0][-1].outcomes[0].version
    return mix_and_meaning(*(_curve(window, version) for window in cohorts))


def _curve(cohorts: Sequence[Cohort], version: VersionId) -> Curve | None:
    """Add up how what a version said turned out, served or in shadow, on the newest scale."""
    found = [
        outcome.curve
        for cohort in cohorts
        for outcome in cohort.outcomes
        if outcome.version == version and outcome.curve is not None
    ]
    alike = [curve for curve in found if curve.scale == found[-1].scale]
    return reduce(Curve.joined_by, alike) if alike else None


def _of_versions(cohorts: tuple[Sequence[Cohort], Sequence[Cohort]]) -> list[Cause]:
    """Say that another version serves; and where both predicted B, what that costs."""
    if not all(cohorts):
        return []
    was, now = (window[-1].outcomes[0].version for window in cohorts)
    if was == now:
        return []
    both = [
        (theirs.loss, ours.loss, ours.labelled)
        for cohort in cohorts[1]
        for ours in cohort.outcomes[:1]
        for theirs in cohort.outcomes[1:]
        if (theirs.version, ours.version) == (was, now)
        and theirs.loss is not None
        and ours.loss is not None
        and theirs.labelled == ours.labelled
    ]
    rows = sum(labelled for *_, labelled in both)
    points = (
        sum((ours - theirs) * labelled for theirs, ours, labelled in both) / rows if rows else None
    )
    on = f", on {many(rows, 'row')} that both predicted" if rows else ""
    said = f"version {short(now)} serves in place of {short(was)}{on}"
    return [Cause(sentence=said, points=points, rank=35)]


def _of_configs(model: str, before: Window, after: Window, ports: Ports) -> list[Cause]:
    """Name what was changed in the config from the end of A to the end of B."""
    stored = ports.records.query(
        StoredConfig, f"configs:{model}", newest_first=True, limit=_MOST_CONFIGS
    )
    stored.sort(key=lambda of: of.applied_at)
    then = [of for of in stored if f"{of.applied_at:%Y-%m-%d}" <= before.last]
    now = [of for of in stored if f"{of.applied_at:%Y-%m-%d}" <= after.last]
    if not then or not now or then[-1].id == now[-1].id:
        return []
    keys = changed_keys(then[-1].config, now[-1].config)
    return [
        Cause(sentence=f"other config since {now[-1].applied_at:%Y-%m-%d}: {names(keys)}", rank=25)
    ]


def _checks(model: str, window: Window, ports: Ports) -> list[PartitionCheck]:
    """Read what was said of each partition and of its predictions, as one."""
    output = {of.partition: of for of in _within(PredictionsCheck, "checks", model, window, ports)}
    data = _within(PartitionCheck, "checks", model, window, ports)
    return [check.told_with(output.get(check.partition)) for check in data]


def _within(kind: type[R], listing: str, model: str, window: Window, ports: Ports) -> list[R]:
    """Read the records of a window, which stand in their listing by partition."""
    found = ports.records.query(
        kind, f"{listing}:{model}", after=days_before(window.first, 1), limit=_MOST
    )
    return [of for of in found if window.has(of.place)]
