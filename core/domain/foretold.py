"""What can be said of predictions whose labels are not all there yet."""

from collections.abc import Iterable
from math import sqrt
from typing import Self

from core.domain.base import Value
from core.domain.curve import Curve, Said
from core.domain.quality import Quality
from core.domain.target import Target


class Unlabelled(Value):
    """One partition that is not mature: what was said of all rows, what is known of some."""

    said: Said
    known: Curve | None
    """Of those that have a label; `None` of none."""


class Foretold(Value):
    """Provisional and estimated performance of what serves."""

    assumes_up_to: str
    """The newest mature partition: it is assumed that what is said comes true as it did up to then.

    When the world turns, so that the same rows come true less often, this is wrong until labels
    tell; what is realised never is.
    """
    provisional: Quality | None
    """Of partitions with some labels, those that are missing estimated; `None` without any."""
    labelled_share: float
    """Of the provisional rows, 0..1."""
    estimated: Quality | None
    """Of partitions without a label; `None` without any."""

    @classmethod
    def of(
        cls, target: Target, curve: Curve, assumes_up_to: str, unlabelled: Iterable[Unlabelled]
    ) -> Self:
        """Add up what is known and what is expected.

        Args:
            target: what is predicted.
            curve: how what this version said turned out on mature labels, at least one row.
            assumes_up_to: the newest partition in it.
            unlabelled: the partitions that came after, in any order.
        """
        partly, unknown = list[Unlabelled](), list[Unlabelled]()
        for one in unlabelled:
            (partly if one.known is not None else unknown).append(one)
        rows = sum(sum(one.said.rows) for one in partly)
        labelled = sum(one.known.labelled for one in partly if one.known)
        return cls(
            assumes_up_to=assumes_up_to,
            provisional=_quality(target, curve, partly),
            labelled_share=min(labelled / rows, 1.0) if rows else 0.0,
            estimated=_quality(target, curve, unknown),
        )


def _quality(target: Target, curve: Curve, partitions: list[Unlabelled]) -> Quality | None:
    rows, lost, mistaken = 0, 0.0, 0.0
    for one in partitions:
        known = one.known.rows if one.known else (0,) * len(one.said.rows)
        # Of a row that was asked for twice more may be labelled than was said.
        open_rows = [max(0, said - has) for said, has in zip(one.said.rows, known, strict=True)]
        loss, mistake = curve.expected(open_rows)
        rows += sum(open_rows) + sum(known)
        lost += loss + (sum(one.known.losses) if one.known else 0.0)
        mistaken += mistake + (sum(one.known.mistakes) if one.known else 0.0)
    if not rows:
        return None
    return Quality(
        partitions=len(partitions),
        rows=rows,
        unit=target.unit,
        known_up_to=max(one.said.partition for one in partitions),
        **_numbers(target, lost / rows, mistaken / rows),
    )


def _numbers(target: Target, loss: float, mistake: float) -> dict[str, float]:
    """Write the mean loss and mistake as people read them for the kind of target."""
    if target.task != "regression":
        return {"brier": loss, "accuracy": 1 - mistake}
    low, high = target.between or (0.0, 1.0)
    if target.quantile is not None:
        return {"mean_pinball_loss": loss * (high - low)}
    return {
        "mean_absolute_error": mistake * (high - low),
        "root_mean_squared_error": sqrt(loss) * (high - low),
    }
