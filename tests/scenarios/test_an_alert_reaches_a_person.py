import threading
from concurrent.futures import ThreadPoolExecutor

from core.adapters.slack.actions import ACKNOWLEDGE, MORE, RESOLVE, MenuChoice
from core.domain.alert import Alert, Disposition
from core.domain.model_config import Access
from core.domain.timeline import Line
from core.flows.raise_alert import raise_alert, update_alert
from tests.builders import ADA, APPROVERS, CHANNEL, GRACE, a_config, an_alert, some_evidence
from tests.scenarios.scene import Scene


def test_an_alert_becomes_a_card_that_says_what_is_wrong_and_what_to_do(scene: Scene) -> None:
    scene.raised(an_alert())

    [card] = scene.slack.messages(CHANNEL)
    words = scene.words(card)
    assert "flights · 2013-02-08" in words
    assert "never above 3, usually 0 to 40" in words
    assert "*Next step:* Ask the owner of the weather feed" in words
    assert "hard error" in words
    assert "Nobody has it yet" in words
    assert card.text.startswith("page · flights 2013-02-08 · ")


def test_a_click_takes_the_alert_and_the_card_says_so_in_place(scene: Scene) -> None:
    scene.raised(an_alert())

    answer = scene.click(ACKNOWLEDGE, ADA)

    assert answer.status == 200
    [card] = scene.slack.messages(CHANNEL)
    assert "<@U0ADA> has it" in scene.words(card)
    assert not scene.has(card, ACKNOWLEDGE)
    assert [reply.text for reply in scene.thread(card)] == ["<@U0ADA> acknowledged"]
    assert scene.alert().owner == ADA.id


def test_a_second_person_is_told_who_has_it(scene: Scene) -> None:
    scene.raised(an_alert())
    [card] = scene.slack.messages(CHANNEL)
    scene.click(ACKNOWLEDGE, ADA)

    answer = scene.click(ACKNOWLEDGE, GRACE, on=card)

    assert answer.status == 200
    assert scene.whispered_to(GRACE) == "<@U0ADA> already has this one."
    assert scene.alert().owner == ADA.id


def test_of_two_people_who_click_at_once_one_has_it_and_the_other_is_told(scene: Scene) -> None:
    scene.raised(an_alert())
    [card] = scene.slack.messages(CHANNEL)
    both_ready = threading.Barrier(2)

    def click(user: str) -> int:
        both_ready.wait()
        return scene.slack.click(ACKNOWLEDGE, user=user, message=card).status

    with ThreadPoolExecutor() as people:
        statuses = list(people.map(click, [ADA.id, GRACE.id]))
    scene.deliver()

    owner = scene.alert().owner
    loser = GRACE if owner == ADA.id else ADA
    assert statuses == [200, 200]
    assert scene.whispered_to(loser) == f"<@{owner}> already has this one."
    assert len(scene.slack.messages(CHANNEL)) == 1
    [line] = scene.thread(card)
    assert line.text == f"<@{owner}> acknowledged"


def test_the_same_alert_raised_twice_is_one_card(scene: Scene) -> None:
    assert scene.raised(an_alert())
    assert not scene.raised(an_alert())

    assert len(scene.slack.messages(CHANNEL)) == 1


def test_a_partition_checked_again_changes_the_card_it_has(scene: Scene) -> None:
    scene.raised(an_alert())

    healed = some_evidence(severity="ok", error_class=None, summary="passes now", blamed=())
    update_alert(an_alert().id, healed, scene.ports)
    scene.deliver()

    [card] = scene.slack.messages(CHANNEL)
    assert "passes now" in scene.words(card)
    assert [reply.text for reply in scene.thread(card)] == [
        "watchkeeper checked it again: passes now"
    ]


def test_a_priority_is_one_tap_in_the_menu(scene: Scene) -> None:
    scene.raised(an_alert())

    scene.click(MORE, ADA, choice=MenuChoice(alert=an_alert().id, choice="P1"))

    [card] = scene.slack.messages(CHANNEL)
    assert "P1 · hard error" in scene.words(card)
    [reply] = scene.thread(card)
    assert reply.text == "<@U0ADA> set the priority from none to P1"


