"""A person accepts that the contract promises less, or keeps the old rule."""

from core.adapters.slack.actions import ACCEPT_CONTRACT, KEEP_CONTRACT
from core.domain.alert import Disposition
from core.domain.contract import Promise
from core.domain.contract_change import ChangeState
from core.domain.model_config import Access
from core.flows.resolve import resolve
from tests.builders import ADA, CHANNEL, GRACE, NOON, a_config, a_rule
from tests.checked_model import checked, flights
from tests.scenarios.scene import Scene
from tests.scenarios.test_a_contract_is_refitted.refitting import (
    broken_by_unchecked_days,
    changes,
    day,
    promises,
    refit,
    with_holes,
)
from tests.watched_model import WatchedModel


def test_once_accepted_it_is_promised_no_longer(scene: Scene, watched: WatchedModel) -> None:
    broken_by_unchecked_days(scene, watched)

    scene.click(ACCEPT_CONTRACT, ADA)

    [card] = scene.slack.messages(CHANNEL)
    assert "the contract promises less" in scene.words(card)
    assert not scene.has(card, ACCEPT_CONTRACT)
    assert not scene.has(card, KEEP_CONTRACT)
    [reply] = scene.thread(card)
    assert reply.text == "<@U0ADA> accepted it: no longer promised"
    assert Promise.FILLED not in promises(watched, "distance")
    answer = checked(watched, with_holes(day(3)), day(3))
    assert "rules out" not in str(answer["blamed"])


def test_once_kept_it_goes_on_and_the_card_shows_how_to_write_it_down(
    scene: Scene, watched: WatchedModel
) -> None:
    broken_by_unchecked_days(scene, watched)

    scene.click(KEEP_CONTRACT, GRACE)

    [card] = scene.slack.messages(CHANNEL)
    words = scene.words(card)
    assert "the contract is kept as it was" in words
    assert "- {column: distance, never_null: true, owner: U0GRACE, reason: say why," in words
    assert not scene.has(card, KEEP_CONTRACT)
    assert "rules out" in str(checked(watched, with_holes(day(3)), day(3))["blamed"])


def test_what_is_kept_is_asked_about_again_after_three_months(
    scene: Scene, watched: WatchedModel
) -> None:
    broken_by_unchecked_days(scene, watched)
    scene.click(KEEP_CONTRACT, GRACE)
    watched.lands(day(3), flights(day(3)))
    watched.now = NOON
    refit(watched)
    assert scene.deliver() == 0

    watched.it_is("2013-06-01")
    watched.lands(day(4), flights(day(4)))
    refit(watched)

    assert scene.deliver() == 1
    assert len(scene.slack.messages(CHANNEL)) == 2


def test_what_somebody_wrote_into_the_config_is_asked_no_more(
    scene: Scene, watched: WatchedModel
) -> None:
    rules = [a_rule(never_null=True), a_rule(at_least=0), a_rule(column="flight_id", unique=True)]
    stated = {"constraints": [rule.model_dump() for rule in rules]}
    watched.apply(a_config(**watched.config.model_dump() | stated))

    broken_by_unchecked_days(scene, watched)

    assert scene.slack.messages(CHANNEL) == []
    assert Promise.FILLED in promises(watched, "distance")


def test_of_two_people_the_second_is_told_who_decided(scene: Scene, watched: WatchedModel) -> None:
    broken_by_unchecked_days(scene, watched)
    [card] = scene.slack.messages(CHANNEL)

    scene.click(KEEP_CONTRACT, GRACE, on=card)
    scene.click(ACCEPT_CONTRACT, ADA, on=card)

    assert scene.whispered_to(ADA) == "<@U0GRACE> has already decided this: kept the old rule."
    assert Promise.FILLED in promises(watched, "distance")


def test_who_may_not_decide_is_told_whom_to_ask(scene: Scene, watched: WatchedModel) -> None:
    access = Access(responders=(ADA.id,))
    watched.apply(watched.config.model_copy(update={"access": access}))
    broken_by_unchecked_days(scene, watched)

    scene.click(ACCEPT_CONTRACT, GRACE)

    assert scene.whispered_to(GRACE) == (
        "You may not decide about the contract here. Please ask one of: <@U0ADA>."
    )
    assert Promise.FILLED in promises(watched, "distance")


def test_what_a_person_called_normal_is_loosened_without_another_question(
    watched: WatchedModel,
) -> None:
    checked(watched, with_holes(day(0)), day(0))
    [alert] = watched.alerts()
    resolve(alert.id, Disposition.EXPECTED_CHANGE, by=ADA, ports=watched.ports)

    again = checked(watched, with_holes(day(1)), day(1))
    assert "rules out" not in str(again["blamed"])
    refit(watched)

    [change] = changes(watched)
    assert change.state is ChangeState.FOLLOWED
    assert change.followed == (
        f"`distance` may be missing: the alert of {day(0)} was resolved as expected change",
    )
    assert Promise.FILLED not in promises(watched, "distance")
