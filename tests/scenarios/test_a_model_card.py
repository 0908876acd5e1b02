"""A model's card is rebuilt from the log: who decided what, when, on which evidence."""

from datetime import timedelta

import pytest

from core.adapters.slack.actions import (
    CLOSE_INCIDENT,
    KILL,
    MORE,
    PROMOTE,
    REPORT_CHOICE,
    RESOLVE,
    ROLL_BACK,
    MenuChoice,
)
from core.domain.model_config import Access
from core.flows.model_card import model_card
from core.flows.refresh_people import refresh_people
from core.wiring import use
from tests.builders import ADA, APPROVERS, CHANNEL, GRACE, a_challenge, a_config, an_alert
from tests.scenarios.scene import Scene
from tests.staged import some_evidence
from tests.terminal import printed

RULE = {
    "column": "distance",
    "at_most": 6000,
    "owner": GRACE.id,
    "reason": "no flight is longer",
    "expires": "2013-12-31",
}


def written(scene: Scene) -> str:
    refresh_people(scene.ports)
    return model_card("flights", scene.ports).as_markdown()


def decisions(scene: Scene) -> list[str]:
    return written(scene).split("## Decisions\n\n")[1].splitlines()


def an_hour_passes(scene: Scene) -> None:
    scene.ports.sleep(timedelta(hours=1).total_seconds())


def a_promotion(scene: Scene) -> None:
    scene.applied(a_config(access=Access(approvers=(APPROVERS,)).model_dump()))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))
    scene.proposed(a_challenge("ver_b", worst_slices=("JFK loses 0.02 more",)))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))
    an_hour_passes(scene)
    scene.click(PROMOTE, ADA, on=scene.card("ver_b"))


def test_a_promotion_stands_there_with_the_person_and_the_evidence(scene: Scene) -> None:
    a_promotion(scene)

    [promoted] = [line for line in decisions(scene) if "promoted" in line]

    assert promoted.startswith("- 2013-02-08 13:00 UTC, Ada let version `b` serve: promoted (")
    assert "offline Brier score better by +0.0100 (+0.0020 to +0.0180) on 2013-01-22" in promoted
    assert "gate: gain after 1,000 pairs of 2 cohorts" in promoted


def test_so_does_a_rollback_and_they_stand_in_their_order(scene: Scene) -> None:
    a_promotion(scene)
    an_hour_passes(scene)
    scene.click(ROLL_BACK, ADA, on=scene.card("ver_b"))

    served = [
        line.split("serve: ")[1].split(" (")[0] for line in decisions(scene) if "serve:" in line
    ]

    assert served == ["first version", "promoted", "rolled back"]


def test_a_version_that_a_person_killed_says_who_killed_it(scene: Scene) -> None:
    scene.applied(a_config(access=Access(approvers=(APPROVERS,)).model_dump()))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))
    scene.proposed(a_challenge("ver_b"))
    scene.click(KILL, ADA, on=scene.card("ver_b"))

    [killed] = [line for line in decisions(scene) if "killed" in line]

    assert "Ada killed it (version `b`)" in killed
    assert "`b`, made 2013-02-08 for watchkeeper (cadence)" in written(scene)


def test_what_alerts_were_and_how_incidents_ended_stands_there(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.click(MORE, ADA, choice=MenuChoice(alert=an_alert().id, choice=REPORT_CHOICE))
    scene.slack.submit(ADA.id, {"title": {"title": "Wind stood still"}})
    scene.deliver()
    [alert, report] = scene.slack.messages(CHANNEL)
    scene.click(RESOLVE, GRACE, on=alert)
    scene.slack.submit(GRACE.id, {"disposition": {"choice": "data bug"}})
    scene.click(CLOSE_INCIDENT, ADA, on=report)
    scene.slack.submit(ADA.id, {"data_action": {"data_action": "Backfilled\nthe wind."}})

    said = "\n".join(decisions(scene))

    assert "Grace resolved the alert of 2013-02-08 as data bug (`wind_speed` is never" in said
    assert "Ada filed the incident report (Wind stood still)" in said
    assert "Ada closed it: Backfilled the wind. (Wind stood still)" in said


def test_each_config_says_which_keys_it_changed(scene: Scene) -> None:
    an_hour_passes(scene)
    scene.applied(a_config(owner=GRACE.id))

    [first, second] = [line for line in decisions(scene) if "applied config" in line]

    assert "command-line applied config" in first
    assert "other" not in first
    assert second.endswith(", other `owner`")


def test_it_says_what_the_model_is_for_and_who_answers_for_its_rules(scene: Scene) -> None:
    scene.applied(a_config(constraints=[RULE], sensitive=["carrier"]))

    words = written(scene)

    assert words.startswith("# flights: Will it be late?")
    assert "Owner: Ada, channel C0MLALERTS" in words
    assert "- `distance`: no flight is longer (Grace, until 2013-12-31)" in words
    assert "Sensitive columns: `carrier`" in words
    assert "## Versions\n\nNone yet." in words


def test_where_the_champion_is_weak_stands_there(scene: Scene) -> None:
    a_promotion(scene)

    assert "## Where it is weak\n\n- JFK loses 0.02 more" in written(scene)


def test_slack_shows_its_beginning_and_the_terminal_all_of_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_promotion(scene)
    use(scene.ports)

    out = printed(monkeypatch, capsys, "card", "flights")
    scene.slack.command("/watch", "card flights", user=ADA.id, channel=CHANNEL)

    assert "let version `b` serve: promoted" in out
    assert "# flights: Will it be late?" in scene.words(scene.slack.whispers(ADA.id)[-1])


def test_a_model_that_nobody_knows_has_none(scene: Scene) -> None:
    scene.slack.command("/watch", "card trains", user=ADA.id, channel=CHANNEL)

    assert scene.whispered_to(ADA).startswith("I know no model named `trains`.")
