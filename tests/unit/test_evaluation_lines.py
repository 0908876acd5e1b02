from core.adapters.slack.cards import card_of
from core.domain.challenge import Compared
from tests.builders import a_challenge


def test_a_card_says_what_the_evaluation_found_beside_the_numbers() -> None:
    challenge = a_challenge(
        loss="Squared error",
        compared=(
            Compared(metric="Recall", version=0.5, champion=0.4, difference="+0.1 (+0.0 to +0.2)"),
        ),
        kpi="Profit: 120 EUR (champion 100 EUR)",
        calibration="What it says lies 1 % from what comes.",
        standards=("accuracy holds",),
        worst_slices=("EWR: worse by 0.02",),
        proposed_slices=1,
    )

    drawn = str(card_of(challenge).blocks)

    assert "Gain in Squared error +0.0100" in drawn
    assert "0.5000 (champion 0.4000)\\n+0.1 (+0.0 to +0.2)" in drawn
    assert "Profit: 120 EUR (champion 100 EUR)\\nWhat it says lies 1 % from what comes." in drawn
    assert "• accuracy holds" in drawn
    assert "*Where it does worst*\\n• EWR: worse by 0.02" in drawn
    assert "1 part of the rows, which nobody has named yet, lose more than the rest." in drawn
