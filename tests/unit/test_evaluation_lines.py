import json

from core.adapters.slack.challenge_card import challenge_card
from core.domain.challenge import Challenge
from infra.local.slack.validation.payloads import block_problems
from tests.builders import a_challenge


def text(challenge: Challenge) -> str:
    card = challenge_card(challenge)
    blocks = card.blocks or []
    assert block_problems(blocks, "message") == []
    return json.dumps(blocks, ensure_ascii=False)


def test_a_version_shows_what_its_evaluation_found() -> None:
    challenge = a_challenge(
        loss="Squared error",
        kpi="Saved 5 h, champion 4 h; better by 1 (0.5 to 1.5)",
        calibration="Off by 0.01 on average",
        standards=("Accuracy: no worse than the champion by 0.01: better by 0.02",),
        worst_slices=("slice `a<b` (120 rows): Brier score 0.2",),
        proposed_slices=2,
    )

    shown = text(challenge)

    assert "Gain in squared error +0.0100" in shown
    assert "KPI: Saved 5 h, champion 4 h; better by 1 (0.5 to 1.5)" in shown
    assert "Calibration: Off by 0.01 on average" in shown
    assert "Margin: Accuracy: no worse" in shown
    assert "Worst: slice `a&lt;b` (120 rows)" in shown
    assert "2 more parts of the rows" in shown
    assert f"`watchkeeper evaluate flights {challenge.name}` names them" in shown


def test_one_proposed_slice_is_one_part() -> None:
    assert "1 more part of the rows" in text(a_challenge(proposed_slices=1))


def test_however_much_was_found_slack_takes_the_card() -> None:
    assert "…" in text(a_challenge(standards=("x" * 90,) * 51))


def test_where_nothing_was_found_nothing_is_said() -> None:
    shown = text(a_challenge())

    assert "KPI" not in shown
    assert "Calibration" not in shown
