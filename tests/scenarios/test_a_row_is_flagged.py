"""A row that was predicted wrong is flagged from chat; where two people differ, that is shown."""

import pytest

from core.domain.failure import Failure
from core.domain.person import Person
from core.flows.file_failure import filed_failures
from tests.builders import ADA, CHANNEL, GRACE, NOON, a_config
from tests.scenarios.scene import Scene

ROW = "UA-1545"


def said(scene: Scene, text: str, by: Person = ADA) -> str:
    scene.slack.command("/watch", text, user=by.id, channel=CHANNEL)
    shown = scene.slack.whispers(by.id)[-1]
    return f"{shown.text}\n{scene.words(shown)}"


def the_row(scene: Scene) -> Failure:
    [failure] = filed_failures("flights", scene.ports)
    return failure


def test_a_row_is_flagged_with_what_is_right(scene: Scene) -> None:
    words = said(scene, f"flag flights 2013-02-07 {ROW} 1")

    assert f"`{ROW}` of 2013-02-07 is filed: later versions are judged by it." in words
    filed = the_row(scene)
    assert (filed.partition, filed.key, filed.label, filed.filed_by) == (
        "2013-02-07",
        ROW,
        "1",
        ADA.id,
    )


def test_without_a_label_its_own_label_says_what_is_right(scene: Scene) -> None:
    said(scene, f"flag flights 2013-02-07 {ROW}")

    assert the_row(scene).label is None
    assert f"`{ROW}` of 2013-02-07: its label says what is right, by <@U0ADA>" in said(
        scene, "failures flights"
    )


def test_two_people_who_differ_are_shown_and_the_last_word_counts(scene: Scene) -> None:
    said(scene, f"flag flights 2013-02-07 {ROW} 1")

    words = said(scene, f"flag flights 2013-02-07 {ROW} 0", by=GRACE)

    assert "People differ: <@U0ADA> says 1, <@U0GRACE> says 0." in words
    assert the_row(scene).label == "0"
    screen = said(scene, "failures flights")
    assert "1 filed failure, on 1 of them people differ" in screen
    assert f"`{ROW}` of 2013-02-07: <@U0ADA> says 1, <@U0GRACE> says 0" in screen


def test_who_changes_their_mind_ends_the_dispute(scene: Scene) -> None:
    said(scene, f"flag flights 2013-02-07 {ROW} 1")
    said(scene, f"flag flights 2013-02-07 {ROW} 0", by=GRACE)

    words = said(scene, f"flag flights 2013-02-07 {ROW} 0")

    assert "People differ" not in words
    assert not the_row(scene).is_disputed


def test_what_was_filed_before_opinions_were_kept_counts_as_one(scene: Scene) -> None:
    day = "2013-02-07"
    scene.store(
        Failure(
            id=Failure.id_of("flights", day, ROW),
            model="flights",
            partition=day,
            key=ROW,
            label="1",
            filed_by=ADA.id,
            filed_at=NOON,
        )
    )

    words = said(scene, f"flag flights {day} {ROW} 0", by=GRACE)

    assert "People differ: <@U0ADA> says 1, <@U0GRACE> says 0." in words


def test_rows_on_which_people_differ_come_first_then_the_newest(scene: Scene) -> None:
    for row in ("first", "second", "third"):
        said(scene, f"flag flights 2013-02-07 {row} 1")
        scene.ports.sleep(60)
    said(scene, "flag flights 2013-02-07 first 0", by=GRACE)

    words = said(scene, "failures flights")

    assert words.index("`first`") < words.index("`third`") < words.index("`second`")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("flag flights", "Please name the day as well"),
        ("flag flights 2013-02-07", "Please name the row as well"),
        ("flag flights yesterday r 1", "`yesterday` is no day: write it like 2026-11-17."),
        ("flag flights <!channel> r 1", "`…channel…` is no day"),
        (f"flag flights 2013-02-07 {ROW} late", "`late` is no label of `late`: it is 0 or 1."),
        ("flag trains 2013-02-07 r 1", "I know no model named `trains`."),
        ("failures trains", "I know no model named `trains`."),
        ("failures flights", "No row of `flights` is filed as a failure."),
    ],
)
def test_what_cannot_be_flagged_is_said_in_a_sentence(scene: Scene, text: str, answer: str) -> None:
    assert answer in said(scene, text)


def test_who_may_not_report_may_not_flag(scene: Scene) -> None:
    scene.applied(a_config(access={"responders": [ADA.id]}))

    assert "You may not report here" in said(scene, f"flag flights 2013-02-07 {ROW} 1", by=GRACE)


def test_the_name_of_a_row_is_not_shown_where_it_is_sensitive(scene: Scene) -> None:
    scene.applied(a_config(sensitive=["flight_id"]))

    shown = said(scene, f"flag flights 2013-02-07 {ROW} 1") + said(scene, "failures flights")

    assert ROW not in shown
    assert "A row of 2013-02-07" in shown


def test_the_name_of_a_row_can_mention_nobody(scene: Scene) -> None:
    assert "<!here>" not in said(scene, "flag flights 2013-02-07 <!here> 1")
