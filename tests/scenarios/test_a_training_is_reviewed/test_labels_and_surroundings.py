"""Labels that are wrong or of other shares, and a training that nobody could repeat."""

import numpy as np
import pandas as pd
import pytest

from core.adapters.slack.cards import card_of
from core.domain.challenge import Challenge
from core.domain.environment import OF_SCORING, Environment
from core.domain.partition import days_before
from core.domain.review import Probe
from core.ports import changed, new
from functions.data.provenance import environment
from functions.flows.retrain import retrain
from functions.flows.training.review_training import review_training
from tests.builders import ADA
from tests.scenarios.test_a_training_is_reviewed.reviewing import (
    DAYS,
    a_day,
    config_for,
    only,
    reviewed,
    some_days,
    trained,
    training_set,
)
from tests.watched_model import FIRST_DAY, WatchedModel, object_created


@pytest.mark.parametrize("flipped", [range(12, 20), range(12)])
def test_a_fifth_of_flipped_labels_is_found(watched: WatchedModel, flipped: range) -> None:
    rng = np.random.default_rng(5)
    days = some_days(rows=400)
    for number in flipped:
        frame, late = days[number]
        days[number] = (frame, late.where(rng.random(400) >= 0.2, 1 - late))

    found = [finding for finding in reviewed(days, watched) if finding.name is Probe.FLIPS]

    [finding] = found
    assert not finding.is_blocking
    assert "% of the labels of 2013-01-" in finding.sentence


def test_other_shares_than_where_it_is_judged_are_told(watched: WatchedModel) -> None:
    days = some_days()
    for number in range(14, 20):
        frame, late = days[number]
        is_kept = (late == 1) | (frame.index % 4 == 0)
        days[number] = (frame[is_kept].reset_index(drop=True), late[is_kept].reset_index(drop=True))

    found = only(reviewed(days, watched), Probe.PRIOR)

    assert not found.is_blocking
    assert found.sentence.startswith("The share of 1 is")


def test_a_training_that_cannot_be_made_again_is_told(watched: WatchedModel) -> None:
    rows = training_set(some_days())
    config = config_for(a_day(0)[0])
    by_chance = trained(config, training_set(list(reversed(some_days()))))

    found = only(review_training(config, rows, by_chance, watched.ports), Probe.SEED)

    assert found.sentence.startswith("Trained twice on the same rows with the same seed")


def test_another_environment_than_that_of_scoring_is_told(watched: WatchedModel) -> None:
    libraries = environment() | {"numpy": "1.26.4"}
    said = Environment(id=OF_SCORING, libraries=libraries, since=watched.now)
    watched.ports.records.commit(new(said))

    found = only(reviewed(some_days(), watched), Probe.ENVIRONMENT)

    assert "numpy" in found.sentence
    assert "(serving: 1.26.4)" in found.sentence


def test_scoring_says_in_which_environment_it_runs(watched: WatchedModel) -> None:
    watched.lived_through(12)
    retrain("flights", ADA.id, "cadence", watched.ports)
    key = watched.lands("2013-01-13")

    watched.call("score", object_created(key))

    said = watched.ports.records.get(Environment, OF_SCORING)
    assert said is not None
    assert said.libraries == environment()


def test_before_scoring_ever_ran_the_environment_of_the_champion_counts(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    done = retrain("flights", ADA.id, "cadence", watched.ports)
    champion = watched.version(done.version)
    older = champion.manifest.model_copy(update={"environment": {"python": "3.9.1"}})
    watched.ports.records.commit(changed(champion.model_copy(update={"manifest": older})))

    found = only(reviewed(some_days(), watched), Probe.ENVIRONMENT)

    assert "(serving: 3.9.1)" in found.sentence


def test_what_was_found_is_kept_with_the_version_and_stands_on_its_card(
    watched: WatchedModel,
) -> None:
    watched.apply(config_for(a_day(0)[0].assign(refund="none")))
    for number in range(DAYS):
        frame, late = a_day(number)
        day = days_before(FIRST_DAY, -number)
        watched.lands(day, frame.assign(refund=late.map({0: "none", 1: "paid"})))
        watched.labels_land(day, dict(zip(frame["flight_id"], late.tolist(), strict=True)))
    watched.it_is(days_before(FIRST_DAY, -DAYS - 1))

    done = retrain("flights", ADA.id, "cadence", watched.ports)

    version = watched.version(done.version)
    only(version.findings, Probe.LEAK)
    challenge = watched.ports.records.get(Challenge, Challenge.id_of("flights", version.id))
    assert challenge is not None
    assert challenge.findings == version.findings
    assert "`refund` says the target" in str(card_of(challenge).blocks)


def test_classes_that_were_mixed_up_on_the_newest_days_are_found(watched: WatchedModel) -> None:
    rng = np.random.default_rng(5)
    days = []
    for number in range(DAYS):
        frame, _ = a_day(number, rows=400)
        told = frame[["wind", "rain"]].sum(axis=1)
        kind = pd.Series(np.digitize(told, [-1, 1]))
        mixed = (kind + rng.integers(1, 3, 400)) % 3
        is_mixed = (rng.random(400) < 0.25) & (number >= 12)
        days.append((frame, kind.where(~is_mixed, mixed)))
    classes = {"column": "kind", "delay_days": 1, "task": "multiclass", "classes": ["a", "b", "c"]}
    config, rows = config_for(days[0][0], target=classes), training_set(days)

    found = review_training(config, rows, trained(config, rows), watched.ports)

    assert Probe.FLIPS in {finding.name for finding in found}
