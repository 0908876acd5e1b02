from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.alert import (
    Alert,
    AlreadyAcknowledged,
    AlreadyResolved,
    Disposition,
    Priority,
)
from core.domain.errors import Refusal
from tests.builders import ADA, GRACE, NOON, an_alert, some_evidence

Change = Callable[[Alert], Alert]


def test_a_second_person_is_told_who_has_it() -> None:
    taken = an_alert().acknowledged_by(ADA, NOON)

    with pytest.raises(AlreadyAcknowledged, match="<@U0ADA> already has this one"):
        taken.acknowledged_by(GRACE, NOON)


def test_whoever_closes_what_nobody_has_has_it() -> None:
    closed = an_alert().resolved_as(Disposition.DATA_BUG, GRACE, NOON)

    assert (closed.owner, closed.is_open) == (GRACE.id, False)


@pytest.mark.parametrize(
    "change",
    [
        lambda alert: alert.acknowledged_by(GRACE, NOON),
        lambda alert: alert.prioritised(Priority.P1),
        lambda alert: alert.resolved_as(Disposition.NOISE, GRACE, NOON),
    ],
)
def test_a_resolved_alert_says_what_it_was_and_changes_no_more(change: Change) -> None:
    closed = an_alert().resolved_as(Disposition.DATA_BUG, ADA, NOON)

    with pytest.raises(AlreadyResolved, match="<@U0ADA> has already resolved this as data bug"):
        change(closed)


def test_the_same_partition_names_the_same_alert() -> None:
    assert an_alert().id == an_alert(evidence=some_evidence(fingerprint="f2")).id
    assert an_alert().id != an_alert(partition="2013-02-09").id


def test_the_queue_is_read_by_priority_and_then_by_age() -> None:
    later = NOON.replace(hour=13)
    alerts = {
        "P1": an_alert(priority="P1", raised_at=later),
        "P2": an_alert(priority="P2", raised_at=later),
        "nobody looked": an_alert(),
        "nobody looked, younger": an_alert(raised_at=later),
        "nobody looked, a warning": an_alert(evidence=some_evidence(severity="warn")),
        "P3": an_alert(priority="P3"),
    }

    assert sorted(alerts, key=lambda name: alerts[name].place) == list(alerts)


def test_a_resolved_alert_is_open_again_when_other_data_is_broken() -> None:
    closed = an_alert().resolved_as(Disposition.NOISE, ADA, NOON)

    assert not closed.with_evidence(some_evidence()).is_open
    again = closed.with_evidence(some_evidence(fingerprint="f2"))
    assert (again.is_open, again.owner) == (True, ADA.id)
    mended = some_evidence(fingerprint="f3", severity="ok", error_class=None, blamed=())
    assert not closed.with_evidence(mended).is_open


steps = st.lists(
    st.sampled_from(
        [
            lambda alert: alert.acknowledged_by(ADA, NOON),
            lambda alert: alert.acknowledged_by(GRACE, NOON),
            lambda alert: alert.prioritised(Priority.P3),
            lambda alert: alert.resolved_as(Disposition.NOISE, ADA, NOON),
            lambda alert: alert.with_evidence(some_evidence(fingerprint="f2")),
        ]
    ),
    max_size=8,
)


@given(steps)
def test_no_order_of_clicks_takes_an_alert_away_or_reopens_it_on_the_same_data(
    clicks: list[Change],
) -> None:
    alert = an_alert()
    for click in clicks:
        before = alert
        try:
            alert = click(before)
        except Refusal:
            continue
        assert before.owner in {None, alert.owner}
        is_other = alert.evidence.fingerprint != before.evidence.fingerprint
        assert before.is_open or is_other or not alert.is_open
        assert alert.is_open == (alert.resolved_at is None)
    assert Alert.model_validate_json(alert.model_dump_json()) == alert
