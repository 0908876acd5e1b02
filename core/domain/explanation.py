"""Why two windows of time, or two versions, differ: one list of causes, the likeliest first."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final, Self

from core.domain.base import Value
from core.domain.cohort import Cohort
from core.domain.curve import Curve
from core.domain.errors import Refusal
from core.domain.partition import PartitionName, days_before
from core.domain.partition_check import PartitionCheck
from core.domain.wording import MINUS, many, percent, plain

_MOST_DAYS: Final = 100
_WORTH_TELLING: Final = 0.1  # of a share of labels or rows
_FEWEST_ROWS: Final = 100


class NoWindow(Refusal):
    """What was typed names no days."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"`{plain(given)}` is no window: write a day like 2026-11-17, or a first and a last "
            f"one, at most {_MOST_DAYS} days apart, like 2026-11-10..2026-11-17."
        )


class Window(Value):
    """Partitions of some days, both ends included."""

    first: PartitionName
    last: PartitionName

    @classmethod
    def of(cls, given: str) -> Self:
        """Read what somebody typed.

        Raises:
            NoWindow: it names no days, or none in this order.
        """
        first, dots, last = given.partition("..")
        try:
            window = cls(first=first, last=last if dots else first)
        except ValueError:
            raise NoWindow(given) from None
        if not window.first <= window.last <= days_before(window.first, -_MOST_DAYS):
            raise NoWindow(given)
        return window

    def has(self, partition: str) -> bool:
        """Say whether a partition lies in it."""
        return self.first <= partition <= self.last

    @property
    def words(self) -> str:
        """Write it as it is typed."""
        return self.first if self.first == self.last else f"{self.first}..{self.last}"


class Cause(Value):
    """One thing that differs and may be why."""

    sentence: str
    points: float | None = None
    """By how much it alone changes the loss, > 0 is worse; `None` where nobody can tell."""
    rank: float = 0.0
    """Orders those without points, the highest first."""

    @property
    def words(self) -> str:
        """Say it, with its part of the loss in front."""
        return self.sentence if self.points is None else f"{signed(self.points)}: {self.sentence}"


class Explanation(Value):
    """What differs between A and B, and by how much B is worse."""

    headline: str
    causes: tuple[Cause, ...]

    @classmethod
    def of(cls, headline: str, causes: Iterable[Cause]) -> Self:
        """Put those first whose part of the loss is known, the largest one first."""
        ordered = sorted(
            causes, key=lambda of: (of.points is None, -abs(of.points or 0.0), -of.rank)
        )
        return cls(headline=headline, causes=tuple(ordered))


def signed(points: float) -> str:
    """Write a difference of losses with its sign."""
    return f"{points:+.4f}".replace("-", MINUS)


def loss_of(cohorts: Sequence[Cohort]) -> tuple[float, int] | None:
    """Return the mean loss of what was served, and of how many rows; `None` without labels."""
    known = [(of.served.loss, of.served.labelled) for of in cohorts if of.served.loss is not None]
    rows = sum(labelled for _, labelled in known)
    return (sum(loss * labelled for loss, labelled in known) / rows, rows) if rows else None


def mix_and_meaning(before: Curve | None, after: Curve | None) -> list[Cause]:
    """Part the change of a version's loss: harder rows, or rows that come true in another way.

    The first is what the rows of B would have lost had they come true as those of A did; the rest
    is the second. Both add up to the change.

    Source: the decomposition of a change in performance into covariate and concept shift, as in
    Cai, Namkoong and Yadlowsky, Diagnosing model performance under distribution shift (2023), over
    what the model says in place of its features.
    """
    if before is None or after is None or min(before.labelled, after.labelled) < _FEWEST_ROWS:
        return []
    was, became = sum(before.losses) / before.labelled, sum(after.losses) / after.labelled
    expected = before.expected(after.rows)[0] / after.labelled
    return [
        Cause(
            sentence="other rows came, which the model itself is less or more sure of",
            points=expected - was,
        ),
        Cause(
            sentence="what the model says comes true in another way: the relation, or the labels",
            points=became - expected,
        ),
    ]


def of_columns(before: Sequence[PartitionCheck], after: Sequence[PartitionCheck]) -> list[Cause]:
    """Name the columns that were blamed more often in B, by class, share and size."""
    blamed = sorted((of for check in after for of in check.verdict.blamed), key=lambda of: of.score)
    worst = {(of.column, of.is_output): of for of in blamed}  # the last one of each stays
    causes = []
    for (column, is_output), blame in worst.items():
        had, has = (_blaming(checks, column, is_output) for checks in (before, after))
        more = has / len(after) - (had / len(before) if before else 0.0)
        if more > 0:
            seen = f"on {has} of {many(len(after), 'partition')}, before on {had} of {len(before)}"
            sentence = f"{blame.sentence} ({blame.error_class}; {seen})"
            rank = 10 * (3 - blame.error_class.rank) + more * min(blame.score, 9)
            causes.append(Cause(sentence=sentence, rank=rank))
    return causes


def of_amounts(
    checks: tuple[Sequence[PartitionCheck], Sequence[PartitionCheck]],
    cohorts: tuple[Sequence[Cohort], Sequence[Cohort]],
) -> list[Cause]:
    """Say where B has many more or fewer rows, labels, or labels without a prediction."""
    causes = []
    rows = [[check.rows for check in window] for window in checks]
    if all(rows):
        was, became = (median(each) for each in rows)
        if abs(became - was) >= _WORTH_TELLING * max(was, 1):
            said = f"a partition has {became:,.0f} rows in the middle, before {was:,.0f}"
            causes.append(Cause(sentence=said, rank=5))
    shares = [[of.labelled_share for of in window] for window in cohorts]
    if all(shares):
        was, became = (sum(each) / len(each) for each in shares)
        if abs(became - was) >= _WORTH_TELLING:
            said = f"{percent(became)} of the rows have a label, before {percent(was)}"
            causes.append(Cause(sentence=said, rank=6))
    unmatched = sum(of.unmatched for of in cohorts[1])
    if unmatched > 2 * sum(of.unmatched for of in cohorts[0]) and unmatched:
        said = f"{many(unmatched, 'label')} belong to rows that were never predicted"
        causes.append(Cause(sentence=said, rank=7))
    return causes


def _blaming(checks: Sequence[PartitionCheck], column: str, is_output: bool) -> int:  # noqa: FBT001 - as it stands on a blame
    named = ({(of.column, of.is_output) for of in check.verdict.blamed} for check in checks)
    return sum((column, is_output) in each for each in named)
