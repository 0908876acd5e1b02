"""What a check says of a partition: numbers in, verdict out. Nothing is measured or raised here."""

from enum import StrEnum
from typing import Self

from core.domain.base import Value
from core.domain.wording import names


class ErrorClass(StrEnum):
    """What kind of error it is: each has its own playbook. Ordered: hard comes before drift."""

    HARD = "hard"
    SOFT = "soft"
    DRIFT = "drift"

    @property
    def rank(self) -> int:
        """0 for the class to look at first."""
        return list(ErrorClass).index(self)


class Severity(StrEnum):
    """What the machine says; a person's word is the priority."""

    OK = "ok"
    WARN = "warn"
    PAGE = "page"

    @classmethod
    def of(cls, error_class: ErrorClass | None) -> Self:
        """Page for what makes predictions plainly wrong now, warn of what can wait for the day."""
        if error_class is None:
            return cls("ok")
        return cls("page" if error_class is ErrorClass.HARD else "warn")


class Basis(StrEnum):
    """What a partition was judged by."""

    REFERENCE = "reference"
    """Everything learned: contract, distributions and row count."""
    TOO_FEW_ROWS = "too few rows"
    """The contract only: so few rows say nothing about distributions."""
    TOO_FEW_DAYS = "too few days"
    """The contract only: too few partitions were learned from to say how much they differ."""
    LEARNING = "learning"
    """Nothing learned yet: only that it can be read, has its key and columns, and is not empty."""

    @property
    def is_learning(self) -> bool:
        """Whether so little is known that only what is plainly wrong alerts."""
        return self in {Basis.TOO_FEW_DAYS, Basis.LEARNING}


class Blame(Value):
    """One column and what is wrong with it."""

    column: str
    """A column of the partition; `rows` for the partition as a whole."""
    score: float
    """In units of its limit: 1 is exactly at the limit, and counts as broken."""
    error_class: ErrorClass
    sentence: str
    """Finished, for a person; holds no value of a sensitive column."""
    rule_of: str | None = None
    """Who wrote the rule that is broken, a Slack id; `None` for what was learned."""
    is_output: bool = False
    """Whether it is what the model predicts rather than a column of its data."""
    way: str | None = None
    """What tells it apart from other errors of the column; `None` where it moved without one."""


class Verdict(Value):
    """What a check says of one partition."""

    basis: Basis
    error_class: ErrorClass | None = None
    """The worst class among what is blamed; `None` when nothing is."""
    severity: Severity = Severity.OK
    score: float = 0.0
    """The worst score of all columns, blamed or not, in units of its limit."""
    blamed: tuple[Blame, ...] = ()
    """In order of blame, each column once."""
    added: tuple[str, ...] = ()
    """Columns that no trusted partition had: told beside the rest, never an alert by themselves."""

    def joined(self, of_output: Self) -> Self:
        """Add what is blamed in the predictions; behind the data, as that may be the cause.

        Unless only the predictions are plainly broken.
        """
        parts = [self, of_output]
        parts.sort(key=lambda verdict: verdict.error_class.rank if verdict.error_class else 99)
        update = {
            "error_class": parts[0].error_class,
            "severity": Severity.of(parts[0].error_class),
            "score": max(self.score, of_output.score),
            "blamed": tuple(blame for verdict in parts for blame in verdict.blamed),
        }
        return self.model_copy(update=update)

    def about_output(self) -> Self:
        """Say that all it blames is in what the model predicts."""
        blamed = (blame.model_copy(update={"is_output": True}) for blame in self.blamed)
        return self.model_copy(update={"blamed": tuple(blamed)})

    @property
    def is_broken(self) -> bool:
        """Whether anything is blamed."""
        return bool(self.blamed)

    @property
    def sentence(self) -> str:
        """Say it in one line: what is blamed first, how many more are, and what is new."""
        named = names(self.added)
        if not self.blamed:
            return f"{_ALL_WELL[self.basis]} New: {named}." if named else _ALL_WELL[self.basis]
        more = len(self.blamed) - 1
        others = f" (and {more} more)" if more else ""
        new = f"; new: {named}" if named else ""
        return f"{self.blamed[0].sentence}{others}{new}"


_ALL_WELL = {
    Basis.REFERENCE: "Nothing unusual.",
    Basis.TOO_FEW_ROWS: "The contract is kept; too few rows to judge distributions.",
    Basis.TOO_FEW_DAYS: "Learning: the contract is kept; more partitions are needed for the rest.",
    Basis.LEARNING: "Learning: it can be read and has its columns; more is not known yet.",
}
