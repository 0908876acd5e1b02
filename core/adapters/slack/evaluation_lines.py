"""What an evaluation found, in short for a version's card and in full for its details."""

from collections.abc import Iterator
from typing import Final

from core.adapters.slack.blocks import cut, escape
from core.domain.challenge import Challenge, Compared
from core.domain.wording import many

_LONGEST: Final = 2800  # Slack takes 3,000 characters in a section
_MOST_CHARS: Final = 300  # of one line of a card
_MOST_METRICS: Final = 4


def evaluation_in_short(challenge: Challenge) -> str | None:
    """Write the metrics, the KPI and the worst slice; `None` when nothing was evaluated."""
    lines = [_metric(row) for row in challenge.compared[:_MOST_METRICS]]
    if challenge.kpi:
        lines.append(f"KPI: {challenge.kpi}")
    lines += [f"Worst: {line}" for line in challenge.worst_slices[:1]]
    if not lines:
        return None
    shown = (escape(cut(line, _MOST_CHARS)) for line in lines)
    return "\n".join((f"*Offline*, {escape(cut(challenge.validated_on, _MOST_CHARS))}", *shown))


def evaluation_lines(challenge: Challenge) -> str | None:
    """Write each metric, calibration, margins and the worst slices; `None` for nothing."""
    lines = "\n".join(escape(line) for line in _lines(challenge))
    return cut(lines, _LONGEST) if lines else None


def _metric(row: Compared) -> str:
    beside = "" if row.champion is None else f" (champion {row.champion:.4f})"
    return f"{row.metric} {row.version:.4f}{beside}"


def _lines(challenge: Challenge) -> Iterator[str]:
    for row in challenge.compared:
        yield f"{_metric(row)}: {row.difference}" if row.difference else _metric(row)
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
