"""Everything that can speak against a promotion, each said in words after the click."""

from collections.abc import Callable
from typing import Any

import pytest

from core.adapters.slack.actions import APPROVE_EXCEPTION, ASK_EXCEPTION, KILL, PROMOTE
from core.domain.errors import Refusal
from core.domain.ids import VersionId
from core.domain.model_config import Access
from core.domain.parity import Parity
from core.domain.review import Probe, ReviewFinding
from core.domain.serving import Serving
from core.domain.stage_refusals import PathsDiffer, StaleChampion, StaleEvaluation
from core.flows.advance import advance
from core.flows.ask_exception import ask_exception
from core.flows.draw_again import draw_again
from core.flows.promote import approve_exception, promote
from core.flows.prospects import with_prospects
from core.flows.rollback import rollback
from core.ports import Ports, changed
from infra.local.slack.local_slack import Answer
from infra.local.slack.records import Message
from tests.builders import ADA, CHANNEL, GRACE, NOON, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.staged import some_evidence, store_version

A, B, C = (VersionId(f"ver_{letter}") for letter in "abc")
REASON = "The old one cannot read the new airports."


@pytest.fixture(autouse=True)
def champion(scene: Scene) -> None:
    scene.applied(a_config(access=Access(approvers=(ADA.id, GRACE.id)).model_dump()))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))


def passes(scene: Scene, version: str = "ver_b", **changes: Any) -> None:
    scene.proposed(a_challenge(version, **changes))
    scene.shown(some_evidence(version, "ver_a", "gain"))


def card_with(scene: Scene, action_id: str) -> Message:
    """The card as somebody saw it who has not looked since."""
    [card] = [card for card in scene.slack.messages(CHANNEL) if scene.has(card, action_id)]
    return card


def asks(scene: Scene, by: str, reason: str = REASON, version: str = "ver_b") -> Answer:
    """Open the form from the version's card, and send it."""
    scene.slack.click(ASK_EXCEPTION, user=by, message=scene.card(version))
    answer = scene.slack.submit(by, {"reason": {"reason": reason}})
    scene.deliver()
    return answer


def found_later(scene: Scene, **changes: Any) -> None:
    """Let what is known of the version change after its card was drawn, and draw it again."""
    known = scene.challenge("ver_b")
    assert scene.ports.records.commit(changed(known.model_copy(update=changes)))
    draw_again(known.id, scene.ports)
    scene.deliver()


def a_parity(version: str, differing: int) -> Parity:
    return Parity(
        id=Parity.id_of("flights", VersionId(version)),
        model="flights",
        version=VersionId(version),
        partition="2013-02-01",
        rows=40,
        differing=differing,
        replayed_at=NOON,
    )


def refused(scene: Scene, because: str) -> None:
    assert because in scene.whispered_to(ADA)
    assert scene.pointer().champion == A


def test_while_the_gate_is_not_passed_a_promotion_is_refused(scene: Scene) -> None:
    passes(scene)
    old_card = card_with(scene, PROMOTE)
    scene.shown(some_evidence("ver_b", "ver_a", "harmful"))
    scene.proposed(a_challenge("ver_c"))

    scene.click(PROMOTE, ADA, on=old_card)

    refused(scene, "Version b is not a challenger any more.")


def test_a_version_in_shadow_has_no_promote_button_and_its_click_would_be_refused(
    scene: Scene,
) -> None:
    scene.proposed(a_challenge("ver_b"))
    assert not scene.has(scene.card("ver_b"), PROMOTE)

    with pytest.raises(Refusal, match="b has not passed its gate"):
        promote("flights", B, seen_champion=A, by=ADA, ports=scene.ports)


