"""What happens to predictions beside the model: overrides, output contract, last resort."""

from typing import Self

from pydantic import Field, model_validator

from core.domain.base import Value
from core.domain.evaluation_config import Name
from core.domain.where import Where


class Override(Value):
    """A heuristic that stands above the model: exactly one deed, on the rows that are meant."""

    name: Name
    where: Where
    replace: float | None = None
    """Serve this score instead."""
    at_least: float | None = None
    """Serve no lower score."""
    at_most: float | None = None
    """Serve no higher score."""
    filter: bool = False
    """Serve no prediction at all."""
    reason: str = Field(min_length=1, max_length=200)
    """Why, in one sentence."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        limits = (self.replace, self.at_least, self.at_most)
        if sum(limit is not None for limit in limits) + self.filter != 1:
            raise ValueError("give exactly one of `replace`, `at_least`, `at_most` and `filter`")
        return self


class Output(Value):
    """What a partition's predictions have to keep, beside what is learned."""

    at_least: float | None = None
    at_most: float | None = None
    rate: tuple[float, float] | None = None
    """Of a binary target: the share of ones among the decisions lies between these."""


class Fallback(Value):
    """Who predicts when neither the champion nor the version before it can."""

    constant: float | str | None = None
    """The last resort, a score or a class; `None`: what was usual in the training rows."""
    slow_after_s: float = Field(default=60.0, gt=0, le=240)
    """A version that takes longer for a partition counts as failed."""


class Scoring(Value):
    """What happens to predictions beside the model."""

    overrides: tuple[Override, ...] = Field(default=(), max_length=50)
    """In this order; versioned with the config."""
    output: Output = Field(default_factory=Output)
    fallback: Fallback = Field(default_factory=Fallback)
