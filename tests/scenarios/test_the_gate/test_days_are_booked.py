"""What a version on trial showed is booked day by day, once, as labels mature."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from core.domain.errors import Busy
from core.domain.evidence import Claim, Evidence
from core.domain.outbox import OutboxEntry
from core.ports import Ports, changed
from functions.flows.join_labels import join_labels
from tests.builders import CHANNEL
from tests.scenarios.test_the_gate.trials import (
    FIRST,
    NEW,
    OLD,
    ROWS,
    Trials,
    day_of,
    lives_through,
    says,
)
from tests.watched_model import some_labels


def test_a_better_version_is_shown_to_gain_and_its_card_says_so(trials: Trials) -> None:
    lives_through(trials, 5, old=0.35, young=0.25)

    evidence = trials.evidence()
    assert (evidence.decision, evidence.pairs) == ("gain", 5 * ROWS)
    assert evidence.gained / evidence.pairs == pytest.approx(0.35**2 - 0.25**2, abs=0.002)
    shown = trials.card().evidence
    assert shown is not None
    assert (shown.decision, shown.cohorts, shown.known_up_to) == ("gain", 5, "2013-03-05")


def test_a_worse_version_is_shown_to_be_harmful(trials: Trials) -> None:
    lives_through(trials, 2, old=0.25, young=0.35)

    evidence = trials.evidence()
    assert evidence.decision == "harmful"


def test_labels_that_come_early_do_not_count_before_the_cohort_is_mature(trials: Trials) -> None:
    trials.predicted(
        FIRST, (OLD, "champion", says(FIRST, 0.35)), (NEW, "shadow", says(FIRST, 0.25))
    )
    trials.it_is(FIRST)
    trials.labels_land(FIRST, some_labels(FIRST, ROWS))
    join_labels("flights", FIRST, trials.ports)
    assert not trials.is_compared()

    trials.predicted(
        day_of(1), (OLD, "champion", says(day_of(1), 0.35)), (NEW, "shadow", says(day_of(1), 0.25))
    )
    trials.joins(day_of(1))

    evidence = trials.evidence()
    assert [booked.partition for booked in evidence.cohorts] == [FIRST, day_of(1)]


def test_the_same_labels_again_change_nothing_and_draw_no_card(trials: Trials) -> None:
    lives_through(trials, 2, old=0.35, young=0.34)
    before = trials.evidence()
    waiting = trials.ports.records.query(OutboxEntry, f"outbox:{CHANNEL}")

    trials.joins(day_of(1), on="2013-03-09")

    assert trials.evidence() == before
    assert trials.ports.records.query(OutboxEntry, f"outbox:{CHANNEL}") == waiting


def test_corrected_labels_replace_what_their_day_had_said(trials: Trials) -> None:
    lives_through(trials, 2, old=0.35, young=0.30)
    before = trials.evidence()
    row, label = next(iter(some_labels(FIRST, ROWS).items()))

    trials.joins(FIRST, on="2013-03-09", **{row: 1 - label})
    between = trials.evidence()
    trials.joins(FIRST, on="2013-03-10", **{row: label})
    after = trials.evidence()

    assert between.log_e(Claim.GAIN) != before.log_e(Claim.GAIN)
    assert after.pairs == before.pairs
    assert after.cohorts == before.cohorts


def test_a_run_that_stopped_before_the_card_was_drawn_is_made_good(trials: Trials) -> None:
    lives_through(trials, 1, old=0.35, young=0.30)
    bare = trials.card().model_copy(update={"evidence": None})
    trials.ports.records.commit(changed(bare))

    trials.joins(FIRST, on="2013-03-03")

    assert trials.card().evidence is not None


def corrupt(trials: Trials, spoil: Callable[[str], str]) -> None:
    with closing(sqlite3.connect(trials.folder / "watchkeeper.sqlite")) as connection, connection:
        [(doc,)] = connection.execute("SELECT doc FROM records WHERE kind = 'evidence'").fetchall()
        connection.execute("UPDATE records SET doc = ? WHERE kind = 'evidence'", (spoil(doc),))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda doc: doc[: len(doc) // 2],
        lambda doc: doc.replace('"gained":', '"gained":NaN,"x":', 1),
        lambda doc: doc.replace('"pairs":400', '"pairs":4'),
        lambda doc: doc.replace('"growth":{"gain":[', '"growth":{"gain":[4', 2),
    ],
)
def test_a_corrupted_state_is_refused_in_words_and_put_together_again(
    trials: Trials, spoil: Callable[[str], str]
) -> None:
    lives_through(trials, 3, old=0.35, young=0.345)
    before = trials.evidence()
    corrupt(trials, spoil)

    trials.joins(FIRST, on="2013-03-09")

    after = trials.evidence()
    assert after.cohorts == before.cohorts
    [alert] = trials.alerts()
    assert alert.rule == "evidence"
    assert "is corrupted, and was not used" in alert.evidence.summary


def test_a_correction_of_a_day_that_is_no_longer_kept_apart_is_counted_too(
    trials: Trials,
) -> None:
    lives_through(trials, 3, old=0.35, young=0.345)
    whole = trials.evidence()
    first, *others = whole.cohorts
    folded = whole.model_copy(
        update={
            "earlier": whole.story[1],
            "earlier_basis": {first.partition: first.basis},
            "cohorts": tuple(others),
        }
    )
    trials.ports.records.commit(changed(folded))
    row, label = next(iter(some_labels(FIRST, ROWS).items()))

    trials.joins(FIRST, on="2013-03-09", **{row: 1 - label})

    corrected = trials.evidence()
    assert [booked.partition for booked in corrected.cohorts] == [day_of(n) for n in range(3)]
    assert corrected.cohorts[0].gained != first.gained
    assert corrected.cohorts[1:] == whole.cohorts[1:]


def test_of_two_runs_at_once_both_days_are_booked(trials: Trials) -> None:
    days = (day_of(0), day_of(1))
    for day in days:
        trials.predicted(day, (OLD, "champion", says(day, 0.35)), (NEW, "shadow", says(day, 0.3)))
    trials.labels_land(days[1], some_labels(days[1], ROWS))
    trials.it_is(day_of(2))

    def meanwhile() -> None:
        join_labels("flights", days[1], trials.ports)

    trials.labels_land(days[0], some_labels(days[0], ROWS))
    join_labels("flights", days[0], trials.while_overtaken_by(meanwhile))

    evidence = trials.evidence()
    assert [booked.partition for booked in evidence.cohorts] == list(days)


def test_a_run_that_is_never_first_gives_up_and_is_retried(trials: Trials) -> None:
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.35)), (NEW, "shadow", says(FIRST, 0.3)))

    with pytest.raises(Busy):
        join_evidence_never_first(trials)


def join_evidence_never_first(trials: Trials) -> None:
    stored = trials.ports.records

    class NeverForEvidence:
        get, query = staticmethod(stored.get), staticmethod(stored.query)

        @staticmethod
        def commit(*writes: Any) -> bool:
            of_evidence = any(isinstance(write.record, Evidence) for write in writes)
            return not of_evidence and stored.commit(*writes)

    ports: Ports = replace(trials.ports, records=NeverForEvidence())
    trials.it_is(day_of(1))
    trials.labels_land(FIRST, some_labels(FIRST, ROWS))
    join_labels("flights", FIRST, ports)
