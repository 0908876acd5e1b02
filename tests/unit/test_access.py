import pytest

from core.domain.access import NotAllowed, Verb, require
from core.domain.model_config import Access
from core.domain.person import Person
from tests.builders import ADA, APPROVERS, GRACE


def test_where_nobody_is_named_everybody_may() -> None:
    for verb in Verb:
        require(verb, GRACE, Access(), {})


def test_a_member_of_the_group_may() -> None:
    require(Verb.PROMOTE, ADA, Access(approvers=(APPROVERS,)), {APPROVERS: frozenset({ADA.id})})


def test_others_are_told_whom_to_ask() -> None:
    access = Access(approvers=(APPROVERS, ADA.id))

    with pytest.raises(NotAllowed) as refused:
        require(Verb.PROMOTE, GRACE, access, {APPROVERS: frozenset()})

    assert str(refused.value) == (
        "You may not promote here. Please ask one of: <!subteam^S0APPROVERS>, <@U0ADA>."
    )


def test_an_approver_may_all_that_a_responder_may() -> None:
    access = Access(responders=(GRACE.id,), approvers=(ADA.id,))

    require(Verb.ACKNOWLEDGE, ADA, access, {})
    with pytest.raises(NotAllowed):
        require(Verb.ROLL_BACK, GRACE, access, {})


def test_the_schedule_and_the_command_line_pass() -> None:
    for by in (Person.machine(), Person.command_line()):
        require(Verb.ROLL_BACK, by, Access(approvers=(ADA.id,)), {})


def test_a_group_whose_members_are_not_known_yet_lets_nobody_in() -> None:
    with pytest.raises(NotAllowed):
        require(Verb.PROMOTE, ADA, Access(approvers=(APPROVERS,)), {})
