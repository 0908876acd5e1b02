"""A promise about predictions: while it has no error budget left nothing new comes to serve."""

import pytest

from core.adapters.slack.actions import APPROVE_EXCEPTION, ASK_EXCEPTION, PROMOTE, ROLL_BACK
from core.domain.alert import Alert, Disposition
from core.domain.cohort import Cohort, Outcome
from core.domain.errors import Refusal
from core.domain.ids import VersionId
from core.domain.partition import days_before
from core.flows.ask_exception import ask_exception
from core.flows.judge_slo import judge_slo
from core.flows.note_realised import note_realised
from core.flows.overview import queue
from core.flows.promote import approve_exception
from core.flows.resolve import resolve
from core.ports import changed
from infra.local.slack.records import Message
from tests.builders import ADA, CHANNEL, GRACE, NOON, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.staged import some_evidence

A, B = VersionId("ver_a"), VersionId("ver_b")
NEWEST = "2013-02-06"
REASON = "Nothing else brings the accuracy back."
SLO = {"metric": "accuracy", "at_least": 0.8}
PROMISE = "accuracy at least 80 % on 90 % of the cohorts of 28 days"
MET = f"{PROMISE}: met, 0 of 12 cohorts bad, 1 more may be, known up to {NEWEST}"
SPENT = (
    f"{PROMISE}: met, but its error budget is spent: 1 of 12 cohorts bad, no more may be, known up "
    f"to {NEWEST}"
)
VIOLATED = f"{PROMISE}: violated, 2 of 12 cohorts bad, 1 may be, known up to {NEWEST}"


@pytest.fixture(autouse=True)
def champion(scene: Scene) -> None:
    """Twelve days of labels, and a champion that is right on nine of ten rows of each."""
    scene.applied(a_config(slo=SLO))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))
    labels_are_there(scene)


def a_cohort(day: str, accuracy: float, version: VersionId = A) -> Cohort:
    outcome = Outcome(
        version=version,
        stage="champion",
        key="k",
        predicted=100,
        labelled=100,
        loss=0.1,
        log_loss=0.3,
        accuracy=accuracy,
    )
    return Cohort(
        id=Cohort.id_of("flights", day),
        model="flights",
        partition=day,
        outcomes=(outcome,),
        labels_hash="l",
        labels_key="l",
        labelled_share=1.0,
        unmatched=0,
        corrections=0,
        known_until=NOON,
        matures_at=NOON,
    )


def labels_are_there(scene: Scene, *bad: str, days: int = 12) -> None:
    """Book the labels of so many days; on the bad ones seven of ten rows were right."""
    for ahead in range(days):
        day = days_before(NEWEST, days - 1 - ahead)
        booked = a_cohort(day, 0.7 if day in bad else 0.9)
        known = scene.ports.records.get(Cohort, booked.id)
        if known is None:
            scene.store(booked)
        elif known.served != booked.served:
            revised = known.model_copy(update={"outcomes": booked.outcomes})
            assert scene.ports.records.commit(changed(revised))
    note_realised(a_cohort(NEWEST, 0.7 if NEWEST in bad else 0.9), scene.ports)
    scene.deliver()


def passes(scene: Scene, decision: str = "gain") -> Message:
    """Let version b pass its gate; returns its card as it is drawn then."""
    scene.proposed(a_challenge("ver_b"))
    scene.shown(some_evidence("ver_b", "ver_a", decision))  # type: ignore[arg-type]  # parametrised
    return scene.card("ver_b")


def asks(scene: Scene, by: str) -> None:
    scene.slack.click(ASK_EXCEPTION, user=by, message=scene.card("ver_b"))
    scene.slack.submit(by, {"reason": {"reason": REASON}})
    scene.deliver()


def says(scene: Scene, version: str) -> str:
    return scene.words(scene.card(version))


def told_to_ada(scene: Scene, command: str) -> str:
    scene.slack.command("/watch", command, user=ADA.id, channel=CHANNEL)
    return scene.words(scene.slack.whispers(ADA.id)[-1])


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


def test_a_spent_budget_refuses_a_promotion_and_says_what_can_be_done(scene: Scene) -> None:
    old_card = passes(scene, "refresh")
    labels_are_there(scene, "2013-02-02")
    assert not scene.has(scene.card("ver_b"), PROMOTE)
    assert not scene.has(scene.card("ver_b"), ASK_EXCEPTION)
    assert "*Cannot be promoted now:* the error budget of the SLO is spent, so promotions" in (
        says(scene, "ver_b")
    )
    assert "Only what is shown to be better than what serves passes" in says(scene, "ver_b")

    scene.click(PROMOTE, ADA, on=old_card)

    assert scene.pointer().champion == A
    assert scene.whispered_to(ADA) == (
        "Promotions are frozen, so version b stays where it is: the error budget of the SLO is "
        f"spent ({SPENT}). Only a version that is shown to be better than what serves can be "
        "promoted then, as an exception, and this one is not; wait until the bad cohorts have left "
        "the window, or roll back, which is never held back."
    )


