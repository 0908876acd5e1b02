"""A canary answers its share: which rows chance gave to an arm, and what the other would say."""

from datetime import timedelta

from core.domain.evidence import Evidence
from core.domain.ids import VersionId
from core.ports import changed
from functions.flows.predict_in_shadow import predict_in_shadow
from functions.flows.scoring.requested_rows import not_between_arms
from tests.scenarios.test_requests_are_booked.asking import (
    DAY,
    NEXT,
    asked,
    labelled,
    outcomes,
    rows_of,
    shadow_is_started,
    trained,
)
from tests.watched_model import ROWS, WatchedModel


def canary(watched: WatchedModel, *, loop: bool = False) -> VersionId:
    version = trained(watched, estimator="DecisionTreeClassifier", has_feedback_loop=loop)
    moved = {"challenger": None, "canary": version, "canary_share": 0.4}
    assert watched.ports.records.commit(changed(watched.serving().model_copy(update=moved)))
    watched.now += timedelta(minutes=1)
    return version


def test_the_champion_says_afterwards_what_it_would_have_said_of_a_canarys_rows(
    watched: WatchedModel,
) -> None:
    champion, version = watched.serving().champion, canary(watched)
    asked(watched)
    labelled(watched)
    assert shadow_is_started(watched)

    predict_in_shadow("flights", DAY, watched.ports)

    found = outcomes(watched)
    assert 0 < found[version, "canary"].labelled < ROWS
    assert found[champion or "", "champion"].labelled == ROWS
    evidence = watched.ports.records.get(
        Evidence, Evidence.id_of("flights", version, VersionId(champion or ""), "canary")
    )
    assert evidence is not None
    assert evidence.pairs == found[version, "canary"].labelled


def test_in_a_feedback_loop_it_says_nothing_of_them(watched: WatchedModel) -> None:
    champion, version = watched.serving().champion, canary(watched, loop=True)
    asked(watched)
    labelled(watched)
    assert not shadow_is_started(watched)

    predict_in_shadow("flights", DAY, watched.ports)

    found = outcomes(watched)
    both = found[version, "canary"].labelled + found[champion or "", "champion"].labelled
    assert both == ROWS


def test_rows_that_no_chance_gave_to_an_arm_are_in_none(watched: WatchedModel) -> None:
    asked(watched, rows_of(flights=range(10)))
    version = canary(watched, loop=True)
    asked(watched, rows_of(flights=range(40)), name="split")
    labelled(watched)

    apart = not_between_arms("flights", DAY, version, watched.ports)

    assert sorted(apart) == [f"{DAY}-{n:03}" for n in range(10)]


def test_who_was_asked_about_on_a_day_before_is_in_no_arm(watched: WatchedModel) -> None:
    version = canary(watched, loop=True)
    again = [row | {"flight_id": f"same-{n}"} for n, row in enumerate(rows_of())]
    asked(watched, again)
    labelled(watched)

    assert set(not_between_arms("flights", NEXT, version, watched.ports)) == {
        row["flight_id"] for row in again
    }
