"""The first days after a promotion: what was promised offline beside what is seen live."""

from math import sqrt
from typing import Final

from core.domain.evidence import Evidence

COHORTS: Final = 3
_SURE: Final = 3.3  # standard errors: by chance about once in two thousand looks
_FEWEST_PAIRS: Final = 100


def broken_promise(
    guarding: Evidence, offline: tuple[float, float, float] | None, margin: float
) -> str | None:
    """Say in a clause that a version falls short of its promise, on its first mature cohorts.

    Compared is the gain over the version that it replaced, on the same rows: a day that is hard for
    both, a blizzard, breaks no promise. The gain may be smaller than the interval that was promised
    by the margin of the config, and by chance.

    Args:
        guarding: evidence of the replaced version against the champion, so its gains are losses.
        offline: the promise, low, middle and high of its interval; `None` where nothing was
            compared, which breaks nothing.
        margin: the loss that counts as no worse, 0..1.

    Returns:
        `None` while the promise is kept, and after the first cohorts.
    """
    pairs, cohorts = guarding.pairs, len(guarding.cohorts)
    if offline is None or pairs < _FEWEST_PAIRS or cohorts > COHORTS:
        return None
    live = -guarding.gained / pairs
    squares = sum(booked.squares for booked in guarding.cohorts)
    much = guarding.standing.excess or 1.0  # days differ by more than chance, so the mean does too
    error = sqrt(much * max(squares / pairs - live**2, 0.0) / pairs)
    if live + _SURE * error >= offline[0] - margin:
        return None
    return (
        f"its gain was to be {offline[1]:+.4f} a row, at least {offline[0]:+.4f}, and is "
        f"{live:+.4f} over its first {pairs:,} rows"
    )
