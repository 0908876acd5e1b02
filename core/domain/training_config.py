"""How a version is made: from which rows, by which estimator, when again."""

from typing import Literal, Self

from pydantic import Field, model_validator

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
    trainer: str | None = Field(default=None, pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")
    """Instead of an estimator, a function of your own, `package.module:function`.

    It is called with the features, the labels and these `parameters`, and returns a fitted
    scikit-learn estimator of types that are allowed.
    """
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    prepare: Prepare = Field(default_factory=Prepare)
    calibrate: Literal["isotonic", "sigmoid"] | None = None
    """Fit probabilities once more, on the newest rows that it learns from; `None`: as they are."""
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
    """A training that takes longer is ended, and the owner is told."""

    @model_validator(mode="after")
    def _names_one_maker(self) -> Self:
        if (self.estimator is None) == (self.trainer is None):
            raise ValueError("give one of `estimator` and `trainer`")
        return self
