"""How a version is made: from which rows, by which estimator, when again."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from core.domain.base import Value

Parameter = str | int | float | bool | None


class Step(Value):
    """One transformer of the columns before the estimator."""

    use: str
    """The name of an allowed scikit-learn transformer: `StandardScaler`."""
    parameters: dict[str, Parameter] = Field(default_factory=dict)


class Prepare(Value):
    """What the columns pass through, by their type; empty: what suits the estimator."""

    numbers: tuple[Step, ...] = ()
    categories: tuple[Step, ...] = ()


class Training(Value):
    """How a version is made."""

    estimator: str | None = None
    """The name of an allowed scikit-learn estimator: `HistGradientBoostingClassifier`."""
    trainer: str | None = Field(
        default=None, pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$"
    )
    """Instead of an estimator, a function of your own, `package.module:function`.

    It is called as `function(features, labels, parameters, seed)`: a DataFrame, in which missing
    numbers are NaN and missing categories empty text; an array of a label for each row, the oldest
    first; a dict of these `parameters`; an int. It returns a fitted scikit-learn estimator, made of
    types that are allowed. Python must find its module where Watchkeeper runs: an installed
    package, or a folder on `PYTHONPATH`.
    """
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    prepare: Prepare = Field(default_factory=Prepare)
    calibrate: Literal["isotonic", "sigmoid"] | None = None
    """Fit probabilities once more, on the newest fifth of the rows to learn from, which the
    estimator is not shown; `None`: as they are."""
    split: Literal["time"] = "time"
    """Rows are kept back by time, the newest ones. There is no other split."""
    seed: int = Field(default=0, ge=0, lt=2**32)
    window_days: int = Field(ge=2, le=730)
    """How many days of labelled partitions it learns from."""
    validation_days: int = Field(ge=1, le=180)
    """How many of the newest of them are kept back to compare it with the champion."""
    minimum_rows: int = Field(default=1000, ge=10)
    """With fewer labelled rows nothing is trained, and the owner is told."""
    every_days: int | None = Field(default=None, ge=1, le=365)
    """The cadence; `None`: only when a person or an alert asks."""
    on_drift: bool = False
    """An alert about natural drift starts a training too."""
    at_most_minutes: int = Field(default=12, ge=1, le=14)
    """A `trainer` that takes longer is ended, and the owner is told."""

    @field_validator("split", mode="before")
    @classmethod
    def _is_in_time(cls, split: object) -> object:
        if split != "time":
            raise ValueError(
                "only `time`: the rows are ordered in time, and any other split would learn from "
                "days that come after those it is judged on"
            )
        return split

    @model_validator(mode="after")
    def _names_one_maker(self) -> Self:
        if (self.estimator is None) == (self.trainer is None):
            raise ValueError("give one of `estimator` and `trainer`")
        if self.trainer is not None and self.prepare != Prepare():
            raise ValueError("`prepare` goes with `estimator`: a trainer prepares its own columns")
        return self
