"""Of two who move the pointer at once, the second is told."""

from collections.abc import Callable

import pytest

from core.adapters.slack.actions import KILL, PROMOTE
from core.domain.serving import Serving
from core.domain.stage_refusals import StaleChampion
from core.flows.advance import advance
from core.flows.promote import promote
from core.flows.rollback import rollback
from core.ports import Ports
from tests.builders import ADA, GRACE, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.scenarios.test_a_promotion_is_refused.promoting import A, B, C, passes
from tests.staged import some_evidence


def two_may_move(scene: Scene) -> tuple[Callable[[Ports], Serving], Callable[[Ports], Serving]]:
    """Version b serves, c has passed its gate: one person promotes, another one rolls back."""
    passes(scene)
    scene.click(PROMOTE, ADA)
    scene.proposed(a_challenge("ver_c", against="ver_b"))
    scene.shown(some_evidence("ver_c", "ver_b", "gain"))
    return (
        lambda ports: promote("flights", C, seen_champion=B, by=ADA, ports=ports),
        lambda ports: rollback("flights", seen_champion=B, by=GRACE, ports=ports),
    )


def test_of_a_promotion_and_a_rollback_at_the_same_moment_the_quicker_one_wins(
    scene: Scene,
) -> None:
    promotes, rolls_back = two_may_move(scene)

    with pytest.raises(StaleChampion, match="it was b, now it is c"):
        rolls_back(scene.while_overtaken_by(lambda: promotes(scene.ports)))

    assert scene.pointer().champion == C
    assert [line.version for line in scene.served()] == [C, B, A]


def test_of_a_rollback_and_a_promotion_at_the_same_moment_the_quicker_one_wins(
    scene: Scene,
) -> None:
    promotes, rolls_back = two_may_move(scene)

    with pytest.raises(StaleChampion, match="it was b, now it is a"):
        promotes(scene.while_overtaken_by(lambda: rolls_back(scene.ports)))

    assert (scene.pointer().champion, scene.pointer().challenger) == (A, C)
    assert [line.how for line in scene.served()] == ["rolled back", "promoted", "first version"]


def test_evidence_that_is_overtaken_by_a_promotion_moves_nothing(scene: Scene) -> None:
    scene.applied(a_config(stages={"canary_shares": (0.05,)}))
    scene.proposed(a_challenge("ver_b"))
    scene.proposed(a_challenge("ver_c"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    harmful = some_evidence("ver_c", "ver_a", "harmful")
    scene.shown(some_evidence("ver_c", "ver_a", "undecided"))

    overtaken = scene.while_overtaken_by(lambda: scene.click(PROMOTE, ADA, on=scene.card("ver_b")))
    advance(harmful, overtaken)

    assert (scene.pointer().champion, scene.pointer().challenger) == (B, C)


def test_an_old_kill_button_does_not_touch_the_champion(scene: Scene) -> None:
    passes(scene)
    card = scene.card("ver_b")
    scene.click(PROMOTE, ADA, on=card)

    scene.click(KILL, ADA, on=card)

    assert scene.pointer().champion == B
    assert "Version b serves already" in scene.whispered_to(ADA)
