"""An idea is proposed and tried: the words that stories about ideas share."""

from typing import Any

from core.domain.challenge import Challenge
from core.domain.idea import Idea
from core.domain.ids import VersionId
from core.domain.serving import Serving
from core.flows.propose_idea import tie_to_version
from core.ports import changed
from functions.handlers import refresh_people as hourly
from infra.local.front_door import CallContext
from tests.builders import ADA, CHANNEL, GRACE, a_challenge
from tests.scenarios.scene import Scene
from tests.staged import store_version

A_DAY_S = 24 * 3600
WRITTEN = {
    "hypothesis": {"hypothesis": "Wind *at the destination* tells more than wind here"},
    "expected": {"expected": "Brier score lower by 0.005"},
    "owner": {"owner": GRACE.id},
    "kill_by": {"kill_by": "2013-02-20"},
}


def proposed(scene: Scene, **changes: Any) -> Idea:
    scene.slack.command("/watch", "idea flights", user=ADA.id, channel=CHANNEL)
    scene.slack.submit(ADA.id, WRITTEN | changes)
    scene.deliver()
    return scene.ports.records.query(Idea, "ideas:open")[-1]


def an_hour_passes(scene: Scene) -> int:
    refresh: Any = hourly.handler
    answer = refresh({}, CallContext("refresh_people"))
    scene.deliver()
    return int(answer["ideas_answered"])


def a_version_tries(scene: Scene, idea: Idea, version: str = "ver_b") -> None:
    """Let a training that was asked for with the idea end in a challenger."""
    scene.store(Serving(id="flights", champion=VersionId("ver_a")))
    store_version(version, scene.ports)
    scene.proposed(a_challenge(version))
    tie_to_version(VersionId(version), idea.id, scene.ports)
    scene.deliver()


def turned_out(scene: Scene, state: str, version: str = "ver_b") -> None:
    """Let a version come to a state, whatever led there."""
    challenge = scene.ports.records.get(Challenge, Challenge.id_of("flights", VersionId(version)))
    assert challenge is not None
    ended = challenge.model_copy(update={"state": state})
    assert scene.ports.records.commit(changed(ended))
