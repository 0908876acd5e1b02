"""Versions on their stages, and what their cards say: the words these stories share."""

from core.domain.cohort import Cohort, Outcome
from core.domain.ids import VersionId
from core.domain.stages_config import Stages
from tests.builders import NOON, a_config
from tests.scenarios.scene import Scene

DAY_S = 24 * 3600


def with_shares(scene: Scene, *shares: float, **changes: object) -> None:
    stages = Stages.model_validate({"canary_shares": shares, **changes})
    scene.applied(a_config(stages=stages.model_dump()))


def a_cohort_of(*versions: str) -> Cohort:
    """A mature cohort that these versions predicted."""
    return Cohort(
        id=Cohort.id_of("flights", "2013-02-01"),
        model="flights",
        partition="2013-02-01",
        outcomes=tuple(an_outcome(version) for version in versions),
        labels_hash="l",
        labels_key="l",
        labelled_share=1.0,
        unmatched=0,
        corrections=0,
        known_until=NOON,
        matures_at=NOON,
    )


def an_outcome(version: str) -> Outcome:
    return Outcome(
        version=VersionId(version),
        stage="champion" if version == "ver_a" else "shadow",
        key="k",
        predicted=10,
        labelled=10,
        loss=0.1,
        log_loss=0.3,
        accuracy=0.9,
    )


def last_said(scene: Scene, version: str) -> str:
    return scene.thread(scene.card(version))[-1].text


def words(scene: Scene, version: str) -> str:
    return scene.words(scene.card(version))
