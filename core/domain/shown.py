"""What evidence shows, in one clause for people."""

from math import exp

from core.domain.evidence import Claim, Evidence

_MOST_LOG_E = 13.8  # a million to one: more digits say nothing more
_CLAIM = {
    "gain": Claim.GAIN,
    "refresh": Claim.REFRESH,
    "harmful": Claim.HARMFUL,
    "futile": Claim.FUTILE,
}
_WORDS = {
    "gain": "it is better",
    "refresh": "it is no worse",
    "harmful": "it is worse",
    "futile": "it cannot gain enough to be worth a promotion",
    "undecided": "nothing is shown yet",
}


def shown(evidence: Evidence) -> str:
    """Say what is shown, by how much, on how many rows, and how surely."""
    words = f"{_WORDS[evidence.decision]}{_by_how_much(evidence)}"
    claim = _CLAIM.get(evidence.decision)
    return words if claim is None else f"{words} ({surely(evidence, claim)})"


def surely(evidence: Evidence, claim: Claim) -> str:
    """Say how strongly a claim is shown."""
    log_e = evidence.log_e(claim)
    value = "above a million" if log_e > _MOST_LOG_E else f"{exp(log_e):,.1f}"
    return f"e-value {value}, from {evidence.limit:,.0f} on it counts"


def _by_how_much(evidence: Evidence) -> str:
    if not evidence.pairs:
        return ""
    days = len(evidence.cohorts)
    return (
        f": {evidence.gained / evidence.pairs:+.4f} a row over {evidence.pairs:,} rows "
        f"of {days} cohort{'' if days == 1 else 's'}"
    )
