from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.adapters.slack.cards import card_of
from core.domain.hand_over import HandOver
from core.domain.on_call_config import OnCall
from infra.local.slack.validation.payloads import block_problems
from tests.builders import ADA, CHANNEL, GRACE, NOON

moments = st.datetimes(datetime(2013, 1, 1), datetime(2016, 1, 1)).map(  # noqa: DTZ001 - made aware
    lambda at: at.replace(tzinfo=UTC)
)
lines = st.lists(st.text(min_size=1, max_size=500), max_size=60).map(tuple)


def a_rota(**changes: object) -> OnCall:
    stated = {"rota": [ADA.id, GRACE.id, "U0LINUS"], "since": "2013-02-04"}
    return OnCall.model_validate(stated | changes)


@given(moments, st.integers(1, 28), st.integers(0, 23))
def test_each_moment_lies_in_one_shift_and_behind_the_one_before(
    at: datetime, days: int, hour: int
) -> None:
    rota = a_rota(days_each=days, hand_over_hour=hour)

    shift, before = rota.shift_at(at), rota.shift_before(at)

    assert at < shift.ends_at
    assert shift.ends_at - shift.begins_at == timedelta(days=days)
    if before is not None:
        assert before.ends_at == shift.begins_at <= at
        assert before.next_person == shift.person


def test_each_person_has_a_turn_before_the_first_comes_again() -> None:
    weeks = [a_rota().shift_at(NOON + timedelta(weeks=n)) for n in range(4)]

    assert [shift.person for shift in weeks] == [ADA.id, GRACE.id, "U0LINUS", ADA.id]
    assert all(one.next_person == other.person for one, other in pairwise(weeks))


def test_before_its_first_day_it_is_the_first_persons_turn() -> None:
    early = a_rota().shift_at(NOON - timedelta(days=30))

    assert early.person == ADA.id
    assert a_rota().shift_before(NOON - timedelta(days=30)) is None


@pytest.mark.parametrize(
    ("person", "owner", "asked"),
    [
        (ADA.id, "U0BOSS", (GRACE.id, "U0BOSS")),
        ("U0LINUS", "U0BOSS", (ADA.id, "U0BOSS")),
        (ADA.id, GRACE.id, (GRACE.id,)),
        (GRACE.id, GRACE.id, ("U0LINUS",)),
        ("U0LEFT", "U0BOSS", (ADA.id, "U0BOSS")),
    ],
)
def test_nobody_is_asked_twice(person: str, owner: str, asked: tuple[str, ...]) -> None:
    assert a_rota().asked_after(person, owner) == asked


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rota": []}, "at least 1 item"),
        ({"rota": [ADA.id, ADA.id]}, "each person stands in it once"),
        ({"shadow_seat": ADA.id}, "does not stand in the rota yet"),
        ({"rota": ["S0GROUP"]}, "should match pattern"),
        ({"escalates_after_minutes": 0}, "greater than or equal to 5"),
    ],
)
def test_a_rota_that_cannot_be_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        a_rota(**changes)


@given(lines, lines, lines, lines, st.none() | st.text(max_size=900), st.integers(0, 2000))
def test_every_hand_over_is_a_message_that_slack_takes(  # noqa: PLR0913, PLR0917 - all that it holds
    still_open: tuple[str, ...],
    closed: tuple[str, ...],
    ignored: tuple[str, ...],
    unfinished: tuple[str, ...],
    slo: str | None,
    not_posted: int,
) -> None:
    text, blocks = card_of(
        HandOver(
            id="hov_1",
            model="flights",
            channel=CHANNEL,
            from_person=ADA.id,
            to_person=GRACE.id,
            begins_at=NOON,
            ends_at=NOON + timedelta(days=7),
            still_open=still_open,
            closed=closed,
            ignored=ignored,
            not_posted=not_posted,
            unfinished=unfinished,
            slo=slo,
        )
    )

    assert text
    assert blocks is not None
    assert block_problems(blocks, "message") == []
