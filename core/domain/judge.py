"""Numbers in, verdict out. Nothing is measured here, and nothing is raised."""

from collections.abc import Iterable, Sequence

from core.domain.finding import Finding, Kind
from core.domain.verdict import Basis, Blame, Severity, Verdict


def judge(findings: Iterable[Finding], basis: Basis) -> Verdict:
    """Judge a partition by what was found; a limit that is exactly reached counts as broken.

    Args:
        findings: for each column any number of them, below their limits or above.
        basis: what the partition was compared with.
    """
    worst_first = sorted(findings, key=_order_of_blame)
    broken: dict[str, list[Finding]] = {}
    for finding in worst_first:
        if finding.score >= 1:
            broken.setdefault(finding.column, []).append(finding)
    blamed = tuple(_blame(of_column) for of_column in broken.values())
    error_class = min((b.error_class for b in blamed), key=lambda c: c.rank, default=None)
    return Verdict(
        basis=basis,
        error_class=error_class,
        severity=Severity.of(error_class),
        score=worst_first[0].score if worst_first else 0.0,
        blamed=blamed,
    )


def _blame(worst_first: Sequence[Finding]) -> Blame:
    worst = worst_first[0]
    # That it moved is quicker to grasp than that it no longer follows the others.
    plainer = (finding for finding in worst_first if finding.kind is not Kind.RELATION)
    told = next(plainer, worst)
    return Blame(
        column=worst.column,
        score=worst.score,
        error_class=worst.error_class,
        sentence=told.sentence,
    )


def _order_of_blame(finding: Finding) -> tuple[float, int, str, str]:
    return (-finding.score, finding.error_class.rank, finding.column, finding.sentence)
