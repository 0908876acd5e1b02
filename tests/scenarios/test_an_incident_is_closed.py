"""An incident ends only with what was done about the data, or with a reason for nothing."""

from core.adapters.slack.actions import CLOSE_INCIDENT, MORE, REPORT_CHOICE, MenuChoice
from core.domain.incident import Incident
from core.flows.refresh_people import refresh_people
from core.flows.report_incident import export_incident
from infra.local.slack.records import Message
from tests.builders import ADA, CHANNEL, GRACE, a_config, an_alert
from tests.scenarios.scene import Scene


def filed(scene: Scene, **answers: str) -> Message:
    """File a report about an alert; return its card."""
    scene.raised(an_alert())
    scene.click(MORE, ADA, choice=MenuChoice(alert=an_alert().id, choice=REPORT_CHOICE))
    scene.slack.submit(ADA.id, {name: {name: text} for name, text in answers.items()})
    scene.deliver()
    return scene.slack.messages(CHANNEL)[-1]


def incident(scene: Scene) -> Incident:
    [known] = scene.ports.records.query(Incident, "incidents:flights")
    return known


def closes(scene: Scene, card: Message, **answers: str) -> None:
    scene.click(CLOSE_INCIDENT, GRACE, on=card)
    scene.slack.submit(GRACE.id, {name: {name: text} for name, text in answers.items()})
    scene.deliver()


def test_an_incident_that_says_nothing_about_the_data_stays_open(scene: Scene) -> None:
    card = filed(scene)

    closes(scene, card, data_action="  ", reason=" ")

    wrong = scene.slack.view_errors(GRACE.id)
    said = "Please say what was done about the data, or below why nothing has to be."
    assert wrong == {"data_action": said}
    assert incident(scene).is_open


def test_what_was_done_about_the_data_closes_it(scene: Scene) -> None:
    card = filed(scene)

    closes(scene, card, data_action="Backfilled the wind of the 8th.")

    [_, closed] = scene.slack.messages(CHANNEL)
    assert "*Data action*\nBackfilled the wind of the 8th." in scene.words(closed)
    assert "<@U0GRACE> closed it" in scene.words(closed)
    assert not scene.has(closed, CLOSE_INCIDENT)
    said = "<@U0GRACE> closed it: Backfilled the wind of the 8th."
    assert scene.thread(closed)[-1].text == said


def test_a_reason_for_doing_nothing_closes_it_too(scene: Scene) -> None:
    card = filed(scene)

    closes(scene, card, reason="nobody used that day.")

    assert incident(scene).no_action_because == "nobody used that day."
    [_, closed] = scene.slack.messages(CHANNEL)
    assert "Nothing is done about the data, nobody used that day." in scene.words(closed)


def test_what_the_report_says_already_stands_in_the_form(scene: Scene) -> None:
    card = filed(scene, data_action="Ask for the wind again.")

    scene.click(CLOSE_INCIDENT, GRACE, on=card)

    view = scene.slack.view_of(GRACE.id)
    assert view is not None
    assert "Ask for the wind again." in str(view["blocks"])


def test_an_action_counts_before_a_reason_for_none(scene: Scene) -> None:
    card = filed(scene)

    closes(scene, card, data_action="Mended.", reason="not needed")

    assert (incident(scene).report.data_action, incident(scene).no_action_because) == (
        "Mended.",
        None,
    )


def test_an_incident_is_closed_once(scene: Scene) -> None:
    card = filed(scene)
    closes(scene, card, data_action="Mended.")

    scene.click(CLOSE_INCIDENT, ADA, on=card)
    scene.slack.submit(ADA.id, {"data_action": {"data_action": "Mended twice."}})

    view = scene.slack.view_of(ADA.id)
    assert view is not None
    assert "<@U0GRACE> has already closed this incident." in str(view["blocks"])
    assert incident(scene).report.data_action == "Mended."


def test_who_may_not_report_may_not_close(scene: Scene) -> None:
    card = filed(scene)
    scene.applied(a_config(access={"responders": [ADA.id]}))

    closes(scene, card, data_action="Mended.")

    assert incident(scene).is_open


def test_the_document_says_how_it_ended_and_when(scene: Scene) -> None:
    card = filed(scene)
    before = export_incident(incident(scene).id, scene.ports)
    closes(scene, card, reason="nobody used that day.")
    refresh_people(scene.ports)

    document = export_incident(incident(scene).id, scene.ports)

    assert "| Closed | not yet |" in before
    assert "| Closed | 2013-02-08 12:00 UTC by Grace |" in document
    assert "## Data action\n\nNone: nobody used that day." in document
    assert document.count("filed the incident report") == 1
    assert "Grace closed it: nothing is done about the data" in document


def test_what_a_person_writes_cannot_mention_anybody(scene: Scene) -> None:
    card = filed(scene)

    closes(scene, card, data_action="<!channel> mended")

    [_, closed] = scene.slack.messages(CHANNEL)
    assert "<!channel>" not in scene.words(closed) + scene.thread(closed)[-1].text
