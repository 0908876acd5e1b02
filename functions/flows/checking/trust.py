"""Which partitions may say what is usual."""

from collections.abc import Iterable, Iterator, Sequence

from core.domain.alert import Alert, Disposition
from core.domain.partition_check import PartitionCheck
from core.domain.verdict import ErrorClass, Severity
from core.flows.continue_alert import alert_about
from core.ports import Ports

_NOT_NORMAL = frozenset({Disposition.DATA_BUG, Disposition.DUPLICATE})
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
        past_counts: whether what a backfill said of them does.
    """
    newest = set(partitions[-ADOPTED_AFTER:])
    oldest = min(partitions, default="")
    every = _broken(model, oldest, ports, checks)
    broken = {check.partition: check for check in every if past_counts or not check.is_of_past}

    def is_trusted(partition: str) -> bool:
        if partition not in broken:
            return True
        return _is_normal(broken[partition], ports, may_have_moved=partition not in newest)

    return [p for p in partitions if is_trusted(p)] or list(partitions)


def called_normal(model: str, column: str, partitions: Iterable[str], ports: Ports) -> Alert | None:
    """Find an alert that blamed a column in one of these partitions and that a person let pass.

    Args:
        model: whose partitions they are.
        column: a column of it.
        partitions: in the order in which they are looked at.
        ports: the outside world.
    """
    for partition in partitions:
        alert = alert_about(model, partition, ports)
        if alert is None or alert.is_open or alert.disposition in _NOT_NORMAL:
            continue
        if column in {blame.column for blame in alert.evidence.blamed}:
            return alert
    return None


def _broken(
    model: str, oldest: str, ports: Ports, checks: type[PartitionCheck]
) -> Iterator[PartitionCheck]:
    """Read the checks that were not passed, newest first, back to the oldest."""
    after: str | None = None
    listing = f"checks:{model}"
    while page := ports.records.query(checks, listing, after=after, newest_first=True, limit=_PAGE):
        yield from (check for check in page if check.verdict.is_broken)
        after = page[-1].place
        if after < oldest:
            return


def _is_normal(check: PartitionCheck, ports: Ports, *, may_have_moved: bool) -> bool:
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
    return alert.disposition not in _NOT_NORMAL
