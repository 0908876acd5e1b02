"""Predictions of some rows beside what was true: what every measure looks at."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.domain.evaluation_config import EvaluationConfig
from core.domain.target import Target
from functions.arrays import Flags, Floats
from functions.ml.judging.intervals import Groups, grouped
from functions.ml.judging.mistakes import decisions
from functions.ml.losses import Predictions, Truths, losses


@dataclass(frozen=True)
class Judged:
    """Some rows, what one version predicted for them, and what was true."""

    target: Target
    config: EvaluationConfig
    predictions: Predictions
    truths: Truths
    partition: NDArray[np.intp]
    """Shape (rows,), ascending: which partition each row is of."""

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.truths)

    @cached_property
    def groups(self) -> Groups:
        """What of them counts as independent."""
        return grouped(self.partition)

    @cached_property
    def losses(self) -> Floats:
        """The proper loss of each row, 0..1."""
        return losses(self.target, self.predictions, self.truths)

    @cached_property
    def decided(self) -> Floats:
        """What is done on each prediction of a label."""
        return decisions(self.target, self.config.cut, self.predictions)

    def of(self, meant: Flags | slice) -> Self:
        """Leave some of the rows."""
        return replace(
            self,
            predictions=self.predictions[meant],
            truths=self.truths[meant],
            partition=self.partition[meant],
        )
