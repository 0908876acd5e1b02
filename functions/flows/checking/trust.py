"""Which partitions may say what is usual."""

from collections.abc import Iterable, Iterator, Sequence

from core.domain.alert import Disposition
from core.domain.partition_check import PartitionCheck
from core.domain.verdict import Blame, ErrorClass, Severity
from core.flows.continue_alert import alert_about
from core.ports import Ports

NOT_NORMAL = frozenset({Disposition.DATA_BUG, Disposition.DUPLICATE})
"""What a person says of a partition that is not to be learned from."""
_PAGE = 100
ADOPTED_AFTER = 3
"""Partitions after which what only moved counts as normal."""


def trusted(
    model: str,
    partitions: Sequence[str],
    ports: Ports,
    checks: type[PartitionCheck] = PartitionCheck,
    *,
    past_counts: bool = True,
) -> list[str]:
    """Leave out what a person called a bug, and errors that nobody has judged yet.

    What only moved and was not judged is adopted after a few partitions: it may be the new
    normal. When nothing would be left, nothing is left out.

    Args:
        model: whose partitions they are.
        partitions: oldest first.
        ports: the outside world.
        checks: of its data, or of its predictions.
        past_counts: whether what was found in the past does, where no person judged it.
    """
    newest = set(partitions[-ADOPTED_AFTER:])
    oldest = min(partitions, default="")
    every = _broken(model, oldest, ports, checks)
    broken = {
        check.partition: check
        for check in every
        if past_counts or not check.is_of_past or check.disposition is not None
    }

    def is_trusted(partition: str) -> bool:
        if partition not in broken:
            return True
        return _is_normal(broken[partition], ports, may_have_moved=partition not in newest)

    return [p for p in partitions if is_trusted(p)] or list(partitions)


def called_normal(model: str, column: str, partitions: Iterable[str], ports: Ports) -> str | None:
    """Say how a person let pass what was wrong with a column; `None` if nobody did.

    Args:
        model: whose partitions they are.
        column: a column of it.
        partitions: that broke a promise of it, in the order in which they are looked at.
        ports: the outside world.
    """
    for partition in partitions:
        alert = alert_about(model, partition, ports)
        if alert is None:
            past = ports.records.get(PartitionCheck, PartitionCheck.id_of(model, partition))
            if past and _is_accepted(past) and _blames(past.verdict.blamed, column):
                return f"the error of {partition} was resolved as {past.disposition}"
            continue
        is_normal = not alert.is_open and alert.disposition not in NOT_NORMAL
        if is_normal and _blames(alert.evidence.blamed, column):
            return f"the alert of {alert.partition} was resolved as {alert.disposition}"
    return None


def accepted(model: str, partitions: Sequence[str], ports: Ports) -> set[str]:
    """Name the partitions of the past whose errors a person called normal.

    Args:
        model: whose partitions they are.
        partitions: oldest first.
        ports: the outside world.
    """
    every = _broken(model, min(partitions, default=""), ports, PartitionCheck)
    return {check.partition for check in every if _is_accepted(check)}


def _is_accepted(check: PartitionCheck) -> bool:
    return check.disposition is not None and check.disposition not in NOT_NORMAL


def _blames(blamed: Iterable[Blame], column: str) -> bool:
    return any(blame.column == column for blame in blamed)


def judged(model: str, partitions: Sequence[str], ports: Ports) -> set[str]:
    """Name the partitions that people were told of, or judged: what is trusted of them stays so.

    Args:
        model: whose partitions they are.
        partitions: oldest first.
        ports: the outside world.
    """
    every = _checks(model, min(partitions, default=""), ports, PartitionCheck)
    return {
        check.partition
        for check in every
        if check.disposition is not None or (check.verdict.is_broken and not check.is_of_past)
    }


def _broken(
    model: str, oldest: str, ports: Ports, checks: type[PartitionCheck]
) -> Iterator[PartitionCheck]:
    """Read the checks that were not passed, newest first, back to the oldest."""
    every = _checks(model, oldest, ports, checks)
    return (check for check in every if check.verdict.is_broken)


def _checks(
    model: str, oldest: str, ports: Ports, checks: type[PartitionCheck]
) -> Iterator[PartitionCheck]:
    after: str | None = None
    listing = f"checks:{model}"
    while page := ports.records.query(checks, listing, after=after, newest_first=True, limit=_PAGE):
        yield from page
        after = page[-1].place
        if after < oldest:
            return


def _is_normal(check: PartitionCheck, ports: Ports, *, may_have_moved: bool) -> bool:
    if check.disposition is not None:
        return check.disposition not in NOT_NORMAL
    if check.is_of_past:
        return may_have_moved and check.verdict.error_class is ErrorClass.DRIFT
    alert = alert_about(check.model, check.partition, ports)
    if alert is None:
        return True
    is_own = alert.partition == check.partition
    if is_own and alert.evidence.severity is Severity.OK:
        return True  # mended since
    error_class = alert.evidence.error_class if is_own else check.verdict.error_class
    if alert.is_open:
        return may_have_moved and error_class is ErrorClass.DRIFT
    return alert.disposition not in NOT_NORMAL
