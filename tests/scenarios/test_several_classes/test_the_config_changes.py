"""The order of classes, or the kind of target, changes under predictions that were made before."""

from typing import Any

import pytest

from core.domain.evaluation import Evaluation
from tests.real_tables import CULTIVARS, labelled, scored, trained
from tests.scenarios.test_several_classes.wines import DAY, LEARNED, NEXT, WINE
from tests.watched_model import WatchedModel, parquet_of


def test_predictions_are_booked_by_name_when_the_order_of_classes_has_changed(
    watched: WatchedModel,
) -> None:
    scored(watched, DAY, WINE.features(DAY))
    labelled(watched, DAY, WINE.truths(DAY))
    before = watched.cohort(DAY)
    target = WINE.config.target.model_copy(update={"classes": CULTIVARS[::-1]})

    watched.apply(WINE.config.model_copy(update={"target": target}))
    result = labelled(watched, DAY, WINE.truths(DAY))

    assert result["decision"] == "unchanged"
    scored(watched, NEXT, WINE.features(NEXT))
    labelled(watched, NEXT, WINE.truths(NEXT))
    assert watched.cohort(DAY) == before
    assert (watched.cohort(NEXT).served.accuracy or 0) > 0.9


def test_a_champion_is_compared_class_by_class_when_the_order_of_classes_has_changed(
    watched: WatchedModel,
) -> None:
    first = watched.serving().champion
    target = WINE.config.target.model_copy(update={"classes": CULTIVARS[::-1]})
    watched.apply(WINE.config.model_copy(update={"target": target}))

    second = trained(watched)["version"]

    [before] = watched.ports.records.query(Evaluation, f"evaluations:{first}")
    [after] = watched.ports.records.query(Evaluation, f"evaluations:{second}")
    assert after.champion == first
    assert after.metrics[0].champion is not None
    assert after.metrics[0].champion.middle == pytest.approx(before.metrics[0].version.middle)


def test_a_champion_of_another_kind_of_target_is_not_compared(watched: WatchedModel) -> None:
    target: dict[str, Any] = {"column": "truth", "delay_days": 1}
    watched.apply(WINE.config.model_validate(WINE.config.model_dump() | {"target": target}))
    for day in LEARNED:
        truths = WINE.truths(day)
        is_first = (truths["truth"] == "class_0").astype("int8")
        watched.puts("labels", day, parquet_of(truths.assign(truth=is_first)))

    second = trained(watched)["version"]

    [evaluation] = watched.ports.records.query(Evaluation, f"evaluations:{second}")
    assert evaluation.champion is None
    assert "roc_auc" in [metric.name for metric in evaluation.metrics]


def test_a_corrected_label_is_one_correction_whatever_the_order_of_classes_is_by_now(
    watched: WatchedModel,
) -> None:
    scored(watched, DAY, WINE.features(DAY))
    labelled(watched, DAY, WINE.truths(DAY))
    target = WINE.config.target.model_copy(update={"classes": CULTIVARS[::-1]})
    watched.apply(WINE.config.model_copy(update={"target": target}))
    truths = WINE.truths(DAY)
    other = "class_0" if truths["truth"].iloc[0] != "class_0" else "class_1"
    truths.iloc[0, 1] = other

    labelled(watched, DAY, truths)

    assert watched.cohort(DAY).corrections == 1


def test_what_was_predicted_for_another_kind_of_target_is_not_held_against_its_labels(
    watched: WatchedModel,
) -> None:
    scored(watched, DAY, WINE.features(DAY))
    target: dict[str, Any] = {"column": "truth", "delay_days": 1}
    watched.apply(WINE.config.model_validate(WINE.config.model_dump() | {"target": target}))

    result = labelled(watched, DAY, WINE.truths(DAY).assign(truth=1))

    assert result["decision"] == "booked"
    assert watched.cohort(DAY).served.loss is None
    assert watched.cohort(DAY).served.labelled == 0
