"""Which rows are meant: conditions on columns, all of which hold. A predicate, never a frame."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from core.domain.base import Value
from core.domain.wording import number

Member = Annotated[str | int | float, Field(union_mode="smart")]


class Condition(Value):
    """What one column has to hold: one of some values, or a number within limits."""

    column: str
    one_of: tuple[Member, ...] | None = Field(default=None, min_length=1, max_length=1000)
    """For a category: these values."""
    at_least: float | None = None
    """For a number: no smaller than this."""
    below: float | None = None
    """For a number: smaller than this."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        has_limits = self.at_least is not None or self.below is not None
        if (self.one_of is not None) == has_limits:
            raise ValueError("give `one_of`, or `at_least` and `below`, or one of the two")
        return self

    def __str__(self) -> str:
        """Say it in words: `origin is JFK`, `hour from 0 to below 6`."""
        if self.one_of is not None:
            members = " or ".join(str(member) or "missing" for member in self.one_of)
            return f"{self.column} is {members}"
        if self.at_least is None:
            return f"{self.column} below {number(self.below or 0)}"
        above = f"{self.column} from {number(self.at_least)}"
        return above if self.below is None else f"{above} to below {number(self.below)}"


Where = Annotated[tuple[Condition, ...], Field(min_length=1, max_length=5)]


def in_words(where: Where) -> str:
    """Say which rows are meant: `origin is JFK, hour below 6`."""
    return ", ".join(str(condition) for condition in where)
