"""What cannot be learned from, or by, is told to its owner in words and numbers."""

import pytest

from core.domain.alert import Alert
from core.domain.errors import Unknown
from core.domain.serving import Serving
from core.domain.watch import Watch
from functions.flows.retrain import retrain
from tests.builders import ADA, a_config, served_elsewhere
from tests.trained import evaluations, retrained, versions
from tests.watched_model import WatchedModel, some_labels, training


def test_too_few_labels_train_nothing_and_tell_the_owner_the_numbers_once(
    watched: WatchedModel,
) -> None:
    watched.apply(a_config(training=training(minimum_rows=1000)))
    watched.lived_through(12)

    done = retrained(watched)
    retrained(watched)

    assert (done.decision, done.version) == ("too few rows", None)
    assert versions(watched) == []
    [alert] = watched.alerts()
    assert alert.evidence.summary == (
        "Not retrained: 400 rows in 10 partitions have mature labels, 1,000 are needed."
    )
    assert "flights/labels" in alert.evidence.next_step
    assert alert.channel == watched.config.channel


def test_days_that_are_all_kept_back_leave_nothing_to_learn_from(watched: WatchedModel) -> None:
    watched.apply(a_config(training=training(minimum_rows=10)))
    watched.lived_through(3)

    done = retrained(watched)

    assert done.decision == "too few rows"
    [alert] = watched.alerts()
    assert "3 of them are kept back, so none is left to learn from" in alert.evidence.summary


def test_rows_that_all_have_the_same_label_teach_nothing(watched: WatchedModel) -> None:
    watched.lived_through(12)
    for day in range(1, 13):
        name = f"2013-01-{day:02}"
        watched.labels_land(name, dict.fromkeys(some_labels(name), 0))

    done = retrained(watched)

    assert done.decision == "too few rows"
    [alert] = watched.alerts()
    assert "all rows to learn from have the same label" in alert.evidence.summary


def test_a_config_that_asks_for_what_is_not_offered_is_told_to_its_owner(
    watched: WatchedModel,
) -> None:
    watched.apply(a_config(training=training(parameters={"max_itr": 5})))
    watched.lived_through(12)

    done = retrained(watched)

    assert done.decision == "config refused"
    [alert] = watched.alerts()
    assert "training.parameters.max_itr" in alert.evidence.summary
    assert "watchkeeper validate" in alert.evidence.next_step


def test_a_day_that_cannot_be_read_is_told_to_the_owner(watched: WatchedModel) -> None:
    watched.lived_through(12)
    watched.puts("flights/features", "2013-01-05", b"not parquet")

    done = retrained(watched)

    assert done.decision == "bad data"
    [alert] = watched.alerts()
    assert "flights/features/dt=2013-01-05/part-0.parquet" in alert.evidence.summary


def test_a_champion_whose_artefact_was_changed_is_not_compared_and_the_owner_is_told(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    first = retrained(watched)
    watched.ports.objects.put(watched.version(first.version).artefact.key, b"other bytes")
    watched.lived_through(13)

    second = retrained(watched)

    assert second.decision == "trained"
    [evaluation] = evaluations(watched, second.version)
    assert evaluation.champion is None
    assert watched.serving().challenger == second.version
    [alert] = watched.alerts()
    assert "were changed after it was stored" in alert.evidence.summary


def test_a_model_that_nobody_applied_is_unknown(watched: WatchedModel) -> None:
    with pytest.raises(Unknown, match="no model named `trains`"):
        retrain("trains", ADA.id, "curious", watched.ports)


def test_of_a_model_that_is_served_elsewhere_only_the_reference_is_learned(
    watched: WatchedModel,
) -> None:
    watched.lived_through(4)
    watched.apply(served_elsewhere())

    assert retrained(watched).decision == "reference learned"

    watch = watched.ports.records.get(Watch, "flights")
    assert watch is not None
    assert watch.reference_key is not None
    assert watched.ports.records.get(Serving, "flights") is None


def test_a_training_without_labelled_rows_to_judge_by_is_refused_and_told(
    watched: WatchedModel,
) -> None:
    watched.lived_through(10)
    for day in ("2013-01-08", "2013-01-09", "2013-01-10"):
        watched.labels_land(day, dict.fromkeys(some_labels(day)))

    assert retrained(watched).decision == "too few rows"

    [alert] = watched.ports.records.query(Alert, "alerts:open")
    assert "no labelled rows to judge it by" in alert.evidence.summary
