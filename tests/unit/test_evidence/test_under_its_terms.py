"""What is compared, and by which terms, names a comparison; others start anew."""

from datetime import timedelta
from typing import Any

import pytest

from core.domain.evidence import Evidence
from core.domain.ids import VersionId
from core.domain.terms import Terms, terms_of
from tests.builders import NOON, a_config
from tests.compared import evidence_of, some_terms
from tests.unit.test_evidence.days import DAYS


def test_another_champion_or_stage_is_another_comparison() -> None:
    version, a, c = VersionId("ver_b"), VersionId("ver_a"), VersionId("ver_c")

    ids = {
        Evidence.id_of("flights", version, a),
        Evidence.id_of("flights", version, c),
        Evidence.id_of("flights", version, a, "canary"),
        Evidence.id_of("flights", version, a, "guard"),
    }

    assert len(ids) == 4


def test_other_terms_start_anew_with_the_cohorts_that_come_after() -> None:
    before, later = evidence_of(DAYS), NOON + timedelta(days=9)

    anew = before.under(some_terms(margin=0.01), later)

    assert (anew.pairs, anew.starts_after, anew.updated_at) == (0, "2013-02-06", later)
    assert anew.has("2013-02-06", "corrected"), "it does not count any more"
    assert not anew.has("2013-02-07", "b")
    again = anew.under(some_terms(margin=0.02), later)
    assert again.starts_after == "2013-02-06"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"alpha": 0.05}, {"alpha": 0.01}),
        ({"margin": 0.002}, {"margin": 0.003}),
        ({"least_gain": 0.001}, {"least_gain": 0.003}),
        ({"decision_margin": 0.01}, {"decision_margin": 0.02}),
        ({"has_feedback_loop": False}, {"has_feedback_loop": True}),
    ],
)
def test_whatever_is_tested_otherwise_is_other_terms(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    def terms(stages: dict[str, Any]) -> Terms:
        return some_terms(**{"canary_shares": [0.1], **stages})

    assert terms(one) == terms(one)
    assert terms(one) != terms(other)


def test_what_losses_mean_is_part_of_the_terms() -> None:
    target = {"column": "late", "delay_days": 1}
    number = target | {"task": "regression", "between": (0, 60)}
    kinds = target | {"task": "multiclass", "classes": ("early", "on time", "late")}
    configs = [
        a_config(),
        a_config(evaluation={"cut": 0.3}),
        a_config(target=number),
        a_config(target=number | {"between": (0, 90)}),
        a_config(target=kinds),
    ]

    assert len({terms_of(config, "shadow").measured for config in configs}) == len(configs)
