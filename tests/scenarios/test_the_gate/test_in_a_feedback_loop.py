"""Where what is served changes what happens, random arms are compared and nothing else."""

from typing import Any

import numpy as np
import pytest

from core.adapters.slack.evidence_lines import evidence_lines
from core.domain.alert import Alert
from core.domain.challenge import Challenge
from core.domain.evidence import Evidence
from core.domain.ids import VersionId
from core.flows.permit import config_of
from core.ports import new
from functions.flows.join_labels import join_labels
from functions.flows.judging.judged_rows import came_before
from tests.builders import a_challenge, a_config
from tests.scenarios.test_the_gate.trials import (
    FIRST,
    NEW,
    OLD,
    ROWS,
    Trials,
    day_of,
    lives_through,
    says,
    split,
)
from tests.staged import store_version
from tests.watched_model import some_labels


def in_a_loop(trials: Trials) -> None:
    trials.apply(a_config(stages={"has_feedback_loop": True, "canary_shares": [0.3]}))
    trials.serves(challenger=None, canary=NEW, canary_share=0.3)


def test_in_a_feedback_loop_random_arms_are_compared_and_no_shadow_is(trials: Trials) -> None:
    in_a_loop(trials)
    following = VersionId("ver_next")
    trials.ports.records.commit(new(a_challenge(version=following)))
    trials.serves(challenger=following)
    for number in range(8):
        day = day_of(number)
        rest, share = split(day, 0.3, young=0.2)
        beside = says(day, 0.1)
        trials.predicted(
            day,
            (OLD, "champion", rest),
            (NEW, "canary", share),
            (following, "shadow", beside),
        )
        trials.joins(day)

    canary = trials.evidence("canary")
    assert canary.decision == "gain"
    assert canary.pairs == sum(len(split(day_of(number), 0.3, 0.2)[1]) for number in range(8))
    assert canary.gained / canary.pairs == pytest.approx(0.35**2 - 0.2**2, abs=0.01)
    assert not trials.is_compared("shadow", following)
    card = trials.ports.records.get(Challenge, Challenge.id_of("flights", following))
    assert card is not None
    assert card.evidence is not None
    assert "only a canary is compared" in evidence_lines(card.evidence)


def guards(trials: Trials, days: int, *, off: float, guard_off: float) -> None:
    """Let the last champion serve its share beside the new one, on so many days."""
    for number in range(days):
        day = day_of(number)
        is_guards = np.random.default_rng(number).uniform(size=ROWS) < 0.4
        new, old = says(day, off)[~is_guards], says(day, guard_off)[is_guards]
        trials.predicted(day, (NEW, "champion", new), (OLD, "canary", old))
        trials.joins(day)


def promoted_in_a_loop(trials: Trials, **stages: Any) -> None:
    loop = {"has_feedback_loop": True, "canary_shares": [0.3], "held_back": 0.4} | stages
    trials.apply(a_config(stages=loop))
    for version in (OLD, NEW):
        store_version(version, trials.ports)
    trials.serves(
        champion=NEW, challenger=None, guard=OLD, canary=OLD, canary_share=0.4, earlier=(OLD,)
    )


def breach(trials: Trials) -> Alert | None:
    return trials.ports.records.get(Alert, Alert.id_of("flights", NEW, "promotion"))


def test_in_a_feedback_loop_the_share_of_the_guard_shows_that_a_promotion_made_it_worse(
    trials: Trials,
) -> None:
    promoted_in_a_loop(trials)

    guards(trials, 6, off=0.35, guard_off=0.2)

    told, still = breach(trials), trials.serving()
    assert told is not None
    assert told.takes_back == NEW
    assert "Version b is worse than a, which it replaced" in told.evidence.summary
    assert (still.champion, still.canary) == (NEW, OLD)


def test_in_a_feedback_loop_a_breach_rolls_back_by_itself_and_takes_the_share_along(
    trials: Trials,
) -> None:
    promoted_in_a_loop(trials, rolls_back_by_itself=True)

    guards(trials, 6, off=0.35, guard_off=0.2)

    back = trials.serving()
    assert (back.champion, back.guard, back.canary, back.canary_share) == (OLD, None, None, 0)


def test_in_a_feedback_loop_a_good_promotion_keeps_its_place_and_gets_the_share_after_a_week(
    trials: Trials,
) -> None:
    promoted_in_a_loop(trials)

    guards(trials, 8, off=0.3, guard_off=0.3)

    after = trials.serving()
    assert breach(trials) is None
    assert (after.champion, after.guard, after.canary, after.canary_share) == (NEW, None, None, 0)


def test_who_came_while_the_guard_was_a_canary_itself_counts_in_the_reverse_test(
    trials: Trials,
) -> None:
    promoted_in_a_loop(trials)
    rest, share = split(FIRST, 0.4, young=0.3)
    served_alone, again = day_of(1), day_of(2)
    trials.predicted(FIRST, (VersionId("ver_0"), "champion", rest), (OLD, "canary", share))
    trials.predicted(served_alone, (OLD, "champion", says(served_alone, 0.3)))
    trials.predicted(again, (NEW, "champion", rest), (OLD, "canary", share))
    trials.it_is(day_of(3))
    trials.labels_land(again, some_labels(FIRST, ROWS))

    join_labels("flights", again, trials.ports)

    evidence = trials.ports.records.get(Evidence, Evidence.id_of("flights", OLD, NEW, "guard"))
    assert evidence is not None
    assert evidence.pairs == len(share)


def test_once_a_model_is_in_a_feedback_loop_its_shadow_is_compared_no_more_and_goes_on_as_canary(
    trials: Trials,
) -> None:
    lives_through(trials, 2, old=0.35, young=0.345)
    before = trials.evidence()
    trials.apply(a_config(stages={"has_feedback_loop": True, "canary_shares": [0.3]}))
    day = day_of(2)
    trials.predicted(day, (OLD, "champion", says(day, 0.35)), (NEW, "shadow", says(day, 0.1)))

    trials.joins(day)

    assert trials.evidence() == before
    assert trials.serving().canary == NEW


def test_an_entity_that_comes_again_is_not_counted_again(trials: Trials) -> None:
    in_a_loop(trials)
    old, new = split(FIRST, 0.3, young=0.3)
    again = day_of(1)
    trials.predicted(FIRST, (OLD, "champion", old), (NEW, "canary", new))
    trials.predicted(again, (OLD, "champion", old), (NEW, "canary", new))
    trials.joins(FIRST)
    trials.it_is(day_of(2))
    trials.labels_land(again, some_labels(FIRST, ROWS))

    join_labels("flights", again, trials.ports)

    evidence = trials.evidence("canary")
    assert [booked.pairs for booked in evidence.cohorts] == [len(new), 0]


def test_who_was_split_before_is_named_once_however_often_they_came(trials: Trials) -> None:
    in_a_loop(trials)
    rng = np.random.default_rng(3)
    come = [says(FIRST, 0.3).sample(n, random_state=n) for n in rng.integers(5, 300, 12).tolist()]
    for number, rows in enumerate(come):
        young = int(rng.integers(1, len(rows)))
        trials.predicted(
            day_of(number), (OLD, "champion", rows[young:]), (NEW, "canary", rows[:young])
        )

    for number in range(len(come) + 1):
        known = came_before(config_of("flights", trials.ports), day_of(number), NEW, trials.ports)

        assert known.is_unique
        assert set(known) == {key for rows in come[:number] for key in rows.index}
