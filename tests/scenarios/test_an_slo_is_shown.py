"""How an SLO stands: where people read it, and what changes it."""

import pytest

from core.adapters.slack.actions import PROMOTE
from core.domain.alert import Alert
from core.domain.cohort import Cohort
from core.domain.partition import days_before
from core.flows.judge_slo import judge_slo
from core.flows.note_realised import note_realised
from core.flows.overview import queue
from core.ports import changed
from tests.builders import ADA, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.scenarios.slo_days import (
    NEWEST,
    PROMISE,
    SLO,
    VIOLATED,
    B,
    a_cohort,
    labels_are_there,
    passes,
    says,
    told_to_ada,
)

MET = f"{PROMISE}: met, 0 of 12 cohorts bad, 1 more may be, known up to {NEWEST}"


@pytest.fixture(autouse=True)
def champion(scene: Scene) -> None:
    """Twelve days of labels, and a champion that is right on nine of ten rows of each."""
    scene.applied(a_config(slo=SLO))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))
    labels_are_there(scene)


def slo_alerts(scene: Scene) -> list[Alert]:
    return [alert for alert in queue(scene.ports) if alert.rule == "slo"]


def test_how_it_stands_is_read_where_people_decide(scene: Scene) -> None:
    passes(scene)

    assert f"SLO: {MET}" in says(scene, "ver_a")
    assert f"SLO: {MET}" in says(scene, "ver_b")
    assert f"SLO: {MET}" in told_to_ada(scene, "status")
    assert f"*SLO:* {MET}" in told_to_ada(scene, "model flights")
    assert scene.has(scene.card("ver_b"), PROMOTE)


def test_without_enough_mature_days_nothing_is_said_to_be_met_and_nothing_is_frozen(
    scene: Scene,
) -> None:
    scene.applied(a_config(slo=SLO | {"objective": 0.95}))
    card = passes(scene)
    assert "unknown, 12 of the 20 cohorts it takes" in says(scene, "ver_b")

    scene.click(PROMOTE, ADA, on=card)

    assert scene.pointer().champion == B


def test_that_it_is_violated_is_one_alert(scene: Scene) -> None:
    labels_are_there(scene, "2013-02-02")
    assert slo_alerts(scene) == []

    labels_are_there(scene, "2013-02-02", "2013-02-03")
    labels_are_there(scene, "2013-02-02", "2013-02-03", "2013-02-04")
    labels_are_there(scene, "2013-02-02")
    labels_are_there(scene, "2013-02-02", "2013-02-03")

    [alert] = slo_alerts(scene)
    assert alert.evidence.summary == f"The SLO is violated: {VIOLATED}"
    assert alert.evidence.affected == "the newest bad cohorts: 2013-02-03, 2013-02-02"


def test_another_slo_is_judged_by_the_cohorts_there_are(scene: Scene) -> None:
    passes(scene)

    scene.applied(a_config(slo=SLO | {"at_least": 0.95}))
    scene.deliver()
    assert "violated, 12 of 12 cohorts bad, 1 may be" in says(scene, "ver_b")
    assert "violated, 12 of 12 cohorts bad, 1 may be" in told_to_ada(scene, "status")
    scene.applied(a_config())
    scene.deliver()

    assert "SLO" not in says(scene, "ver_b")
    assert scene.has(scene.card("ver_b"), PROMOTE)


def test_a_window_of_many_cohorts_is_read_whole(scene: Scene) -> None:
    scene.applied(a_config(slo=SLO | {"window_days": 365}))
    for back in range(12, 400):
        scene.store(a_cohort(days_before(NEWEST, back), 0.7 if back < 100 else 0.9))

    note_realised(a_cohort(NEWEST, 0.9), scene.ports)

    assert "violated, 88 of 365 cohorts bad, 36 may be" in told_to_ada(scene, "status")


def test_of_two_bookings_at_one_moment_none_is_lost(scene: Scene) -> None:
    one, other = a_cohort("2013-02-02", 0.7), a_cohort("2013-02-03", 0.7)

    def others_are_booked() -> None:
        known = scene.ports.records.get(Cohort, other.id)
        assert known is not None
        revised = known.model_copy(update={"outcomes": other.outcomes})
        assert scene.ports.records.commit(changed(revised))
        judge_slo(a_config(slo=SLO), scene.ports, revised)

    judge_slo(a_config(slo=SLO), scene.while_overtaken_by(others_are_booked), one)

    assert f"SLO: {VIOLATED}" in told_to_ada(scene, "status")
