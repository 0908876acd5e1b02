"""What happens to predictions beside the model: overrides, output contract, last resort."""

from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import Field, model_validator

from core.domain.base import Value
from core.domain.evaluation_config import Name
from core.domain.target import Target
from core.domain.where import Condition, Where


class Override(Value):
    """A heuristic that stands above the model: exactly one deed, on the rows that are meant."""

    name: Name
    where: Where
    replace: float | str | None = None
    """Serve this score instead; or this class, of a target with several."""
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

    def misfit(self, target: Target, kinds: Mapping[str, str]) -> str | None:
        """Say in a sentence why it does not fit a target and the columns; `None` when it does."""
        wrong = [_misfit_of(condition, kinds) for condition in self.where]
        named = next((sentence for sentence in wrong if sentence), None)
        return named or _misfit_of_score(self, target)


class Output(Value):
    """What predictions have to keep, beside what is learned of them.

    A score that is no number, or beyond these limits, is not served; the owner is told.
    """

    at_least: float | None = None
    """No served score is lower."""
    at_most: float | None = None
    """No served score is higher."""
    rate: tuple[float, float] | None = None
    """Of a binary target: the share of ones among the decisions lies between these."""

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        limits = (self.at_least, self.at_most)
        for low, high in (limits, self.rate or (None, None)):
            if low is not None and high is not None and low > high:
                raise ValueError("the lower limit lies above the higher one")
        return self

    def misfit(self, target: Target) -> str | None:
        """Say in a sentence why it does not fit a target; `None` when it does."""
        if self.rate is not None and target.task != "binary":
            return "`rate` is a share of ones, and the target is not 0 or 1"
        if target.task == "multiclass" and (self.at_least, self.at_most) != (None, None):
            return "`at_least` and `at_most` fit scores, and the target is a class"
        return None


class Fallback(Value):
    """Who predicts when the champion cannot.

    champion -> versions that served before it, the last one first -> the simple model that was
    trained with the champion -> a constant
    """

    constant: float | str | None = None
    """The last resort, a score or a class; `None`: what was usual in the training rows."""
    slow_after_s: float = Field(default=60.0, gt=0, le=120)
    """A version that takes longer for a partition counts as failed; for a request, after 10 s."""

    def misfit(self, target: Target) -> str | None:
        """Say in a sentence why it does not fit a target; `None` when it does."""
        wrong = None if self.constant is None else _no_score(self.constant, target)
        return f"`constant: {self.constant}` {wrong}" if wrong else None


class Scoring(Value):
    """What happens to predictions beside the model.

    All of it belongs to the version that was trained with it: a change comes with the version of
    the next training, and a rollback brings back what the earlier version was served with.
    """

    overrides: tuple[Override, ...] = Field(default=(), max_length=50)
    """In this order: each sees what those before it left."""
    output: Output = Field(default_factory=Output)
    fallback: Fallback = Field(default_factory=Fallback)

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        names = [override.name for override in self.overrides]
        if len(set(names)) < len(names):
            raise ValueError("overrides: each has a name of its own")
        return self

    def misfit(self, target: Target, kinds: Mapping[str, str]) -> str | None:
        """Say in a sentence why it does not fit a target and the columns; `None` when it does.

        Args:
            target: what is predicted.
            kinds: `number` or `category` of each feature.
        """
        return next(self._misfits(target, kinds), None)

    def _misfits(self, target: Target, kinds: Mapping[str, str]) -> Iterator[str]:
        for override in self.overrides:
            if wrong := override.misfit(target, kinds):
                yield f"overrides: {override.name}: {wrong}"
        for name, wrong in (
            ("output", self.output.misfit(target)),
            ("fallback", self.fallback.misfit(target)),
        ):
            if wrong:
                yield f"{name}: {wrong}"


def _misfit_of(condition: Condition, kinds: Mapping[str, str]) -> str | None:
    kind = kinds.get(condition.column)
    if kind is None:
        return f"there is no feature `{condition.column}`"
    if kind == "category" and condition.one_of is None:
        return f"`at_least` and `below` fit numbers, and `{condition.column}` is a category"
    if kind == "number" and any(isinstance(member, str) for member in condition.one_of or ()):
        return f"`one_of` of `{condition.column}` names what is not a number"
    return None


def _misfit_of_score(override: Override, target: Target) -> str | None:
    limits = (override.at_least, override.at_most)
    if target.task == "multiclass" and limits != (None, None):
        return "`at_least` and `at_most` fit scores, and the target is a class"
    if override.replace is not None and (wrong := _no_score(override.replace, target)):
        return f"`replace: {override.replace}` {wrong}"
    if target.task == "binary" and any(
        limit is not None and not 0 <= limit <= 1 for limit in limits
    ):
        return "the target is 0 or 1, so scores lie from 0 to 1"
    return None


def _no_score(given: float | str, target: Target) -> str | None:
    """Say why this cannot be served; `None` when it can."""
    if target.task == "multiclass":
        return None if given in target.classes else "is none of the target's classes"
    if isinstance(given, str):
        return "is not a number"
    is_probability = target.task != "binary" or 0 <= given <= 1
    return None if is_probability else "does not lie from 0 to 1"
