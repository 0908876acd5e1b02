"""What the engineers on call do with alerts."""

from core.adapters.slack.actions import ACKNOWLEDGE, MORE, REPORT_CHOICE, RESOLVE, MenuChoice
from core.domain.alert import Alert, Disposition, Priority
from core.domain.incident import Incident
from core.domain.person import Person
from core.flows.report_incident import export_incident
from infra.local.demo.hands import Hands, prove
from infra.local.demo.stage import ADA, GRACE, NAMES, Stage
from infra.local.demo.telling import Teller


class OnCall:
    """Ada and Grace at their desk."""

    def __init__(self, stage: Stage, hands: Hands, teller: Teller) -> None:
        self._stage, self._hands, self._teller = stage, hands, teller
        self.wrote_a_report = False
        self.found_the_bug = False

    def lives_through_the_blizzard(self, alert: Alert) -> None:
        """Take the alert, say how urgent it is, report the incident, close it."""
        seen_by_both = self._hands.card(alert.id)
        self._acknowledge(alert, ADA)
        self._hands.click(GRACE, ACKNOWLEDGE, seen_by_both)
        self._say(GRACE, f"clicks too late and is told: {self._hands.whisper(GRACE)}")
        prove(self._stored(alert).owner == ADA.id, "the first click counts")

        self._choose(alert, ADA, Priority.P1)
        prove(self._stored(alert).priority is Priority.P1, "the priority is P1")
        self._say(ADA, "sets the priority to P1")
        if not self.wrote_a_report:
            self._report(alert)
        self._resolve(alert, ADA, Disposition.REAL_DRIFT)

    def finds_a_data_bug(self, alert: Alert) -> None:
        """Take the alert about the spoiled day and name it for what it is."""
        self._acknowledge(alert, GRACE)
        self._resolve(alert, GRACE, Disposition.DATA_BUG)
        self.found_the_bug = True

    def _acknowledge(self, alert: Alert, by: Person) -> None:
        self._hands.click(by, ACKNOWLEDGE, self._hands.card(alert.id))
        prove(self._stored(alert).owner == by.id, f"{NAMES[by.id]} has the alert")
        self._hands.reads(alert.id, f"<@{by.id}> has it")
        self._say(by, "acknowledges; the card says so in place")

    def _report(self, alert: Alert) -> None:
        self._choose(alert, ADA, REPORT_CHOICE)
        action = "None: the storm is real. Its flights stay out of the validation set."
        self._hands.submit(ADA, {"data_action": {"data_action": action}})
        [incident] = self._stage.ports.records.query(Incident, "incidents:flights")
        document = export_incident(incident.id, self._stage.ports)
        prove(action in document, "the report holds what Ada wrote")
        prove("acknowledged" in document, "the report holds the timeline")
        self._hands.reads(incident.id, incident.id)
        self.wrote_a_report = True
        self._say(ADA, f"files {incident.id}, {len(document.splitlines())} lines of Markdown")

    def _resolve(self, alert: Alert, by: Person, disposition: Disposition) -> None:
        self._hands.click(by, RESOLVE, self._hands.card(alert.id))
        self._hands.submit(by, {"disposition": {"choice": disposition}})
        prove(self._stored(alert).disposition is disposition, "the alert is closed")
        self._hands.reads(alert.id, f"resolved it as *{disposition}*")
        self._say(by, f"resolves it as {disposition}")

    def _choose(self, alert: Alert, by: Person, choice: str) -> None:
        chosen = MenuChoice(alert=alert.id, choice=choice)
        self._hands.click(by, MORE, self._hands.card(alert.id), chosen)

    def _stored(self, alert: Alert) -> Alert:
        stored = self._stage.ports.records.get(Alert, alert.id)
        assert stored is not None  # noqa: S101 - alerts are never deleted
        return stored

    def _say(self, who: Person, what: str) -> None:
        self._teller.say(self._stage.clock.now(), NAMES[who.id], what)
