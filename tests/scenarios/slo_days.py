"""Days of labels for an SLO, and where people read how it stands."""

from core.domain.cohort import Cohort, Outcome
from core.domain.ids import VersionId
from core.domain.partition import days_before
from core.flows.note_realised import note_realised
from core.ports import changed
from infra.local.slack.records import Message
from tests.builders import ADA, CHANNEL, NOON, a_challenge
from tests.scenarios.scene import Scene
from tests.staged import some_evidence

A, B = VersionId("ver_a"), VersionId("ver_b")
NEWEST = "2013-02-06"
SLO = {"metric": "accuracy", "at_least": 0.8}
PROMISE = "accuracy at least 80 % on 90 % of the cohorts of 28 days"
VIOLATED = f"{PROMISE}: violated, 2 of 12 cohorts bad, 1 may be, known up to {NEWEST}"


def a_cohort(day: str, accuracy: float, version: VersionId = A) -> Cohort:
    """A mature cohort whose predictions version a served."""
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


def says(scene: Scene, version: str) -> str:
    """Read the card of a version."""
    return scene.words(scene.card(version))


def told_to_ada(scene: Scene, command: str) -> str:
    """Read what a command shows."""
    scene.slack.command("/watch", command, user=ADA.id, channel=CHANNEL)
    return scene.words(scene.slack.whispers(ADA.id)[-1])
