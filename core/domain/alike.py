"""What makes two alerts alike: model, rule, class, and the columns that are blamed first."""

from collections.abc import Iterable
from typing import Final

from core.domain.alert import Alert, Disposition
from core.domain.ledger import rule_of
from core.domain.wording import many

_COLUMNS: Final = 3

Signature = tuple[str, str, frozenset[str]]


def signature_of(alert: Alert) -> Signature:
    """Name what it is about; the order among the first three columns does not matter."""
    columns = (blame.column for blame in alert.evidence.blamed[:_COLUMNS])
    return alert.model, rule_of(alert), frozenset(columns)


def alike(alert: Alert, others: Iterable[Alert]) -> str | None:
    """Say how often it was so before, and what came of it the last time; `None` of the first.

    Duplicates do not count, nor does what is still open: that is in the queue.
    """
    signature = signature_of(alert)
    ended = [
        of
        for of in others
        if of.disposition not in {None, Disposition.DUPLICATE}
        and of.raised_at < alert.raised_at
        and signature_of(of) == signature
    ]
    if not ended:
        return None
    last = max(ended, key=lambda of: (of.raised_at, of.id))
    of_day = f" of {last.partition}" if last.partition else ""
    report = f", report {last.incident}" if last.incident else ""
    return (
        f"{many(len(ended), 'alert')} like it in 90 days; the last{of_day} was closed as "
        f"{last.disposition}{report}"
    )
