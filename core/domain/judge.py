"""Numbers in, verdict out. Nothing is measured here, and nothing is raised."""

from collections.abc import Iterable, Sequence

from core.domain.finding import Finding, Kind
from core.domain.verdict import Basis, Blame, ErrorClass, Severity, Verdict


def judge(findings: Iterable[Finding], basis: Basis, added: tuple[str, ...] = ()) -> Verdict:
    """Judge a partition by what was found; a limit that is exactly reached counts as broken.

    Args:
        findings: for each column any number of them, below their limits or above.
        basis: what the partition was compared with.
        added: new columns, which alone are no error; those that a finding names are left out.
    """
    worst_first = in_order_of_blame(findings)
    broken: dict[str, list[Finding]] = {}
    for finding in worst_first:
        if finding.score >= 1:
            broken.setdefault(finding.column, []).append(finding)
    told = {finding.where for finding in worst_first if finding.kind is Kind.MISSING}
    blamed = tuple(_blame(of_column) for of_column in broken.values())
    error_class = min((b.error_class for b in blamed), key=lambda c: c.rank, default=None)
    return Verdict(
        basis=basis,
        error_class=error_class,
        severity=Severity.of(error_class),
        score=max((finding.score for finding in worst_first), default=0.0),
        blamed=blamed,
        added=tuple(name for name in added if name not in told),
    )


def in_order_of_blame(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings, the worst first; what is broken comes before what is not.

    Copies of rows come behind broken columns: a column tells more of where to look.
    """
    return sorted(findings, key=_order_of_blame)


def _blame(worst_first: Sequence[Finding]) -> Blame:
    # What cannot be used stays so, however far it moved besides.
    hard = (finding for finding in worst_first if finding.error_class is ErrorClass.HARD)
    worst = next(hard, worst_first[0])
    # That it moved is quicker to grasp than that it no longer follows the others.
    plainer = (finding for finding in [worst, *worst_first] if finding.kind is not Kind.RELATION)
    told = next(plainer, worst)
    return Blame(
        column=worst.column,
        score=worst_first[0].score,
        error_class=worst.error_class,
        sentence=told.sentence,
        rule_of=told.rule_of,
        way=told.way,
    )


def _order_of_blame(finding: Finding) -> tuple[bool, bool, float, int, str, str]:
    is_whole = finding.score < 1
    is_less_telling = finding.kind is Kind.DUPLICATES
    return (
        is_whole,
        is_less_telling,
        -finding.score,
        finding.error_class.rank,
        finding.column,
        finding.sentence,
    )
