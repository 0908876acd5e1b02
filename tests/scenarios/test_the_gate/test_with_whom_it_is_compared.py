"""A version is compared with the champion that served, on days that both predicted."""

from core.domain.evidence import Evidence
from core.domain.ids import VersionId
from tests.builders import a_config
from tests.scenarios.test_the_gate.trials import (
    FIRST,
    NEW,
    OLD,
    Trials,
    day_of,
    lives_through,
    says,
    split,
)


def test_a_champion_that_changed_starts_another_comparison(trials: Trials) -> None:
    lives_through(trials, 2, old=0.35, young=0.30)
    other = VersionId("ver_c")
    trials.serves(champion=other)
    day = day_of(2)
    trials.predicted(day, (other, "champion", says(day, 0.3)), (NEW, "shadow", says(day, 0.3)))

    trials.joins(day)

    anew = trials.ports.records.get(Evidence, Evidence.id_of("flights", NEW, other))
    assert anew is not None
    assert [booked.partition for booked in anew.cohorts] == [day]


def test_days_that_another_version_served_do_not_count(trials: Trials) -> None:
    spare = VersionId("ver_spare")
    trials.predicted(
        FIRST, (spare, "champion", says(FIRST, 0.5)), (NEW, "shadow", says(FIRST, 0.3))
    )

    trials.joins(FIRST)

    assert not trials.is_compared()


def test_the_last_champion_is_watched_on_days_after_the_promotion_only(trials: Trials) -> None:
    lives_through(trials, 2, old=0.35, young=0.30)
    trials.serves(champion=NEW, challenger=None, guard=OLD)
    day = day_of(2)
    trials.predicted(day, (NEW, "champion", says(day, 0.3)), (OLD, "shadow", says(day, 0.2)))

    trials.joins(day)

    watch = trials.ports.records.get(Evidence, Evidence.id_of("flights", OLD, NEW, "guard"))
    assert watch is not None
    assert ([one.partition for one in watch.cohorts], watch.decision) == ([day], "gain")


def test_other_margins_start_anew_and_the_card_says_since_when(trials: Trials) -> None:
    lives_through(trials, 2, old=0.35, young=0.30)
    trials.apply(a_config(stages={"margin": 0.05}))
    day = day_of(2)
    trials.predicted(day, (OLD, "champion", says(day, 0.35)), (NEW, "shadow", says(day, 0.30)))

    trials.joins(day)

    evidence, shown = trials.evidence(), trials.card().evidence
    assert [booked.partition for booked in evidence.cohorts] == [day]
    assert shown is not None
    assert shown.starts_after == day_of(1)


def test_without_a_loop_a_canary_is_compared_on_the_rows_it_serves(trials: Trials) -> None:
    trials.serves(challenger=None, canary=NEW, canary_share=0.3)
    _, new = split(FIRST, 0.3, young=0.25)
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.35)), (NEW, "canary", new))

    trials.joins(FIRST)

    evidence = trials.evidence("canary")
    assert evidence.pairs == len(new)


def test_days_before_a_version_came_do_not_count(trials: Trials) -> None:
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.35)))

    trials.joins(FIRST)

    assert not trials.is_compared()


def test_a_model_without_a_champion_is_not_judged(trials: Trials) -> None:
    trials.serves(champion=None)

    lives_through(trials, 1, old=0.35, young=0.3)

    assert not trials.is_compared()
