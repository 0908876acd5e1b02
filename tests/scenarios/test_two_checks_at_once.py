"""Checks that stop, overtake each other, or read data that changes under them."""

import pytest

from core.domain.alert import Alert
from core.domain.errors import Busy, Unavailable
from functions.flows.check_partition import check_partition
from tests.checked_model import DAY, check_of, flights
from tests.disturbed_stores import overtaken
from tests.watched_model import WatchedModel


def test_a_crash_between_check_and_alert_is_healed_by_the_retry(known: WatchedModel) -> None:
    known.puts("flights/features", DAY, b"not parquet")
    with pytest.raises(Unavailable):
        check_partition("flights", DAY, known.while_none_is_stored(Alert))
    assert known.alerts() == []
    assert check_of(known).verdict.is_broken

    check_partition("flights", DAY, known.ports)

    assert len(known.alerts()) == 1


def test_of_two_checks_at_once_one_is_stored(known: WatchedModel) -> None:
    known.lands(DAY, flights(DAY))
    meanwhile = overtaken(known.ports, lambda: check_partition("flights", DAY, known.ports))

    check = check_partition("flights", DAY, meanwhile)

    assert check == check_of(known)


def test_data_that_is_rewritten_during_its_check_is_checked_again(known: WatchedModel) -> None:
    known.lands(DAY, flights(DAY))
    rewriting = overtaken(known.ports, lambda: known.lands(DAY, flights(DAY).head(90)))

    assert check_partition("flights", DAY, rewriting).rows == 90


def test_data_that_never_rests_is_left_to_the_next_try(known: WatchedModel) -> None:
    known.lands(DAY, flights(DAY))
    restless = overtaken(known.ports, lambda: known.lands(DAY, flights(DAY)), times=9)

    with pytest.raises(Busy):
        check_partition("flights", DAY, restless)