def test_numbers_against_another_champion_are_stale(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b", against="ver_old"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    with pytest.raises(Refusal, match="b was compared with old, but a serves now"):
        promote("flights", B, seen_champion=A, by=ADA, ports=scene.ports)
    with pytest.raises(Refusal, match="The champion changed since you looked: it was old, now it"):
        promote("flights", B, seen_champion=VersionId("ver_old"), by=ADA, ports=scene.ports)

    assert not scene.has(scene.card("ver_b"), PROMOTE)
    assert "*Cannot be promoted now:* it was compared with old, which does not serve any" in (
        scene.words(scene.card("ver_b"))
    )


def test_stale_numbers_are_asked_for_anew_once_however_often_somebody_clicks(
    scene: Scene,
) -> None:
    scene.proposed(a_challenge("ver_b", against="ver_old"))
    asks(scene, GRACE.id)
    for _ in range(2):
        with pytest.raises(StaleEvaluation, match="Comparing it anew has been started"):
            approve_exception("flights", B, seen_champion=A, by=ADA, ports=scene.ports)

    [asked] = [job for job in scene.waiting_jobs() if "evaluate" in job.event]

    assert (asked.function, asked.event["evaluate"]) == ("retrain", B)


def test_no_exception_passes_over_a_difference_of_training_and_scoring(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    asks(scene, GRACE.id)
    scene.store(a_parity("ver_b", differing=3))

    with pytest.raises(PathsDiffer, match="Version b stays where it is: 3 of 40 rows"):
        approve_exception("flights", B, seen_champion=A, by=ADA, ports=scene.ports)
    with pytest.raises(PathsDiffer):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)

    assert scene.pointer().champion == A


def test_a_version_that_scores_otherwise_than_it_learned_is_offered_no_more(scene: Scene) -> None:
    passes(scene)
    old_card = card_with(scene, PROMOTE)
    scene.store(a_parity("ver_b", differing=3))
    draw_again(scene.challenge("ver_b").id, scene.ports)
    scene.deliver()
    assert not scene.has(scene.card("ver_b"), PROMOTE)
    assert "*Cannot be promoted now:* 3 of 40 rows of 2013-02-01 come out otherwise" in (
        scene.words(scene.card("ver_b"))
    )

    scene.click(PROMOTE, ADA, on=old_card)

    refused(scene, "Version b stays where it is: 3 of 40 rows")


def test_the_card_of_a_model_that_nobody_watches_is_drawn_as_it_is_stored(scene: Scene) -> None:
    challenge = a_challenge(model="unwatched")

    assert with_prospects(challenge, scene.ports) == challenge


def test_what_promote_shows_offers_no_more_than_the_card(scene: Scene) -> None:
    passes(scene)
    scene.slack.command("/promote", "flights", user=ADA.id, channel=CHANNEL)
    assert scene.has(scene.slack.whispers(ADA.id)[-1], PROMOTE)

    scene.store(a_parity("ver_b", differing=3))
    scene.slack.command("/promote", "flights", user=ADA.id, channel=CHANNEL)

    assert not scene.has(scene.slack.whispers(ADA.id)[-1], PROMOTE)


def test_what_the_review_found_blocks_whatever_the_gate_says(scene: Scene) -> None:
    finding = ReviewFinding(
        name="leak", sentence="`delay` is known only afterwards.", is_blocking=True
    )
    passes(scene)
    old_card = card_with(scene, PROMOTE)
    found_later(scene, findings=(finding,))
    assert "`delay` is known only afterwards." in scene.words(scene.card("ver_b"))
    assert not scene.has(scene.card("ver_b"), PROMOTE)

    scene.click(PROMOTE, ADA, on=old_card)

    refused(scene, "The review of version b stands against it: `delay` is known only afterwards.")


def test_a_finding_that_does_not_block_is_shown_and_passes(scene: Scene) -> None:
    finding = ReviewFinding(name=Probe.PRIOR, sentence="Fewer are late.", is_blocking=False)
    passes(scene, findings=(finding,))
    assert "Fewer are late." in scene.words(scene.card("ver_b"))

    scene.click(PROMOTE, ADA)

    assert scene.pointer().champion == B


def test_a_version_of_inputs_without_a_hash_is_never_promoted(scene: Scene) -> None:
    passes(scene)
    old_card = card_with(scene, PROMOTE)
    found_later(scene, is_reproducible=False)
    assert "Cannot be promoted" in scene.words(scene.card("ver_b"))
    assert not scene.has(scene.card("ver_b"), PROMOTE)

    scene.click(PROMOTE, ADA, on=old_card)

    refused(scene, "Version b was made from inputs that have no hash")


def test_a_version_whose_artefact_is_gone_is_not_promoted(scene: Scene) -> None:
    passes(scene)
    (scene.folder / "objects/models/flights/ver_b/model.skops").unlink()

    scene.click(PROMOTE, ADA)

    refused(scene, "Version b cannot serve: its artefact is gone. Nothing was moved.")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"other bytes", "its artefact is not what was stored."),
        (b"pipelinE", "its artefact is not what was stored."),
    ],
)
def test_a_version_whose_artefact_was_changed_is_not_promoted(
    scene: Scene, body: bytes, why: str
) -> None:
    passes(scene)
    scene.ports.objects.put("models/flights/ver_b/model.skops", body)

    scene.click(PROMOTE, ADA)

    refused(scene, why)


def test_a_version_without_its_golden_rows_is_not_promoted(scene: Scene) -> None:
    passes(scene)
    (scene.folder / "objects/models/flights/ver_b/golden.parquet").unlink()

    scene.click(PROMOTE, ADA)

    refused(scene, "its golden rows are gone.")


def test_a_version_that_somebody_else_sealed_is_not_promoted(scene: Scene) -> None:
    scene.ports.objects.put("models/flights/ver_b/model.skops", b"pipeline")
    store_version("ver_b", scene.ports, seal="of somebody else")
    passes(scene)

    scene.click(PROMOTE, ADA)

    refused(scene, "its seal is not ours.")


