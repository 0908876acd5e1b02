import pytest

from core.domain.alarm_budget import NEWEST, budget_in_words, judgements_per_false_alarm
from tests.builders import a_config, served_elsewhere


@pytest.mark.parametrize("stated", [5, 60, 100, 10_000])
def test_seven_checks_and_one_comparison_spend_what_is_stated_and_no_more(stated: int) -> None:
    config = a_config(alerts={"partitions_per_false_alarm": stated})

    spent = (NEWEST + 1) / judgements_per_false_alarm(config) / NEWEST

    assert spent <= 1 / stated
    assert spent == pytest.approx(1 / stated, rel=0.15)


def test_where_another_system_predicts_checks_have_all_of_it() -> None:
    elsewhere = served_elsewhere()

    assert judgements_per_false_alarm(elsewhere) == elsewhere.alerts.partitions_per_false_alarm
    assert budget_in_words(elsewhere).endswith(" partitions, over all columns")


def test_what_a_comparison_with_the_training_may_spend_is_said() -> None:
    words = budget_in_words(a_config())

    assert words == (
        "about one false alarm in 100 partitions, over all columns; an eighth of it for comparing "
        "them with the champion's training"
    )
