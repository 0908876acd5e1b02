import pytest

from core.adapters.slack.actions import TAKE
from tests.builders import ADA, GRACE, an_alert
from tests.scenarios.scene import Scene


def test_status_says_what_serves_and_what_waits(scene: Scene) -> None:
    scene.raised(an_alert())

    words = scene.answer_to("status")

    assert "*flights* Will it be late?" in words
    assert "no version yet · 1 open alert · owner <@U0ADA>" in words


def test_nothing_behind_the_command_means_status(scene: Scene) -> None:
    assert "*flights*" in scene.answer_to("")


def test_the_queue_is_sorted_and_one_can_be_taken_from_it(scene: Scene) -> None:
    scene.raised(an_alert(partition="2013-02-07"))
    scene.raised(an_alert())
    scene.answer_to(f"prioritise {an_alert().id} p1")

    words = scene.answer_to("queue")
    queue = scene.slack.whispers(ADA.id)[-1]
    scene.slack.click(TAKE, user=ADA.id, message=queue, option=an_alert().id)

    assert words.index("2013-02-08") < words.index("2013-02-07")
    assert scene.alert().owner == ADA.id


def test_an_empty_queue_says_so(scene: Scene) -> None:
    assert "No alert is open." in scene.answer_to("queue")


def test_help_names_every_verb(scene: Scene) -> None:
    words = scene.answer_to("help")

    for verb in ("status", "queue", "acknowledge", "promote", "rollback", "served", "retrain"):
        assert f"/watch {verb}" in words


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("acknowledge", "Please name the alert as well"),
        ("acknowledge alr_0", "I know no alert named `alr_0`. `/watch queue` lists the open ones."),
        ("quue", "I do not know `quue`. Did you mean `/watch queue`? `/watch help` has the"),
        ("model", "Please name the model as well; `/watch help` shows how. In force: `flights`."),
        ("prioritise alr_0 P9", "`P9` is no priority: P1, P2, P3 or P4."),
        ("dance <!here>", "I do not know `dance`."),
        ("<!channel>", "I do not know `&lt;!channel&gt;`."),
        ("acknowledge <!here>`*x*`", "I know no alert named `…here…x…`."),
        ("report <@U0EVE>", "I know no incident named `…U0EVE…`."),
        ("retrain planes", "I know no model named `planes`. In force: `flights`."),
        ("model flihgts", "I know no model named `flihgts`. Did you mean `flights`?"),
        ("promote flights", "No version of `flights` wants to be promoted."),
        ("served flights", "Nothing has served for `flights` yet."),
    ],
)
def test_a_command_that_cannot_be_done_says_why(scene: Scene, text: str, answer: str) -> None:
    assert answer in scene.answer_to(text)


def test_a_training_that_a_person_asks_for_starts_as_a_job(scene: Scene) -> None:
    words = scene.answer_to("retrain flights")

    assert "A training of `flights` starts." in words
    [training] = [job for job in scene.waiting_jobs() if job.function == "retrain"]
    assert training.event["asked_by"] == ADA.id


def test_the_home_shows_queue_and_models(scene: Scene) -> None:
    scene.raised(an_alert())

    scene.slack.open_home(GRACE.id)

    home = scene.slack.home_of(GRACE.id)
    assert home is not None
    drawn = str(home["blocks"])
    assert "Queue" in drawn
    assert "flights 2013-02-08" in drawn


def test_who_takes_one_in_the_home_sees_it_there_and_the_second_is_told(scene: Scene) -> None:
    scene.raised(an_alert())
    for person in (ADA, GRACE):
        scene.slack.open_home(person.id)

    scene.slack.click_in_home(TAKE, user=ADA.id, option=an_alert().id)
    answer = scene.slack.click_in_home(TAKE, user=GRACE.id, option=an_alert().id)

    assert "<@U0ADA> has it" in str(scene.slack.home_of(ADA.id))
    assert answer.status == 200
    view = scene.slack.view_of(GRACE.id)
    assert view is not None
    assert view["blocks"][0]["text"]["text"] == "<@U0ADA> already has this one."


def test_a_trigger_that_expired_asks_for_one_more_click(scene: Scene) -> None:
    scene.slack.faults.next("views.open", error="expired_trigger_id")
    scene.raised(an_alert())

    scene.answer_to(f"resolve {an_alert().id}")

    assert "Please click once more." in scene.slack.whispers(ADA.id)[-1].text


def test_an_unexpected_error_gives_a_reference_and_no_traceback(scene: Scene) -> None:
    scene.slack.faults.next("views.open", error="fatal_error")
    scene.raised(an_alert())

    scene.answer_to(f"resolve {an_alert().id}")

    words = scene.slack.whispers(ADA.id)[-1].text
    assert "it is not your fault" in words
    assert "fatal_error" not in words
