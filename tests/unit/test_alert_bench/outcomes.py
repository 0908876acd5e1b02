"""Outcomes of cases, and a few whose scores were counted by hand."""

from math import inf

from infra.local.alert_bench.case_folder import NATURAL, Case
from infra.local.alert_bench.worker import Outcome


def an_outcome(  # noqa: PLR0913 - a builder names what a test is about
    group: str,
    *,
    alert: bool,
    score: float = 0.0,
    columns: tuple[str, ...] = ("a",),
    ranked: tuple[str, ...] = (),
    data_set: str = "d",
    check_ms: float = 1.0,
    failed: bool = False,
) -> Outcome:
    kind = NATURAL if group == NATURAL else f"{group}_kind"
    case = Case(data_set, 30, "2026-01-31", group, kind, () if group == NATURAL else columns)
    return Outcome("detector", case, alert, score, ranked, failed, check_ms)


# Four natural partitions of which one alerts; four spoiled ones of which three do.
JUDGED = [
    an_outcome(NATURAL, alert=False, score=1),
    an_outcome(NATURAL, alert=False, score=2),
    an_outcome(NATURAL, alert=False, score=3, check_ms=9.0),
    an_outcome(NATURAL, alert=True, score=6),
    an_outcome("hard", alert=True, score=9, ranked=("a", "b")),
    an_outcome("hard", alert=True, score=inf, ranked=("b", "c", "a"), failed=True),
    an_outcome("soft", alert=False, score=2, ranked=("a",)),
    an_outcome("drift", alert=True, score=6, columns=()),
]
