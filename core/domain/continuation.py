"""That a partition shows what an alert about an earlier one already says: nobody is woken again."""

from collections.abc import Sequence
from typing import ClassVar

from core.domain.base import Record
from core.domain.ids import AlertId, fact_id
from core.domain.verdict import Blame, ErrorClass, Verdict

_TWO_WAYS = 2  # that are known and differ


class Continuation(Record):
    """One partition that was folded into the alert about an earlier one."""

    kind: ClassVar[str] = "continuation"

    alert: AlertId

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Say which record is about this partition."""
        return fact_id("cnt", model, partition)


def goes_on(verdict: Verdict, error_class: ErrorClass | None, blamed: Sequence[Blame]) -> bool:
    """Say whether a verdict tells nothing new beside what was blamed before.

    It does when a column is blamed that was not, or in another way, or when the class is worse.

    Args:
        verdict: of the partition in question.
        error_class: of the earlier alert.
        blamed: by it.
    """
    if verdict.error_class is None or error_class is None:
        return False
    ways = {blame.column: blame.way for blame in blamed}
    return verdict.error_class.rank >= error_class.rank and all(
        blame.column in ways and len({blame.way, ways[blame.column]} - {None}) < _TWO_WAYS
        for blame in verdict.blamed
    )
