"""Rows that people filed as failures judge later versions, and are never learned from."""

import pytest

from core.domain.errors import Busy, Unknown
from core.domain.failure import (
    MOST_FAILURES,
    Failure,
    Filing,
    TooManyFailures,
    WrongKey,
    WrongLabel,
)
from core.domain.figures import is_same_yardstick
from core.flows.file_failure import file_failure, filed_failures
from core.ports import changed, new
from tests.builders import ADA, NOON
from tests.scenarios.test_a_version_is_judged.judging import (
    PINNED,
    ROW,
    files,
    judged_by,
    learned,
    part,
    retrained,
    serves,
)
from tests.watched_model import ROWS, WatchedModel, some_labels


def test_a_filed_row_is_never_learned_from_and_judges_versions_from_then_on(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    before = retrained(watched)
    key = "2013-01-05-007"
    assert learned(watched, before)[PINNED] == ROWS
    files(watched, key)
    watched.apply(judged_by())

    first = retrained(watched)
    watched.ports.records.commit(changed(serves(watched, first.version)))
    watched.apply(judged_by(minimum_rows=20))
    second = retrained(watched)

    assert learned(watched, second)[PINNED] == ROWS - 1
    [used] = [
        used
        for used in watched.version(second.version).manifest.partitions
        if used.partition == PINNED
    ]
    assert used.without == (key,)
    assert "1 filed failure learned from before: left out." in first.notes
    assert part(second, "filed failures").rows == 1
    assert part(second, "filed failures").metrics[0].champion is not None


def test_what_a_person_says_of_a_row_counts_more_than_its_label(watched: WatchedModel) -> None:
    watched.lived_through(12)
    before = retrained(watched)
    files(watched, ROW, label=str(1 - some_labels(ROW[:10])[ROW]))

    after = retrained(watched)

    assert after.version == before.version
    loss, other = before.metrics[0].version.middle, after.metrics[0].version.middle
    assert other != loss
    assert after.validation_set != before.validation_set
    assert not is_same_yardstick(after, before)


def test_a_filed_row_waits_for_its_label_and_one_that_is_not_there_is_counted(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    watched.lands("2013-01-13")
    files(watched, "2013-01-13-000")
    files(watched, "2013-01-13-999", label="1")

    waiting = retrained(watched)
    watched.labels_land("2013-01-13")
    there = retrained(watched)

    assert "2 filed failures without a row, or without a label yet." in waiting.notes
    assert part(there, "filed failures").rows == 1


def test_of_two_people_who_file_a_row_at_once_the_last_word_counts(watched: WatchedModel) -> None:
    def meanwhile() -> None:
        files(watched, label="0")

    overtaken = watched.while_overtaken_by(meanwhile)
    file_failure("flights", Filing(partition=ROW[:10], key=ROW, label="1"), ADA, overtaken)

    [failure] = filed_failures("flights", watched.ports)
    assert failure.label == "1"


def test_others_who_keep_filing_the_same_row_are_busy(watched: WatchedModel) -> None:
    def meanwhile() -> None:
        files(watched, label="0")

    overtaken = watched.while_overtaken_by(meanwhile, times=9)

    with pytest.raises(Busy):
        file_failure("flights", Filing(partition=ROW[:10], key=ROW), ADA, overtaken)


def test_a_label_that_the_target_no_longer_has_is_counted_and_stops_nothing(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    filed = files(watched, label="1")
    watched.ports.records.commit(
        changed(filed_failures("flights", watched.ports)[0].model_copy(update={"label": "gone"}))
    )

    evaluation = retrained(watched)

    assert filed.label == "1"
    assert "1 filed failure without a row, or without a label yet." in evaluation.notes


def test_filing_a_row_again_changes_what_is_said_of_it(watched: WatchedModel) -> None:
    files(watched, label="0")

    files(watched, label="1")

    [failure] = filed_failures("flights", watched.ports)
    assert (failure.key, failure.label, failure.filed_by) == (ROW, "1", ADA.id)


def test_a_row_that_makes_no_sense_is_refused_in_words(watched: WatchedModel) -> None:
    with pytest.raises(WrongLabel, match="`2` is no label of `late`: it is 0 or 1"):
        files(watched, label="2")
    with pytest.raises(WrongKey, match="1 to 300 characters"):
        file_failure("flights", Filing(partition=PINNED, key=""), ADA, watched.ports)
    with pytest.raises(Unknown, match="no model named `trains`"):
        file_failure("trains", Filing(partition=PINNED, key="x"), ADA, watched.ports)

    assert filed_failures("flights", watched.ports) == []


def test_there_are_only_so_many_filed_failures(watched: WatchedModel) -> None:
    for number in range(MOST_FAILURES):
        failure = Failure(
            id=f"fail_{number}",
            model="flights",
            partition=PINNED,
            key=str(number),
            label=None,
            filed_by=ADA.id,
            filed_at=NOON,
        )
        watched.ports.records.commit(new(failure))

    with pytest.raises(TooManyFailures, match="1,000 filed failures"):
        files(watched)
