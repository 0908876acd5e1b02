"""How predictions turned out stands where a person decides."""

from pathlib import Path

import numpy as np
import pytest

from bot.modals.screens import home_view, status_screen
from core.adapters.slack.cards import card_of
from core.domain.challenge import Challenge
from core.domain.cohort import Cohort
from core.domain.ids import VersionId
from core.domain.outbox import OutboxEntry
from core.flows.overview import overview
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.join_labels import join_labels
from functions.flows.retrain import retrain
from tests.builders import CHANNEL, a_config
from tests.watched_model import ROWS, WatchedModel, some_labels, training

FIRST, SECOND, THIRD = "2013-01-13", "2013-01-14", "2013-01-15"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion, and a challenger in shadow since the second day."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    watched.it_is(FIRST)
    watched.lands_and_is_scored(FIRST)
    watched.apply(a_config(training=training(seed=1)))
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    assert watched.serving().challenger
    watched.it_is(SECOND)
    watched.lands_and_is_scored(SECOND)
    return watched


def labels_are_there(watched: WatchedModel, day: str, on: str) -> None:
    watched.it_is(on)
    watched.labels_land(day)
    join_labels("flights", day, watched.ports)


def card(watched: WatchedModel, version: VersionId | None) -> str:
    challenge = watched.ports.records.get(
        Challenge, Challenge.id_of("flights", version or VersionId(""))
    )
    assert challenge is not None
    return str(card_of(challenge).blocks)


def outcomes(watched: WatchedModel, day: str) -> list[str]:
    cohort = watched.ports.records.get(Cohort, Cohort.id_of("flights", day))
    assert cohort is not None
    return [f"{outcome.brier:.4f}" for outcome in cohort.outcomes]


def test_until_labels_are_mature_the_card_and_the_status_say_that_nothing_is_known(
    watched: WatchedModel,
) -> None:
    half = dict(list(some_labels(SECOND).items())[: ROWS // 2])
    watched.labels_land(SECOND, half)
    join_labels("flights", SECOND, watched.ports)

    assert "Realised: not known yet" in card(watched, watched.serving().challenger)
    assert "Realised: not known yet" in str(status_screen(overview(watched.ports)))


def test_a_challengers_card_compares_it_with_the_champion_on_the_days_both_predicted(
    watched: WatchedModel,
) -> None:
    labels_are_there(watched, FIRST, on=SECOND)
    labels_are_there(watched, SECOND, on=THIRD)

    champion, challenger = outcomes(watched, SECOND)
    shown = card(watched, watched.serving().challenger)
    assert f"Brier score {challenger} (champion {champion})" in shown
    assert f"{ROWS} labelled rows of 1 partition, known up to {SECOND}" in shown


def test_the_champions_card_the_status_and_the_home_count_all_that_was_served(
    watched: WatchedModel,
) -> None:
    labels_are_there(watched, FIRST, on=SECOND)
    labels_are_there(watched, SECOND, on=THIRD)

    known = f"{2 * ROWS} labelled rows of 2 partitions, known up to {SECOND}"
    assert known in card(watched, watched.serving().champion)
    assert known in str(status_screen(overview(watched.ports)))
    assert known in str(home_view(overview(watched.ports)))


def test_the_cards_are_drawn_again_when_labels_come_and_not_when_nothing_changed(
    watched: WatchedModel,
) -> None:
    labels_are_there(watched, SECOND, on=THIRD)
    waiting = watched.ports.records.query(OutboxEntry, f"outbox:{CHANNEL}")

    join_labels("flights", SECOND, watched.ports)

    assert watched.ports.records.query(OutboxEntry, f"outbox:{CHANNEL}") == waiting
    redrawn = [entry.subject for entry in waiting if not entry.is_first and entry.under is None]
    serving = watched.serving()
    assert {Challenge.id_of("flights", v) for v in (serving.champion, serving.challenger) if v} == {
        subject for subject in redrawn if subject.startswith("chl")
    }


def test_the_kpi_of_a_cohort_is_booked_with_its_labels(watched: WatchedModel) -> None:
    kpi = {"name": "saved", "expression": "2 * true_positives - false_positives"}
    watched.apply(a_config(training=training(seed=1), evaluation={"kpi": kpi}))
    labels_are_there(watched, SECOND, on=THIRD)

    cohort = watched.ports.records.get(Cohort, Cohort.id_of("flights", SECOND))
    assert cohort is not None
    for outcome in cohort.outcomes:
        log = LoggedPredictions.of(watched.ports.objects.get(outcome.key))
        truths = np.array([some_labels(SECOND)[key] for key in log.keys])
        ones = truths[log.scores > 0.5]
        assert outcome.kpi == 2 * np.sum(ones == 1) - np.sum(ones == 0)
        assert outcome.kpi_expression == kpi["expression"]


def test_a_kpi_that_divides_by_zero_has_no_value_and_the_labels_are_booked(
    watched: WatchedModel,
) -> None:
    kpi = {"name": "odd", "expression": "rows / (rows - rows)"}
    watched.apply(a_config(training=training(seed=1), evaluation={"kpi": kpi}))
    labels_are_there(watched, SECOND, on=THIRD)

    cohort = watched.ports.records.get(Cohort, Cohort.id_of("flights", SECOND))
    assert cohort is not None
    assert (cohort.served.kpi, cohort.served.labelled) == (None, ROWS)


def test_a_correction_of_a_label_corrects_what_is_shown(watched: WatchedModel) -> None:
    labels_are_there(watched, FIRST, on=SECOND)
    before = card(watched, watched.serving().champion)

    flipped = {row: 1 - label for row, label in some_labels(FIRST).items()}
    watched.labels_land(FIRST, flipped, part="part-1")
    join_labels("flights", FIRST, watched.ports)

    assert card(watched, watched.serving().champion) != before
    assert outcomes(watched, FIRST)[0] in card(watched, watched.serving().champion)