def test_a_large_artefact_is_known_by_its_size(scene: Scene) -> None:
    body = bytes(16 * 2**20 + 1)
    store_version("ver_b", scene.ports, body)
    passes(scene)
    scene.ports.objects.put("models/flights/ver_b/model.skops", b"x" * len(body))

    scene.click(PROMOTE, ADA)

    assert scene.pointer().champion == B


def test_an_exception_needs_a_reason_and_a_second_person_and_is_written_down(
    scene: Scene,
) -> None:
    scene.proposed(a_challenge("ver_b"))

    asks(scene, ADA.id)
    assert scene.pointer().champion == A
    shown = scene.words(scene.card("ver_b"))
    assert f"<@U0ADA> asks for an exception from the gate:* {REASON}" in shown
    assert not scene.has(scene.card("ver_b"), ASK_EXCEPTION)

    scene.click(APPROVE_EXCEPTION, ADA, on=scene.card("ver_b"))
    refused(scene, "You asked for this exception, so a second person has to approve it.")

    scene.click(APPROVE_EXCEPTION, GRACE, on=scene.card("ver_b"))
    assert scene.pointer().champion == B
    assert [reply.text for reply in scene.thread(scene.card("ver_b"))] == [
        f"<@U0ADA> asks for an exception from the gate: {REASON}",
        f"<@U0ADA>: <@U0GRACE> promoted it as the exception that was asked for: {REASON}",
    ]
    assert scene.served()[0].how == "promoted as an exception"


def test_a_blank_reason_is_mended_in_the_form(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))

    answer = asks(scene, ADA.id, reason=" " * 20)

    assert "Please give a reason that somebody else can judge." in str(answer)
    assert scene.challenge("ver_b").exception is None


def test_who_asks_second_is_told_who_has_asked(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    ask_exception("flights", B, reason=REASON, by=GRACE, ports=scene.ports)

    with pytest.raises(Refusal, match="<@U0GRACE> has asked for this exception already"):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)


def test_an_approval_that_is_clicked_twice_promotes_once(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))
    asks(scene, GRACE.id)
    card = scene.card("ver_b")

    scene.click(APPROVE_EXCEPTION, ADA, on=card)
    scene.click(APPROVE_EXCEPTION, ADA, on=card)

    assert "Nobody asks for an exception for version b any more." in scene.whispered_to(ADA)
    assert [line.version for line in scene.served()] == [B, A]


def test_an_exception_passes_over_the_gate_and_nothing_else(scene: Scene) -> None:
    finding = ReviewFinding(name="leak", sentence="It leaks.", is_blocking=True)
    scene.proposed(a_challenge("ver_b", findings=(finding,)))

    with pytest.raises(Refusal, match="The review of version b stands against it: It leaks"):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)


def test_the_author_may_not_approve_where_the_config_wants_a_second_person(scene: Scene) -> None:
    scene.applied(a_config(access=Access(promotion_needs_second_person=True).model_dump()))
    scene.proposed(a_challenge("ver_b", asked_by=ADA.id))
    asks(scene, GRACE.id)

    scene.click(APPROVE_EXCEPTION, ADA, on=scene.card("ver_b"))

    refused(scene, "<@U0ADA> asked for this version, so a second person has to promote it.")


def test_no_exception_is_needed_for_what_has_passed_and_none_is_made_for_what_waits(
    scene: Scene,
) -> None:
    passes(scene)
    scene.proposed(a_challenge("ver_c"))

    with pytest.raises(Refusal, match="b has passed its gate: promote it"):
        ask_exception("flights", B, reason=REASON, by=ADA, ports=scene.ports)
    with pytest.raises(Refusal, match="c still waits, at place 1 of the queue"):
        ask_exception("flights", C, reason=REASON, by=ADA, ports=scene.ports)
    with pytest.raises(Refusal, match="z is not a challenger any more"):
        ask_exception("flights", VersionId("ver_z"), reason=REASON, by=ADA, ports=scene.ports)


def test_an_exception_that_was_asked_for_before_the_champion_changed_is_void(
    scene: Scene,
) -> None:
    scene.applied(a_config(stages={"canary_shares": (0.05,)}))
    scene.proposed(a_challenge("ver_b"))
    scene.proposed(a_challenge("ver_c"))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    asks(scene, GRACE.id, version="ver_c")
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    card = scene.card("ver_c")

    scene.click(PROMOTE, ADA, on=scene.card("ver_b"))
    scene.click(APPROVE_EXCEPTION, ADA, on=card)

    assert "Nobody asks for an exception for version c any more." in scene.whispered_to(ADA)
    assert scene.pointer().champion == B


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
