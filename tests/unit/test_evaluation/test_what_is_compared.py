"""Which evaluations mean the same, and which are new evidence."""

import json

import pytest

from core.adapters.document import Stored, read_document
from core.domain.evaluation import Estimate, Evaluation
from core.domain.figures import is_same_yardstick
from core.domain.ids import VersionId
from tests.unit.manifests import used
from tests.unit.test_evaluation.evaluated import CHAMPION, VERSION, an_evaluation


@pytest.mark.parametrize(
    "other",
    [
        (CHAMPION, "e", "s", CHAMPION),
        (VERSION, "f", "s", CHAMPION),
        (VERSION, "e", "t", CHAMPION),
        (VERSION, "e", "s", None),
    ],
)
def test_another_evaluator_other_rows_or_another_champion_are_new_evidence(
    other: tuple[VersionId, str, str, VersionId | None],
) -> None:
    assert Evaluation.id_of(*other) != an_evaluation().id


def test_only_evaluations_of_one_evaluator_on_one_set_mean_the_same() -> None:
    one = an_evaluation()

    assert is_same_yardstick(one, an_evaluation(version=CHAMPION))
    assert not is_same_yardstick(one, an_evaluation(evaluator_hash="f"))
    assert not is_same_yardstick(one, an_evaluation(validation_set="t"))


@pytest.mark.parametrize("is_compared", [True, False])
def test_an_evaluation_of_schema_1_can_still_be_read(
    is_compared: bool,  # noqa: FBT001 - whether it had a champion
) -> None:
    metrics = {
        "rows": 900,
        "base_rate": 0.2,
        "brier": 0.14,
        "log_loss": 0.4,
        "accuracy": 0.8,
        "roc_auc": None,
    }
    stored = {
        "id": "evl_1",
        "revision": 1,
        "model": "flights",
        "version": "ver_a",
        "evaluator_hash": "e",
        "validation": [used().model_dump()],
        "made_at": "2013-02-08T12:00:00Z",
        "metrics": metrics,
        "champion": "ver_b" if is_compared else None,
        "champion_metrics": metrics if is_compared else None,
        "brier_gain": {"low": -0.1, "middle": 0, "high": 0.1} if is_compared else None,
    }

    read = read_document(Evaluation, Stored("evl", 0, 1, json.dumps(stored)))

    assert [metric.name for metric in read.metrics] == ["brier", "log_loss", "accuracy"]
    assert (read.rows, read.metrics[0].version) == (900, Estimate(middle=0.14))
    assert (read.gain == Estimate(low=-0.1, middle=0, high=0.1)) is is_compared
    assert (read.champion == CHAMPION) is is_compared
