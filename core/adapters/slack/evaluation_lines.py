"""What an evaluation found beside the numbers: standards, the business, calibration, slices."""

from typing import Final

from core.adapters.slack.blocks import cut, escape, some
from core.domain.challenge import Challenge

_MOST_SLICES: Final = 3
_MOST_STANDARDS: Final = 5
_MOST_CHARS: Final = 300  # of one sentence: it is read on a phone


def evaluation_lines(challenge: Challenge) -> str | None:
    """Draw what is known; `None` where the evaluation says no more than its numbers."""
    said = [_short(words) for words in (challenge.kpi, challenge.calibration) if words]
    if challenge.standards:
        said.append(some([_short(words) for words in challenge.standards], _MOST_STANDARDS))
    if challenge.worst_slices:
        worst = some([_short(words) for words in challenge.worst_slices], _MOST_SLICES)
        said.append(f"*Where it does worst*\n{worst}")
    if challenge.proposed_slices:
        number = challenge.proposed_slices
        parts = "1 part" if number == 1 else f"{number} parts"
        said.append(f"{parts} of the rows, which nobody has named yet, lose more than the rest.")
    return "\n".join(said) or None


def _short(words: str) -> str:
    return escape(cut(words, _MOST_CHARS))
