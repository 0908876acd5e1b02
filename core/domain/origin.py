"""Whether a partition differs because the world moved or because its source did, and why so."""

from enum import StrEnum

from core.domain.base import Value
from core.domain.verdict import ErrorClass, Verdict

_NATURAL_FROM = 0.7
"""Of how gradual and how broad it is, added up: a jump of one column comes to some 0.3, the loss
of all rows of an airport to 0.65, a mix of rows that changes within two weeks to 0.8 and more."""
_AT_ONCE, _BY_DEGREES = 0.25, 0.5  # how gradual it is, in words
_HOW_MANY = ((0.15, "one"), (0.35, "few"), (0.65, "many"), (1.0, "most"))  # how broad it is


class Nature(StrEnum):
    """Where a difference comes from: each asks for another step."""

    NATURAL = "natural drift"
    """The world moved: the model has to follow."""
    UNNATURAL = "a data incident"
    """The source changed or broke: the data has to be mended."""


class Movement(Value):
    """How a partition came to differ from its history."""

    has_new: bool
    """Whether there are values that no trusted partition had: nulls, sentinels, other formats."""
    is_apart: bool
    """Whether a column left the others rather than its own past: it no longer goes with them."""
    gradual: float
    """0..1: 0 is a jump from a flat line, 1 a change that grew over the last partitions."""
    breadth: float
    """0..1: 0 when one column explains it all, 1 when all columns moved alike."""
    is_of_rows: bool
    """Whether the number of rows moved farther than any column."""
    columns: int
    """All that were compared."""


class Origin(Value):
    """The nature of a difference, and the reason in words."""

    nature: Nature
    why: str
    """A clause: `many of 17 columns moved, by degrees over the last partitions`."""

    @property
    def sentence(self) -> str:
        """Say it in one line."""
        return f"{self.nature}: {self.why}"


def judge_origin(verdict: Verdict, movement: Movement | None) -> Origin | None:
    """Judge where the difference comes from.

    Values that were lost, filled or converted never are the world's doing. What only moved is
    the world's when it came by degrees or in many columns together, and the source's when it came
    at once in few of them.

    Args:
        verdict: of the partition.
        movement: how it came; `None` where there is too little history to tell.

    Returns:
        `None` for what needs no telling: all is well, or the contract is plainly broken.
    """
    if verdict.error_class not in {ErrorClass.SOFT, ErrorClass.DRIFT} or movement is None:
        return None
    if movement.has_new:
        return Origin(nature=Nature.UNNATURAL, why="it holds what was never there before")
    if movement.is_apart:
        why = "a column no longer goes with the others, and its own distribution hardly moved"
        return Origin(nature=Nature.UNNATURAL, why=why)
    is_natural = movement.gradual + movement.breadth >= _NATURAL_FROM
    if not is_natural:
        why = f"{_in_words(movement)}; a sudden event in the world looks the same"
        return Origin(nature=Nature.UNNATURAL, why=why)
    follows = any(blame.is_output for blame in verdict.blamed)
    also = ", and the predictions move with them" if follows else ""
    return Origin(nature=Nature.NATURAL, why=f"{_in_words(movement)}{also}")


def _in_words(movement: Movement) -> str:
    which = next(word for most, word in _HOW_MANY if min(movement.breadth, 1) <= most)
    what = f"{which} of {movement.columns} columns moved"
    if movement.is_of_rows:
        what = "the number of rows changed"
    how = "over a few partitions"
    if movement.gradual < _AT_ONCE:
        how = "from one partition to the next"
    elif movement.gradual >= _BY_DEGREES:
        how = "by degrees over the last partitions"
    return f"{what}, {how}"
