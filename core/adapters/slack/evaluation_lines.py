"""What an evaluation found beyond its metrics, as lines of a version's card."""

from collections.abc import Iterator

from core.adapters.slack.blocks import cut, escape
from core.domain.challenge import Challenge
from core.domain.wording import many

_LONGEST = 2800  # Slack takes 3,000 characters in a section


def evaluation_lines(challenge: Challenge) -> str | None:
    """Write KPI, calibration, margins and the worst slices; `None` when nothing was found."""
    lines = "\n".join(escape(line) for line in _lines(challenge))
    return cut(lines, _LONGEST) if lines else None


def _lines(challenge: Challenge) -> Iterator[str]:
    if challenge.kpi:
        yield f"KPI: {challenge.kpi}"
    if challenge.calibration:
        yield f"Calibration: {challenge.calibration}"
    yield from (f"Margin: {line}" for line in challenge.standards)
    yield from (f"Worst: {line}" for line in challenge.worst_slices)
    if challenge.proposed_slices:
        yield (
            f"{many(challenge.proposed_slices, 'more part')} of the rows where it loses more: "
            f"`watchkeeper evaluate {challenge.model} {challenge.name}` names them."
        )
