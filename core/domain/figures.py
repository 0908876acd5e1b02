"""The figures of an evaluation, as tables and comparisons show them."""

from core.domain.base import Value
from core.domain.evaluation import Evaluation


class Figure(Value):
    """One number of a version, with the interval that the evaluator gives it."""

    name: str
    middle: float
    low: float | None = None
    """This and `high` are `None` where the evaluator gives none."""
    high: float | None = None

    @property
    def words(self) -> str:
        """Write it with its interval, if it has one."""
        if self.low is None or self.high is None:
            return f"{self.middle:.4f}"
        return f"{self.middle:.4f} ({self.low:.4f} to {self.high:.4f})"


def figures(evaluation: Evaluation) -> tuple[Figure, ...]:
    """List the figures of the version, its proper score first."""
    return tuple(
        Figure(
            name=metric.title,
            middle=metric.version.middle,
            low=metric.version.low,
            high=metric.version.high,
        )
        for metric in evaluation.metrics
    )


def is_same_yardstick(one: Evaluation, other: Evaluation) -> bool:
    """Say whether two evaluations used the same evaluator on the same rows."""
    same_evaluator = one.evaluator_hash == other.evaluator_hash
    return same_evaluator and one.validation_set == other.validation_set
