"""A version on trial is judged day by day, on labels that are there."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core.adapters.slack.evidence_lines import evidence_lines
from core.domain.alert import Alert
from core.domain.challenge import Challenge
from core.domain.errors import Busy
from core.domain.evaluation import Evaluation
from core.domain.evidence import Claim, Evidence
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.outbox import OutboxEntry
from core.domain.partition import days_before
from core.domain.scored import Scored, Stage
from core.domain.serving import Serving
from core.domain.terms import Trial
from core.flows.permit import config_of
from core.ports import Ports, changed, new
from functions.data.predicted import Predicted
from functions.data.prediction_log import log_key, write_log
from functions.flows.join_labels import join_labels
from functions.flows.judging.judged_rows import came_before
from tests.builders import CHANNEL, NOON, a_challenge, a_config
from tests.compared import alike
from tests.staged import store_version
from tests.watched_model import WatchedModel, some_flights, some_labels

ROWS = 400
FIRST = "2013-03-01"
OLD, NEW = VersionId("ver_a"), VersionId("ver_b")


def _predicted(version: VersionId, stage: Stage, of: "pd.Series[float]") -> Predicted:
    said = np.asarray(of, dtype=np.float64)
    keys = pa.chunked_array([pa.array(of.index, pa.string())])
    return replace(Predicted.unserved(version, keys, said), stage=stage)


class Trials(WatchedModel):
    """Versions whose predictions are known: the first is worse by what `says` it is off."""

    def serves(self, **pointer: Any) -> None:
        """Move the pointer."""
        before = self.ports.records.get(Serving, "flights")
        after = (before or Serving(id="flights")).model_copy(update=pointer)
        assert self.ports.records.commit(changed(after) if before else new(after))

    def predicted(self, day: str, *said: tuple[VersionId, Stage, "pd.Series[float]"]) -> None:
        """Log what versions said of a day, the champion first, and record it."""
        self.lands(day, some_flights(day, ROWS))
        logs = tuple(
            write_log(
                log_key("flights", day, version, stage),
                day,
                _predicted(version, stage, of),
                self.now,
                self.ports.objects,
            )
            for version, stage, of in said
        )
        scored = Scored(
            id=Scored.id_of("flights", day),
            model="flights",
            partition=day,
            scored_at=self.now,
            features_hash="f",
            logs=logs,
        )
        assert self.ports.records.commit(new(scored))

    def joins(self, day: str, on: str | None = None, **labels: int) -> None:
        """Let the labels of a day land, corrected where given, and join them."""
        self.it_is(on or days_before(day, -1))
        self.labels_land(day, some_labels(day, ROWS) | labels)
        join_labels("flights", day, self.ports)

    def evidence(self, trial: Trial = "shadow", version: VersionId = NEW) -> Evidence | None:
        """Read what is known."""
        return self.ports.records.get(Evidence, Evidence.id_of("flights", version, OLD, trial))

    def card(self) -> Challenge:
        """Read the card of the new version."""
        found = self.ports.records.get(Challenge, Challenge.id_of("flights", NEW))
        assert found is not None
        return found


def says(day: str, off: float) -> "pd.Series[float]":
    """Predict each flight of a day, wrong by as much as one likes, and some rows more."""
    labels = pd.Series(some_labels(day, ROWS))
    chance = np.random.default_rng(len(day) + int(day[-2:]))
    wrong = np.clip(off + chance.normal(0, 0.05, ROWS), 0, 1)
    return pd.Series(np.abs(labels.to_numpy() - wrong), index=pd.Index(labels.index, dtype="str"))


@pytest.fixture
def trials(tmp_path: Path) -> Trials:
    """A champion, and a challenger that has its card."""
    trials = Trials(tmp_path)
    trials.it_is(FIRST)
    trials.serves(champion=OLD, challenger=NEW)
    trials.ports.records.commit(new(a_challenge(version=NEW)), new(an_evaluation()))
    return trials


def an_evaluation() -> Evaluation:
    """The two were judged before, on days that differ by chance alone: a clear gain."""
    return Evaluation(
        id="evl_of_both",
        model="flights",
        version=NEW,
        champion=OLD,
        evaluator_hash="e",
        validation=(),
        validation_set="v",
        made_at=NOON,
        rows=7 * ROWS,
        metrics=(),
        days=alike(0.06),
    )


def day_of(number: int) -> str:
    return days_before(FIRST, -number)


def lives_through(trials: Trials, days: int, old: float, young: float) -> None:
    for number in range(days):
        day = day_of(number)
        trials.predicted(day, (OLD, "champion", says(day, old)), (NEW, "shadow", says(day, young)))
        trials.joins(day)


def test_a_better_version_is_shown_to_gain_and_its_card_says_so(trials: Trials) -> None:
    lives_through(trials, 5, old=0.35, young=0.25)

    evidence = trials.evidence()
    assert evidence is not None
    assert (evidence.decision, evidence.pairs) == ("gain", 5 * ROWS)
    assert evidence.gained / evidence.pairs == pytest.approx(0.35**2 - 0.25**2, abs=0.002)
    shown = trials.card().evidence
    assert shown is not None
    assert (shown.decision, shown.cohorts, shown.known_up_to) == ("gain", 5, "2013-03-05")


def test_a_worse_version_is_shown_to_be_harmful(trials: Trials) -> None:
    lives_through(trials, 2, old=0.25, young=0.35)

    evidence = trials.evidence()
    assert evidence is not None
    assert evidence.decision == "harmful"


def test_labels_that_come_early_do_not_count_before_the_cohort_is_mature(trials: Trials) -> None:
    trials.predicted(
        FIRST, (OLD, "champion", says(FIRST, 0.35)), (NEW, "shadow", says(FIRST, 0.25))
    )
    trials.it_is(FIRST)
    trials.labels_land(FIRST, some_labels(FIRST, ROWS))
    join_labels("flights", FIRST, trials.ports)
    assert trials.evidence() is None

    trials.predicted(
        day_of(1), (OLD, "champion", says(day_of(1), 0.35)), (NEW, "shadow", says(day_of(1), 0.25))
    )
    trials.joins(day_of(1))

    evidence = trials.evidence()
    assert evidence is not None
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

    assert before is not None
    assert between is not None
    assert after is not None
    assert between.log_e(Claim.GAIN) != before.log_e(Claim.GAIN)
    assert after.pairs == before.pairs
    assert after.cohorts == before.cohorts


def test_a_run_that_stopped_before_the_card_was_drawn_is_made_good(trials: Trials) -> None:
    lives_through(trials, 1, old=0.35, young=0.30)
    bare = trials.card().model_copy(update={"evidence": None})
    trials.ports.records.commit(changed(bare))

    trials.joins(FIRST, on="2013-03-03")

    assert trials.card().evidence is not None


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

    assert trials.evidence() is None


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
    assert evidence is not None
    assert [booked.partition for booked in evidence.cohorts] == [day]
    assert shown is not None
    assert shown.starts_after == day_of(1)


def with_slice(name: str, column: str = "carrier", **stages: Any) -> ModelConfig:
    part = {
        "name": name,
        "where": [{"column": column, "one_of": [name]}],
        "is_protected": True,
    }
    return a_config(evaluation={"slices": [part]}, stages=stages)


def test_a_protected_slice_is_looked_at_by_itself(trials: Trials) -> None:
    trials.apply(with_slice("AA"))
    flights = some_flights(FIRST, ROWS)
    better = says(FIRST, 0.25).to_numpy(copy=True)
    of_slice = (flights["carrier"] == "AA").to_numpy()
    better[of_slice] = says(FIRST, 0.6).to_numpy()[of_slice]
    said = pd.Series(better, index=says(FIRST, 0.25).index)
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.4)), (NEW, "shadow", said))

    trials.joins(FIRST)

    evidence = trials.evidence()
    assert evidence is not None
    [booked] = evidence.cohorts
    assert booked.guards[1].pairs == of_slice.sum()
    assert booked.guards[1].gained / of_slice.sum() == pytest.approx(0.4**2 - 0.6**2, abs=0.01)
    assert (evidence.decision, evidence.standing.violated[-1]) == ("harmful", "AA")


def test_features_are_read_only_for_protected_slices(trials: Trials) -> None:
    key = trials.lands(FIRST, some_flights(FIRST, ROWS))
    trials.ports = trials.while_cannot_be_read(key)

    lives_through(trials, 1, old=0.35, young=0.3)

    assert trials.evidence() is not None


def test_a_day_whose_slices_cannot_be_told_is_left_out_and_told(trials: Trials) -> None:
    trials.apply(with_slice("AA"))
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.35)), (NEW, "shadow", says(FIRST, 0.3)))
    trials.lands(FIRST, some_flights(FIRST, ROWS).drop(columns="carrier"))

    trials.joins(FIRST)

    assert trials.evidence() is None
    [alert] = trials.alerts()
    assert alert.rule == "judge"
    assert "`carrier`" in alert.evidence.summary


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
    assert before is not None
    assert after is not None
    assert after.cohorts == before.cohorts
    [alert] = trials.alerts()
    assert alert.rule == "evidence"
    assert "is corrupted, and was not used" in alert.evidence.summary


def split(day: str, share: float, young: float) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """Let the canary serve a share of the flights of a day, and the champion the rest."""
    old, new = says(day, 0.35), says(day, young)
    is_canarys = np.random.default_rng(int(day[-2:])).uniform(size=ROWS) < share
    return old[~is_canarys], new[is_canarys]


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
    assert canary is not None
    assert canary.decision == "gain"
    assert canary.pairs == sum(len(split(day_of(number), 0.3, 0.2)[1]) for number in range(8))
    assert canary.gained / canary.pairs == pytest.approx(0.35**2 - 0.2**2, abs=0.01)
    assert trials.evidence("shadow", following) is None
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
    assert evidence is not None
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


def test_without_a_loop_a_canary_is_compared_on_the_rows_it_serves(trials: Trials) -> None:
    trials.serves(challenger=None, canary=NEW, canary_share=0.3)
    _, new = split(FIRST, 0.3, young=0.25)
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.35)), (NEW, "canary", new))

    trials.joins(FIRST)

    evidence = trials.evidence("canary")
    assert evidence is not None
    assert evidence.pairs == len(new)


def test_a_correction_of_a_day_that_is_no_longer_kept_apart_is_counted_too(
    trials: Trials,
) -> None:
    lives_through(trials, 3, old=0.35, young=0.345)
    whole = trials.evidence()
    assert whole is not None
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
    assert corrected is not None
    assert [booked.partition for booked in corrected.cohorts] == [day_of(n) for n in range(3)]
    assert corrected.cohorts[0].gained != first.gained
    assert corrected.cohorts[1:] == whole.cohorts[1:]


def test_features_that_are_gone_leave_a_slice_without_pairs(trials: Trials) -> None:
    trials.apply(with_slice("AA"))
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.35)), (NEW, "shadow", says(FIRST, 0.3)))
    for landed in (trials.folder / "objects" / "flights" / "features").rglob("*.parquet"):
        landed.unlink()

    trials.joins(FIRST)

    evidence = trials.evidence()
    assert evidence is not None
    assert [weighed.pairs for weighed in evidence.cohorts[0].guards] == [ROWS, 0]


def test_days_before_a_version_came_do_not_count(trials: Trials) -> None:
    trials.predicted(FIRST, (OLD, "champion", says(FIRST, 0.35)))

    trials.joins(FIRST)

    assert trials.evidence() is None


def test_a_model_without_a_champion_is_not_judged(trials: Trials) -> None:
    trials.serves(champion=None)

    lives_through(trials, 1, old=0.35, young=0.3)

    assert trials.evidence() is None


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
    assert evidence is not None
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
