"""Trainings write down what columns promise, and propose what they would loosen."""

import pytest

from core.adapters.slack.actions import ACCEPT_CONTRACT, KEEP_CONTRACT
from core.domain.contract import Contract, Promise
from core.domain.contract_change import AlreadyDecided, ChangeState
from core.domain.contract_refit import Refit
from core.domain.errors import Busy
from core.flows.accept_contract import accept_contract
from core.flows.contract_overview import contract_overview
from core.flows.deliver import deliver
from core.flows.refit_contract import refit_contract
from core.flows.refresh_people import refresh_people
from infra.local.contract_text import contract_text
from tests.builders import ADA, CHANNEL, GRACE, a_config, a_rule
from tests.checked_model import DAY, LEARNED, checked, flights
from tests.scenarios.scene import Scene
from tests.scenarios.test_a_contract_is_refitted.refitting import (
    broken_by_unchecked_days,
    changes,
    contract,
    day,
    promises,
    refit,
    with_holes,
)
from tests.watched_model import WatchedModel


def test_the_first_training_writes_down_what_the_columns_promise(watched: WatchedModel) -> None:
    found = contract(watched)

    assert (found.first, found.last, found.partitions) == (LEARNED[0], LEARNED[-1], len(LEARNED))
    assert promises(watched, "distance") == {
        Promise.FILLED,
        Promise.NOT_NEGATIVE,
        Promise.NOT_ZERO,
    }
    assert promises(watched, "carrier") >= {Promise.FILLED, Promise.PLAIN}
    assert promises(watched, "flight_id") == {Promise.ONCE}
    [carrier] = [of for of in found.columns if of.column == "carrier"]
    assert carrier.categories == 3
    assert changes(watched) == []


def test_a_training_that_finds_nothing_else_changes_and_says_nothing(
    scene: Scene, watched: WatchedModel
) -> None:
    before = contract(watched).columns
    watched.lands(day(0), flights(day(0)))

    refit(watched)

    assert contract(watched).columns == before
    assert contract(watched).last == day(0)
    assert changes(watched) == []
    assert scene.deliver() == 0


def test_what_trusted_days_broke_is_proposed_and_stays_promised(
    scene: Scene, watched: WatchedModel
) -> None:
    broken_by_unchecked_days(scene, watched)

    [card] = scene.slack.messages(CHANNEL)
    words = scene.words(card)
    assert "may the contract promise less?" in words
    assert (
        "`distance` may be missing (was never missing; 3 of 17 trusted partitions had some, up to "
        "5.0 % of rows)"
    ) in words
    assert Promise.FILLED in promises(watched, "distance")

    answer = checked(watched, with_holes(day(3)), day(3))
    assert [blame["sentence"] for blame in answer["blamed"]] == [
        "`distance`: 5.0 % missing, which the contract rules out"
    ]


def test_a_card_that_nobody_decided_shows_the_numbers_of_the_next_training(
    scene: Scene, watched: WatchedModel
) -> None:
    broken_by_unchecked_days(scene, watched)
    watched.lands(day(3), with_holes(day(3)))
    refit(watched)
    scene.deliver()

    [card] = scene.slack.messages(CHANNEL)
    assert "4 of 18 trusted partitions had some" in scene.words(card)
    assert scene.thread(card) == []
    scene.click(ACCEPT_CONTRACT, ADA)
    assert Promise.FILLED not in promises(watched, "distance")


def test_a_card_that_nobody_decided_gives_way_when_there_is_more_to_decide(
    scene: Scene, watched: WatchedModel
) -> None:
    broken_by_unchecked_days(scene, watched)
    negative = with_holes(day(3)).assign(distance=lambda rows: rows["distance"] * -1)
    watched.lands(day(3), negative)
    refit(watched)
    scene.deliver()

    [old, new_one] = scene.slack.messages(CHANNEL)
    assert "a later training looked again" in scene.words(old)
    assert not scene.has(old, ACCEPT_CONTRACT)
    assert "`distance` may be negative" in scene.words(new_one)
    assert "`distance` may be missing" in scene.words(new_one)
    [replaced] = [one for one in changes(watched) if one.state is ChangeState.REPLACED]
    with pytest.raises(AlreadyDecided, match="A later training looked again"):
        accept_contract(replaced.id, ADA, scene.ports)


def test_a_card_is_taken_back_when_the_days_that_asked_are_trusted_no_longer(
    scene: Scene, watched: WatchedModel
) -> None:
    broken_by_unchecked_days(scene, watched)
    for ahead in range(3):
        checked(watched, with_holes(day(ahead)), day(ahead))
    [alert] = watched.alerts()
    assert len(alert.still_so) == 2

    refit(watched)
    scene.deliver()

    card = scene.slack.messages(CHANNEL)[0]
    assert "a later training looked again" in scene.words(card)
    assert not scene.has(card, ACCEPT_CONTRACT)
    assert contract(watched).proposal is None
    assert Promise.FILLED in promises(watched, "distance")


def test_the_command_prints_what_is_written_what_is_learned_and_what_changed(
    scene: Scene, watched: WatchedModel
) -> None:
    rules = [a_rule(), a_rule(at_least=0, expires="2012-12-31", owner=GRACE.id)]
    stated = {"constraints": [rule.model_dump() for rule in rules]}
    watched.apply(a_config(**watched.config.model_dump() | stated))
    refresh_people(scene.ports)
    broken_by_unchecked_days(scene, watched)
    scene.click(KEEP_CONTRACT, GRACE)

    printed = "\n".join(contract_text(contract_overview("flights", scene.ports)))
    assert "distance  at most 6,000: no flight is longer. Ada answers for it, until 2014" in printed
    assert "at least 0: no flight is longer. Grace answers for it, expired 2012-12-31" in printed
    assert f"Learned from 17 trusted partitions, {LEARNED[0]} to {day(2)}" in printed
    assert "category, 3 known; never missing" in printed
    assert "never missing (since 2013-01-01, kept by Grace until 2013-05-09)" in printed
    assert "kept the old rule by Grace: `distance` may be missing (was never missing;" in printed


def test_before_the_first_training_the_command_says_so(scene: Scene) -> None:
    printed = list(contract_text(contract_overview("flights", scene.ports)))

    assert printed[2:] == [
        "Written in the config",
        "  none",
        "",
        "Learned: nothing yet, the first training does that.",
    ]


def test_a_card_follows_the_model_to_its_new_channel(scene: Scene, watched: WatchedModel) -> None:
    for ahead in range(3):
        watched.lands(day(ahead), with_holes(day(ahead)))
    refit(watched)
    scene.slack.add_channel("C0ELSEWHERE", "ml-alerts-2")
    scene.slack.archive_channel(CHANNEL)
    watched.apply(watched.config.model_copy(update={"channel": "C0ELSEWHERE"}))

    scene.deliver()
    deliver("C0ELSEWHERE", scene.ports)

    [card] = scene.slack.messages("C0ELSEWHERE")
    assert scene.has(card, ACCEPT_CONTRACT)


def test_a_training_that_always_loses_the_race_is_tried_again(scene: Scene) -> None:
    refit = Refit(
        model="flights", channel=CHANNEL, reference_key="a", partitions=(DAY,), columns=()
    )

    with pytest.raises(Busy):
        refit_contract(refit, scene.never_first())
    assert scene.ports.records.get(Contract, "flights") is None


def test_a_training_that_is_tried_again_asks_once(scene: Scene, watched: WatchedModel) -> None:
    broken_by_unchecked_days(scene, watched)

    refit(watched)

    assert scene.deliver() == 0
    assert len(changes(watched)) == 1
