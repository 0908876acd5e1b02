from core.adapters.slack.actions import ACKNOWLEDGE, BUG_SHORTCUT, MORE, REPORT_CHOICE, MenuChoice
from core.domain.ids import IncidentId
from core.domain.incident import Incident
from core.domain.person_name import PersonName
from core.flows.refresh_people import refresh_people
from core.flows.report_incident import export_incident
from tests.builders import ADA, CHANNEL, GRACE, a_config, an_alert
from tests.scenarios.scene import Scene

REPORT = MenuChoice(alert=an_alert().id, choice=REPORT_CHOICE)


def filed(scene: Scene) -> Incident:
    [incident] = scene.ports.records.query(Incident, "incidents:flights")
    return incident


def test_the_form_already_knows_what_the_alert_knows(scene: Scene) -> None:
    scene.raised(an_alert())

    scene.click(MORE, ADA, choice=REPORT)

    view = scene.slack.view_of(ADA.id)
    assert view is not None
    known = {block.get("block_id"): block.get("element") for block in view["blocks"]}
    assert known["title"]["initial_value"].startswith("flights on 2013-02-08: wind_speed")
    assert "never above 3" in known["summary"]["initial_value"]
    assert known["impact"]["initial_value"].startswith("912 flights of this day")


def test_a_filed_report_is_stored_posted_and_tied_to_its_alert(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.click(ACKNOWLEDGE, ADA)
    scene.click(MORE, ADA, choice=REPORT)

    scene.slack.submit(ADA.id, {"priority": {"priority": "P1"}})
    scene.deliver()

    incident = filed(scene)
    assert (incident.commander, incident.report.priority) == (ADA.id, "P1")
    assert scene.alert().incident == incident.id
    [card, report] = scene.slack.messages(CHANNEL)
    assert incident.id in scene.words(card)
    assert "Still open." in scene.words(report)
    assert scene.thread(card)[-1].text == f"<@U0ADA> filed the incident report {incident.id}"


def test_a_report_that_says_too_little_is_mended_in_the_form(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.click(MORE, ADA, choice=REPORT)

    scene.slack.submit(ADA.id, {"title": {"title": "  "}})

    assert scene.slack.view_errors(ADA.id) == {"title": "Please write something here."}
    assert scene.ports.records.query(Incident, "incidents:flights") == []


def test_two_people_who_report_at_once_file_one_report(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.click(MORE, ADA, choice=REPORT)
    scene.click(MORE, GRACE, choice=REPORT)
    scene.slack.submit(ADA.id)

    scene.slack.submit(GRACE.id)

    view = scene.slack.view_of(GRACE.id)
    assert view is not None
    assert "already has the incident report" in view["blocks"][0]["text"]["text"]
    assert filed(scene).commander == ADA.id


def test_the_report_is_a_document_with_its_timeline(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.click(ACKNOWLEDGE, GRACE)
    scene.click(MORE, ADA, choice=REPORT)
    scene.slack.submit(ADA.id, {"data_action": {"data_action": "Backfill the weather."}})

    document = export_incident(filed(scene).id, scene.ports)

    assert document.startswith("# flights on 2013-02-08: wind_speed")
    assert "## Data action\n\nBackfill the weather." in document
    assert "- 2013-02-08 12:00 UTC: U0GRACE acknowledged" in document


def a_report(scene: Scene) -> str:
    scene.raised(an_alert())
    scene.click(ACKNOWLEDGE, GRACE)
    scene.click(MORE, ADA, choice=REPORT)
    scene.slack.submit(ADA.id, {"summary": {"summary": "<@U0GRACE> saw it first."}})
    return filed(scene).id


def test_the_document_calls_people_by_their_names(scene: Scene) -> None:
    incident = a_report(scene)

    refresh_people(scene.ports)

    document = export_incident(IncidentId(incident), scene.ports)
    assert "| Commander | Ada |" in document
    assert "- 2013-02-08 12:00 UTC: Grace acknowledged" in document
    assert "Grace saw it first." in document
    assert "U0" not in document


def test_the_command_that_shows_the_document_asks_slack_nothing(scene: Scene) -> None:
    incident = a_report(scene)
    refresh_people(scene.ports)
    before = len(scene.slack.calls("users.info"))

    scene.slack.command("/watch", f"report {incident}", user=ADA.id, channel=CHANNEL)

    assert "Grace acknowledged" in scene.words(scene.slack.whispers(ADA.id)[-1])
    assert len(scene.slack.calls("users.info")) == before


def test_a_name_is_asked_for_again_after_a_day_and_somebody_unknown_keeps_the_id(
    scene: Scene,
) -> None:
    scene.applied(a_config(owner="U0GONE"))
    known = scene.ports.records.get(PersonName, "U0GONE")
    assert known is not None
    assert known.name is None
    scene.slack.add_user("U0GONE", "Gone and back")

    refresh_people(scene.ports)
    assert scene.ports.records.get(PersonName, "U0GONE") == known
    scene.ports.sleep(24 * 60 * 60)
    refresh_people(scene.ports)

    again = scene.ports.records.get(PersonName, "U0GONE")
    assert again is not None
    assert again.name == "Gone and back"


def test_the_command_opens_the_same_form(scene: Scene) -> None:
    scene.raised(an_alert())

    scene.slack.command("/incident", an_alert().id, user=ADA.id, channel=CHANNEL)

    view = scene.slack.view_of(ADA.id)
    assert view is not None
    assert view["title"]["text"] == "Report an incident"


def test_a_bug_that_somebody_reports_enters_the_same_queue(scene: Scene) -> None:
    scene.applied(a_config())
    message = scene.slack.say(GRACE.id, CHANNEL, "Why is every flight late today? <!here>")
    scene.slack.shortcut(BUG_SHORTCUT, user=GRACE.id, message=message)

    scene.slack.submit(GRACE.id)
    scene.deliver()

    card = scene.slack.messages(CHANNEL)[-1]
    assert "Why is every flight late today? &lt;!here&gt;" in scene.words(card)
    assert "Reported by <@U0GRACE>" in scene.words(card)
    assert scene.has(card, ACKNOWLEDGE)
