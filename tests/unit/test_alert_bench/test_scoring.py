from math import inf

import pytest

from infra.local.alert_bench.case_folder import NATURAL
from infra.local.alert_bench.scoring import (
    Score,
    auc,
    recall_at,
    recall_by_kind,
    scores_by_data_set,
)
from tests.unit.test_alert_bench.outcomes import JUDGED, an_outcome


def test_a_score_computed_by_hand() -> None:
    score = Score.of(JUDGED)

    assert score.recall == 0.75
    assert score.false_alarms == 0.25
    assert (score.hard, score.soft, score.drift) == (1, 0, 1)
    assert score.precision == pytest.approx(0.75 / (0.75 + 0.25))
    assert score.precision_at_5 == pytest.approx(0.05 * 0.75 / (0.05 * 0.75 + 0.95 * 0.25))
    assert score.f1 == pytest.approx(0.75)
    assert score.auc == pytest.approx((4 + 4 + 1.5 + 3.5) / 16)
    assert score.errors == 1 / 8
    assert score.check_ms == 1


def test_blame_counts_alerts_with_a_column_to_blame() -> None:
    score = Score.of(JUDGED)

    assert score.top1 == 0.5, "the soft one did not alert, the drift has no column"
    assert score.top3 == 1


def test_either_of_two_columns_may_be_blamed() -> None:
    swapped = an_outcome("hard", alert=True, columns=("a", "b"), ranked=("b", "x"))

    assert Score.of([swapped]).top1 == 1


def test_recall_with_hindsight_allows_that_share_of_natural_ones_to_exceed_the_limit() -> None:
    natural = [float(score) for score in range(20)]

    assert recall_at(natural, [18.5, 19.5, 17.5, 18.0], 0.05) == 0.5
    assert recall_at(natural, [18.5, 19.5, 17.5, 18.0], 0) == 0.25
    assert recall_at([1.0], [2.0, 1.0], 0.05) == 0.5


def test_auc_is_a_half_when_all_scores_tie_and_one_when_all_are_apart() -> None:
    assert auc([1, 1], [1, 1]) == 0.5
    assert auc([1, 2], [3, inf]) == 1
    assert auc([], [1]) is None


def test_averages_give_each_data_set_the_same_weight_and_leave_out_what_is_unknown() -> None:
    big = [an_outcome(NATURAL, alert=False, data_set="big")] * 9
    small = [
        an_outcome(NATURAL, alert=True, data_set="small"),
        an_outcome("hard", alert=True, data_set="small", ranked=("a",)),
    ]

    mean = Score.mean(list(scores_by_data_set([*big, *small]).values()))

    assert mean.false_alarms == 0.5
    assert mean.recall == 1
    assert mean.soft is None


def test_precision_follows_from_averaged_rates() -> None:
    first = [an_outcome(NATURAL, alert=False), an_outcome("hard", alert=True)]
    second = [
        an_outcome(NATURAL, alert=True, data_set="e"),
        an_outcome("hard", alert=False, data_set="e"),
    ]

    mean = Score.mean(list(scores_by_data_set([*first, *second]).values()))

    assert mean.precision == pytest.approx(0.5 / (0.5 + 0.5))


def test_nobody_who_never_alerts_has_a_precision() -> None:
    silent = Score.of([an_outcome(NATURAL, alert=False), an_outcome("hard", alert=False)])

    assert silent.precision is None
    assert silent.f1 is None
    assert silent.top1 is None


def test_kinds_are_pooled_over_data_sets() -> None:
    assert recall_by_kind(JUDGED) == {
        NATURAL: 0.25,
        "hard_kind": 1,
        "soft_kind": 0,
        "drift_kind": 1,
    }
