"""Evaluations with gains that a test knows."""

from typing import Any

from core.domain.evaluation import Estimate, Evaluation, Metric, Part
from core.domain.ids import VersionId
from tests.builders import NOON
from tests.unit.manifests import used

VERSION, CHAMPION = VersionId("ver_a"), VersionId("ver_b")


def an_evaluation(**changes: Any) -> Evaluation:
    stated = {
        "id": Evaluation.id_of(VERSION, "e", "s", CHAMPION),
        "model": "flights",
        "version": VERSION,
        "evaluator_hash": "e",
        "validation": (used(),),
        "validation_set": "s",
        "made_at": NOON,
        "rows": 900,
        "champion": CHAMPION,
        "metrics": (a_metric(0.01),),
    }
    return Evaluation.model_validate(stated | changes)


def a_metric(gain: float) -> Metric:
    return Metric(
        name="brier",
        version=Estimate(middle=0.14, low=0.13, high=0.15),
        champion=Estimate(middle=0.14 + gain),
        gain=an_interval(gain),
    )


def an_interval(middle: float, half: float = 0.005) -> Estimate:
    return Estimate(middle=middle, low=middle - half, high=middle + half)


def a_part(name: str, gain: float | None, **changes: Any) -> Part:
    metrics = () if gain is None else (a_metric(gain),)
    stated = {"kind": "slice", "name": name, "rows": 120, "metrics": metrics}
    return Part.model_validate(stated | changes)
