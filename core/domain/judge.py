"""Numbers in, verdict out. Nothing is measured here, and nothing is raised."""

from collections.abc import Iterable

from core.domain.finding import Finding
from core.domain.verdict import Basis, Blame, Severity, Verdict


def judge(findings: Iterable[Finding], basis: Basis) -> Verdict:
    """Judge a partition by what was found; a limit that is exactly reached counts as broken.

    Args:
        findings: for each column any number of them, below their limits or above.
        basis: what the partition was compared with.
    """
    worst_first = sorted(findings, key=_order_of_blame)
    worst_of_column: dict[str, Finding] = {}
    for finding in worst_first:
        if finding.score >= 1:
            worst_of_column.setdefault(finding.column, finding)
    blamed = tuple(_blame(finding) for finding in worst_of_column.values())
    error_class = min((b.error_class for b in blamed), key=lambda c: c.rank, default=None)
    return Verdict(
        basis=basis,
        error_class=error_class,
        severity=Severity.of(error_class),
        score=worst_first[0].score if worst_first else 0.0,
        blamed=blamed,
    )


def _blame(finding: Finding) -> Blame:
    return Blame(
        column=finding.column,
        score=finding.score,
        error_class=finding.error_class,
        sentence=finding.sentence,
    )


def _order_of_blame(finding: Finding) -> tuple[float, int, str, str]:
    return (-finding.score, finding.error_class.rank, finding.column, finding.kind)