def test_resolving_asks_why_and_closes_the_card(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.click(RESOLVE, ADA)

    answer = scene.slack.submit(ADA.id, {"disposition": {"choice": "data bug"}})
    scene.deliver()

    assert answer.status == 200
    assert scene.slack.view_of(ADA.id) is None
    [card] = scene.slack.messages(CHANNEL)
    assert "<@U0ADA> resolved it as *data bug*" in scene.words(card)
    assert not scene.has(card, RESOLVE)
    assert scene.alert().disposition is Disposition.DATA_BUG


def test_a_form_that_comes_too_late_says_who_resolved_it(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.click(RESOLVE, ADA)
    scene.click(RESOLVE, GRACE)
    scene.slack.submit(GRACE.id, {"disposition": {"choice": "noise"}})

    scene.slack.submit(ADA.id, {"disposition": {"choice": "data bug"}})

    view = scene.slack.view_of(ADA.id)
    assert view is not None
    assert view["blocks"][0]["text"]["text"] == "<@U0GRACE> has already resolved this as noise."
    assert scene.alert().disposition is Disposition.NOISE


def test_a_click_on_an_old_card_shows_the_present_state(scene: Scene) -> None:
    scene.raised(an_alert())
    [old] = scene.slack.messages(CHANNEL)
    scene.click(RESOLVE, ADA)
    scene.slack.submit(ADA.id, {"disposition": {"choice": "noise"}})
    scene.deliver()

    scene.click(ACKNOWLEDGE, GRACE, on=old)

    assert scene.whispered_to(GRACE) == "<@U0ADA> has already resolved this as noise."
    [card] = scene.slack.messages(CHANNEL)
    assert not scene.has(card, ACKNOWLEDGE)


def test_who_has_not_the_role_is_told_whom_to_ask(scene: Scene) -> None:
    access = Access(responders=(ADA.id,), approvers=(APPROVERS,))
    scene.applied(a_config(access=access.model_dump()))
    scene.raised(an_alert())

    scene.click(ACKNOWLEDGE, GRACE)

    assert "You may not acknowledge here" in scene.whispered_to(GRACE)
    assert scene.alert().owner is None


def test_the_timeline_tells_the_whole_story_in_order(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.click(ACKNOWLEDGE, ADA)
    scene.click(MORE, GRACE, choice=MenuChoice(alert=an_alert().id, choice="P2"))

    lines = scene.ports.records.query(Line, f"timeline:{an_alert().id}")

    assert [(line.who, line.what.split(":")[0]) for line in lines] == [
        ("watchkeeper", "raised"),
        ("<@U0ADA>", "acknowledged"),
        ("<@U0GRACE>", "set the priority from none to P2"),
    ]


def test_words_from_the_data_cannot_call_the_channel(scene: Scene) -> None:
    scene.raised(an_alert(evidence=some_evidence(summary="`<!here>` is a new carrier & odd")))

    [card] = scene.slack.messages(CHANNEL)

    assert "<!here>" not in scene.words(card) + card.text
    assert "&lt;!here&gt;` is a new carrier &amp; odd" in scene.words(card)


def test_very_long_evidence_is_cut_and_says_how_much_is_missing(scene: Scene) -> None:
    blamed = [
        {"column": f"c{n}", "score": 2, "error_class": "drift", "sentence": f"`c{n}`: " + "x" * 900}
        for n in range(60)
    ]
    evidence = some_evidence(summary="y" * 4000, blamed=blamed, next_step="z" * 4000)

    scene.raised(an_alert(evidence=evidence))

    [card] = scene.slack.messages(CHANNEL)
    assert "…" in scene.words(card)


def test_an_alert_survives_what_the_store_makes_of_it(scene: Scene) -> None:
    scene.raised(an_alert())

    stored = scene.ports.records.get(Alert, an_alert().id)

    assert stored is not None
    assert stored.model_copy(update={"revision": 0}) == an_alert()
    assert raise_alert(an_alert(), scene.ports) is False
