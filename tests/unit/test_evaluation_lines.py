import json

from bot.modals.version_details import version_details
from core.adapters.slack.challenge_card import challenge_card
from core.domain.challenge import Challenge, ChallengeState, Compared
from infra.local.slack.validation.payloads import block_problems, view_problems
from tests.builders import a_challenge

METRICS = (
    Compared(
        metric="Brier score", version=0.14, champion=0.15, difference="better by 0.01 (0 to 0.02)"
    ),
    Compared(metric="Accuracy", version=0.8, champion=0.79, difference="no difference shown"),
)
FOUND = a_challenge(
    compared=METRICS,
    loss="Squared error",
    kpi="Saved 5 h, champion 4 h; better by 1 (0.5 to 1.5)",
    calibration="Off by 0.01 on average",
    standards=("Accuracy: no worse than the champion by 0.01: better by 0.02",),
    worst_slices=(
        "slice `a<b` (120 rows): Brier score 0.2",
        "slice `c` (90 rows): Brier score 0.1",
    ),
    proposed_slices=2,
)


def on_the_card(challenge: Challenge) -> str:
    blocks = challenge_card(challenge).blocks or []
    assert block_problems(blocks, "message") == []
    return json.dumps(blocks, ensure_ascii=False)


def in_the_details(challenge: Challenge) -> str:
    view = version_details(challenge)
    assert view_problems(view) == []
    return json.dumps(view, ensure_ascii=False)


def test_the_card_has_what_decides() -> None:
    shown = on_the_card(FOUND)

    assert "Gain in squared error +0.0100" in shown
    assert "*Offline*, 2013-01-22 to 2013-01-28, 6,180 flights" in shown
    assert r"Brier score 0.1400 (champion 0.1500)\nAccuracy 0.8000 (champion 0.7900)" in shown
    assert "KPI: Saved 5 h, champion 4 h; better by 1 (0.5 to 1.5)" in shown
    assert "Worst: slice `a&lt;b` (120 rows)" in shown
    assert "Calibration" not in shown
    assert "slice `c`" not in shown


def test_the_details_have_all_of_it() -> None:
    shown = in_the_details(FOUND)

    assert "Brier score 0.1400 (champion 0.1500): better by 0.01 (0 to 0.02)" in shown
    assert "KPI: Saved 5 h" in shown
    assert "Calibration: Off by 0.01 on average" in shown
    assert "Margin: Accuracy: no worse" in shown
    assert r"Worst: slice `a&lt;b` (120 rows): Brier score 0.2\nWorst: slice `c`" in shown
    assert "2 more parts of the rows" in shown
    assert f"`watchkeeper evaluate flights {FOUND.name}` names them" in shown


def test_one_proposed_slice_is_one_part() -> None:
    assert "1 more part of the rows" in in_the_details(a_challenge(proposed_slices=1))


def test_however_much_was_found_slack_takes_the_details() -> None:
    assert "…" in in_the_details(a_challenge(standards=("x" * 90,) * 51))


def test_where_nothing_was_found_nothing_is_said() -> None:
    bare = a_challenge(compared=())

    assert "Offline" not in on_the_card(bare)
    assert "Offline" not in in_the_details(bare)
    assert "Calibration" not in in_the_details(a_challenge())


def test_the_card_of_a_version_that_ended_is_short() -> None:
    ended = on_the_card(FOUND.model_copy(update={"state": ChallengeState.KILLED}))

    assert "Offline" not in ended
    assert "KPI" not in ended
    assert "Details…" in ended
