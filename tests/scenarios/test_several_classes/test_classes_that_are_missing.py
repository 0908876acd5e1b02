"""Classes that were not learned, that no row has, or that nobody named."""

from pathlib import Path

from core.domain.scored import Scored
from functions.data.logged_predictions import LoggedPredictions
from tests.real_tables import CULTIVARS, labelled, scored, trained
from tests.scenarios.test_several_classes.wines import DAY, LEARNED, NEXT, WINE, probabilities
from tests.watched_model import WatchedModel, parquet_of, training


def test_a_class_that_was_not_learned_gets_probability_0_and_the_owner_is_told(
    tmp_path: Path,
) -> None:
    watched = WINE.watched(
        tmp_path, target=WINE.config.target.model_dump() | {"classes": ("blend", *CULTIVARS)}
    )
    WINE.lands(watched, LEARNED)

    done = trained(watched)

    assert (done["decision"], done["without"]) == ("trained", ["blend"])
    [alert] = watched.alerts()
    assert "learned from 96 rows; none of them is of the class `blend`" in alert.evidence.summary
    result = scored(watched, DAY, WINE.features(DAY))
    log = LoggedPredictions.of(watched.ports.objects.get(result["scored"]["logs"][0]["key"]))
    assert probabilities(log, watched).shape == (WINE.rows_a_day, 4)
    assert probabilities(log, watched)[:, 0].tolist() == [0.0] * WINE.rows_a_day
    labelled(watched, DAY, WINE.truths(DAY))
    assert (watched.cohort(DAY).served.accuracy or 0) > 0.9


def test_a_class_that_was_not_learned_is_not_named_where_the_target_is_sensitive(
    tmp_path: Path,
) -> None:
    target = WINE.config.target.model_dump() | {"classes": ("a secret", *CULTIVARS)}
    watched = WINE.watched(tmp_path, target=target, sensitive=("truth",))
    WINE.lands(watched, LEARNED)

    trained(watched)

    [alert] = watched.alerts()
    assert "none of them is of 1 of its classes, which has" in alert.evidence.summary


def test_two_of_three_classes_are_not_mistaken_for_a_binary_target(tmp_path: Path) -> None:
    stated = training(window_days=8, validation_days=2, minimum_rows=50)
    watched = WINE.watched(tmp_path, training=stated)
    for day in LEARNED:
        truths = WINE.truths(day)
        watched.puts("features", day, parquet_of(WINE.features(day)))
        watched.puts("labels", day, parquet_of(truths[truths["truth"] != "class_1"]))
    watched.it_is(NEXT)
    assert trained(watched)["without"] == ["class_1"]

    result = scored(watched, DAY, WINE.features(DAY))

    log = LoggedPredictions.of(watched.ports.objects.get(result["scored"]["logs"][0]["key"]))
    assert probabilities(log, watched).shape == (WINE.rows_a_day, 3)
    assert not probabilities(log, watched)[:, 1].any()


def test_one_class_alone_is_nothing_to_learn_from(tmp_path: Path) -> None:
    watched = WINE.watched(tmp_path)
    for day in LEARNED:
        truths = WINE.truths(day).assign(truth="class_2")
        watched.puts("features", day, parquet_of(WINE.features(day)))
        watched.puts("labels", day, parquet_of(truths))
    watched.it_is(DAY)

    done = trained(watched)

    assert done["decision"] == "too few rows"
    [alert] = watched.alerts()
    assert "128 rows in 8 partitions have mature labels" in alert.evidence.summary
    assert "all rows to learn from have the same label" in alert.evidence.summary


def test_labels_that_are_all_missing_are_nothing_to_learn_from(tmp_path: Path) -> None:
    watched = WINE.watched(tmp_path)
    for day in LEARNED:
        watched.puts("features", day, parquet_of(WINE.features(day)))
        watched.puts("labels", day, parquet_of(WINE.truths(day).assign(truth=None)))
    watched.it_is(NEXT)

    done = trained(watched)

    assert (done["decision"], done["rows"]) == ("too few rows", 0)


def test_a_label_of_a_class_that_the_config_does_not_name_is_told_and_books_nothing(
    watched: WatchedModel,
) -> None:
    scored(watched, DAY, WINE.features(DAY))

    result = labelled(watched, DAY, WINE.truths(DAY).replace("class_1", "blend"))

    assert result["decision"] == "bad data"
    [alert] = watched.alerts()
    assert alert.evidence.summary == (
        f"The labels of {DAY} need a column `truth` that holds one of its 3 classes or nothing, "
        "but it holds `blend`."
    )


def test_the_same_class_for_every_wine_is_a_hard_error(watched: WatchedModel) -> None:
    same = WINE.features(DAY)
    same.loc[:, list(WINE.config.columns)] = same[list(WINE.config.columns)].iloc[0].to_numpy()

    scored(watched, DAY, same)

    assert watched.ports.records.get(Scored, Scored.id_of("wine", DAY)) is not None
    [alert] = [alert for alert in watched.alerts() if alert.partition == DAY]
    assert "`prediction`: `class_" in alert.evidence.summary
    assert alert.evidence.summary.endswith("in every row")