def test_no_exception_passes_over_it_for_what_is_only_no_worse(scene: Scene) -> None:
    passes(scene, "undecided")
    asks(scene, GRACE.id)
    assert scene.has(scene.card("ver_b"), APPROVE_EXCEPTION)
    labels_are_there(scene, "2013-02-02")
    assert not scene.has(scene.card("ver_b"), APPROVE_EXCEPTION)

    with pytest.raises(Refusal, match="and this one is not"):
        approve_exception("flights", B, seen_champion=A, by=ADA, ports=scene.ports)

    assert scene.pointer().champion == A


def test_nobody_may_even_ask_for_what_is_not_shown_to_be_better(scene: Scene) -> None:
    passes(scene, "refresh")
    labels_are_there(scene, "2013-02-02")

    with pytest.raises(Refusal, match="Promotions are frozen, so version b stays where it is"):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)


def test_what_is_shown_to_be_better_may_be_the_cure_and_passes_with_a_second_person(
    scene: Scene,
) -> None:
    old_card = passes(scene)
    labels_are_there(scene, "2013-02-01", "2013-02-02")
    assert f"SLO: {VIOLATED}" in says(scene, "ver_b")
    scene.click(PROMOTE, ADA, on=old_card)
    assert "This one is shown to be better than what serves" in scene.whispered_to(ADA)
    assert scene.pointer().champion == A

    assert "This version is shown to be better, so it can be promoted as an exception." in (
        says(scene, "ver_b")
    )
    asks(scene, GRACE.id)
    assert "asks for an exception from the freeze of promotions:* " + REASON in says(scene, "ver_b")
    scene.click(APPROVE_EXCEPTION, ADA, on=scene.card("ver_b"))

    assert scene.pointer().champion == B
    assert scene.served()[0].how == "promoted as an exception"


def test_a_rollback_is_never_held_back(scene: Scene) -> None:
    card = passes(scene)
    scene.click(PROMOTE, ADA, on=card)
    labels_are_there(scene, "2013-02-01", "2013-02-02")

    scene.click(ROLL_BACK, ADA, on=scene.card("ver_b"))

    assert scene.pointer().champion == A


def test_labels_that_come_late_give_the_budget_back(scene: Scene) -> None:
    passes(scene)
    labels_are_there(scene, "2013-02-02")
    assert not scene.has(scene.card("ver_b"), PROMOTE)

    labels_are_there(scene)
    assert scene.has(scene.card("ver_b"), PROMOTE)
    scene.click(PROMOTE, ADA, on=scene.card("ver_b"))

    assert scene.pointer().champion == B


def test_a_canary_gets_no_larger_share_until_there_is_a_budget_again(scene: Scene) -> None:
    scene.applied(a_config(slo=SLO, stages={"canary_shares": (0.05, 0.25)}))
    labels_are_there(scene, "2013-02-02")
    passes(scene)
    assert scene.pointer().canary is None

    labels_are_there(scene)
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    assert scene.pointer().canary_share == 0.05

    labels_are_there(scene, "2013-02-02")
    seen = some_evidence("ver_b", "ver_a", "gain", days=4)
    scene.shown(seen)
    assert scene.pointer().canary_share == 0.05
    labels_are_there(scene)
    scene.shown(seen)

    assert scene.pointer().canary_share == 0.25


def test_in_a_feedback_loop_the_first_share_is_not_held_back_for_nothing_else_shows_a_cure(
    scene: Scene,
) -> None:
    stages = {"canary_shares": (0.05, 0.25), "has_feedback_loop": True}
    scene.applied(a_config(slo=SLO, stages=stages))
    labels_are_there(scene, "2013-02-02")
    scene.proposed(a_challenge("ver_b"))

    both = a_cohort(NEWEST, 0.9)
    in_shadow = both.served.model_copy(update={"version": B, "stage": "shadow"})
    predicted = both.model_copy(update={"outcomes": (both.served, in_shadow)})
    note_realised(predicted, scene.ports)
    assert scene.pointer().canary_share == 0.05
    scene.shown(some_evidence("ver_b", "ver_a", "gain", days=4, trial="canary"))

    assert scene.pointer().canary_share == 0.05


def test_who_is_worse_is_killed_all_the_same(scene: Scene) -> None:
    labels_are_there(scene, "2013-02-02")

    passes(scene, "harmful")

    assert scene.pointer().challenger is None


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


def test_closing_the_alert_does_not_open_the_way(scene: Scene) -> None:
    passes(scene)
    labels_are_there(scene, "2013-02-02", "2013-02-03")
    [alert] = slo_alerts(scene)

    resolve(alert.id, Disposition.EXPECTED_CHANGE, ADA, scene.ports)
    scene.deliver()

    assert not scene.has(scene.card("ver_b"), PROMOTE)


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
