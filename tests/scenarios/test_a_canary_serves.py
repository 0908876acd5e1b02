"""A canary serves its share of the entities, the same ones each day; nobody is served twice."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.domain.errors import Unavailable
from core.domain.ids import VersionId
from core.domain.scored import Scored
from core.ports import changed
from functions.data.label_store import booked_labels
from functions.data.logged_predictions import LoggedPredictions, served_to_people
from functions.data.prediction_log import log_key
from functions.flows.join_labels import join_labels
from functions.flows.score import score
from functions.ml.scoring.canary import in_canary
from tests.builders import a_config
from tests.logs import served_of
from tests.trained import trained_by
from tests.watched_model import ROWS, WatchedModel, some_flights, training

DAY, NEXT = "2013-01-13", "2013-01-14"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    trained(watched)
    return watched


def trained(watched: WatchedModel, **changes: object) -> VersionId:
    loop = changes.pop("has_feedback_loop", False)
    stages = {"has_feedback_loop": loop, "canary_shares": [0.4]}
    return trained_by(a_config(training=training(**changes), stages=stages), watched)


def canary(watched: WatchedModel, share: float = 0.4, *, loop: bool = False) -> VersionId:
    """Let a new version serve a share."""
    version = trained(watched, estimator="DecisionTreeClassifier", has_feedback_loop=loop)
    serving = watched.serving()
    moved = serving.model_copy(
        update={"challenger": None, "canary": version, "canary_share": share}
    )
    assert watched.ports.records.commit(changed(moved))
    return version


def scored(watched: WatchedModel, day: str = DAY) -> Scored:
    found = score("flights", day, watched.ports).scored
    assert found is not None
    return found


def keys_of(watched: WatchedModel, found: Scored) -> set[str]:
    assert found.canary is not None
    return set(LoggedPredictions.read(found.canary, watched.ports.objects).keys)


def test_each_entity_is_served_once_by_the_canary_or_by_the_champion(
    watched: WatchedModel,
) -> None:
    version = canary(watched)
    watched.lands(DAY)

    found = scored(watched)

    assert [(log.version, log.stage) for log in found.logs] == [
        (watched.serving().champion, "champion"),
        (version, "canary"),
    ]
    share = keys_of(watched, found)
    assert 0 < len(share) < ROWS
    champions = LoggedPredictions.read(found.served, watched.ports.objects)
    assert len(champions.keys) == ROWS
    not_served = np.isnan(served_of(found.served, watched.ports.objects))
    assert set(champions.keys[not_served]) == share
    people = served_to_people(found, watched.ports.objects)
    assert sorted(people.index) == sorted(some_flights(DAY)["flight_id"])


def test_an_entity_stays_with_the_canary_from_one_partition_to_the_next(
    watched: WatchedModel,
) -> None:
    canary(watched)
    watched.lands(DAY)
    watched.lands(NEXT, some_flights(NEXT).assign(flight_id=some_flights(DAY)["flight_id"]))

    assert keys_of(watched, scored(watched, DAY)) == keys_of(watched, scored(watched, NEXT))


def test_where_serving_changes_what_happens_each_predicts_its_own_rows_only(
    watched: WatchedModel,
) -> None:
    canary(watched, loop=True)
    watched.lands(DAY)

    found = scored(watched)

    champions = LoggedPredictions.read(found.served, watched.ports.objects)
    assert not set(champions.keys) & keys_of(watched, found)
    assert len(served_to_people(found, watched.ports.objects)) == ROWS


def test_after_a_promotion_in_a_loop_the_guard_serves_others_than_it_did_as_a_canary(
    watched: WatchedModel,
) -> None:
    first = watched.serving().champion
    version = canary(watched, loop=True)
    watched.lands(DAY)
    as_canary = keys_of(watched, scored(watched))
    once = watched.serving().stepping_up(version, ())
    now = once.promoting(version, seen_champion=first, held_back=0.4)
    assert watched.ports.records.commit(changed(now))
    watched.lands(NEXT, some_flights(NEXT).assign(flight_id=some_flights(DAY)["flight_id"]))

    found = scored(watched, NEXT)

    assert [(log.version, log.stage) for log in found.logs] == [
        (version, "champion"),
        (first, "canary"),
    ]
    guards = keys_of(watched, found)
    keys = pd.Index(some_flights(DAY)["flight_id"], dtype="str")
    assert guards == set(keys[in_canary(keys, f"guard {first}", 0.4)])
    assert guards not in (as_canary, set(keys) - as_canary)
    assert len(served_to_people(found, watched.ports.objects)) == ROWS


def test_labels_are_booked_to_both(watched: WatchedModel) -> None:
    version = canary(watched)
    watched.lands(DAY)
    found = scored(watched)
    watched.labels_land(DAY)

    cohort = join_labels("flights", DAY, watched.ports).cohort

    assert cohort is not None
    booked = {outcome.version: outcome.labelled for outcome in cohort.outcomes}
    assert booked == {watched.serving().champion: ROWS, version: len(keys_of(watched, found))}


@pytest.mark.parametrize("loop", [False, True])
def test_what_people_got_counts_the_canarys_rows_as_the_canary_served_them(
    watched: WatchedModel, *, loop: bool
) -> None:
    canary(watched, loop=loop)
    watched.lands(DAY)
    found = scored(watched)
    got = served_to_people(found, watched.ports.objects)
    watched.labels_land(DAY)

    cohort = join_labels("flights", DAY, watched.ports).cohort

    assert cohort is not None
    labels = booked_labels(cohort.labels_key, (), watched.ports.objects).of(got.index)
    brier = float(((got.to_numpy() - labels) ** 2).mean())
    assert (cohort.served.predicted, cohort.served.labelled) == (ROWS, ROWS)
    assert cohort.served.loss == pytest.approx(brier)
    assert cohort.outcomes[0].loss != pytest.approx(brier)
    assert cohort.labelled_share == 1


def test_where_one_version_serves_all_it_is_what_people_got(watched: WatchedModel) -> None:
    watched.lands(DAY)
    scored(watched)
    watched.labels_land(DAY)

    cohort = join_labels("flights", DAY, watched.ports).cohort

    assert cohort is not None
    assert cohort.as_served is None
    assert cohort.served == cohort.outcomes[0]


@pytest.mark.parametrize("loop", [False, True])
def test_a_canary_that_cannot_serve_leaves_its_share_to_the_champion(
    watched: WatchedModel, *, loop: bool
) -> None:
    version = canary(watched, loop=loop)
    watched.ports.objects.put(watched.version(version).artefact.key, b"other bytes")
    watched.lands(DAY)

    found = scored(watched)

    assert [log.stage for log in found.logs] == ["champion"]
    assert len(served_to_people(found, watched.ports.objects)) == ROWS
    [alert] = watched.alerts()
    assert alert.rule == "canary"


def test_rows_that_land_late_go_to_whom_they_belong(watched: WatchedModel) -> None:
    version = canary(watched)
    watched.lands(DAY)
    scored(watched)
    late = some_flights("2013-02-13", rows=30)
    watched.lands(DAY, late, part="part-1")

    found = scored(watched)

    keys = pd.Index(late["flight_id"], dtype="str")
    expected = set(keys[in_canary(keys, version, 0.4)])
    assert keys_of(watched, found) & set(keys) == expected
    people = served_to_people(found, watched.ports.objects)
    assert len(people) == people.index.nunique() == ROWS + 30


def test_a_run_that_stopped_after_the_canarys_log_serves_nobody_twice(
    watched: WatchedModel,
) -> None:
    version = canary(watched)
    watched.lands(DAY)
    with pytest.raises(Unavailable):
        score("flights", DAY, watched.while_none_is_stored(Scored))
    (watched.folder / "objects" / log_key("flights", DAY, watched.champion(), "champion")).unlink()
    ended = watched.serving().model_copy(update={"canary": None, "canary_share": 0.0})
    assert watched.ports.records.commit(changed(ended))

    found = scored(watched)

    assert found.canary is not None
    assert found.canary.version == version
    people = served_to_people(found, watched.ports.objects)
    assert len(people) == people.index.nunique() == ROWS
