"""What people do with the keyboard: type commands, open the App Home; and all other events."""

import json
from dataclasses import replace

from infra.local.slack.carrier import Carrier, Trouble
from infra.local.slack.envelope import Envelope
from infra.local.slack.mentions import escaped
from infra.local.slack.payloads import command_form, event_callback
from infra.local.slack.records import ApiError, Json
from infra.local.slack.response_urls import say_back
from infra.local.slack.signing import Answer
from infra.local.slack.tickets import ResponseUrl
from infra.local.slack.workspace import Workspace


class Visits:
    """Sends slash commands and events."""

    def __init__(self, workspace: Workspace, carrier: Carrier) -> None:
        self._workspace = workspace
        self._carrier = carrier
        self._last_event: Envelope | None = None

    def command(self, command: str, text: str = "", *, user: str, channel: str) -> Answer:
        """Type a slash command; what the app answers at once is whispered, or shown to all."""
        place = self._workspace.channels.get(channel) or self._workspace.direct_channel(user)
        tickets = self._workspace.tickets
        form = command_form(
            command,
            escaped(text, self._workspace),
            user=self._workspace.users[user],
            channel=place,
            trigger_id=tickets.issue_trigger(user),
            response_url=self._workspace.response_url(user, place.id),
        )
        answer = self._carrier.carry(Envelope("slash_commands", form), user, command)
        if answer.is_ok and answer.body:
            self._show(command, answer, ResponseUrl(user, place.id, issued_s=0))
        return answer

    def open_home(self, user: str) -> Answer:
        """Open the Home tab of the app."""
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": self._workspace.direct_channel(user).id,
            "tab": "home",
            "event_ts": self._workspace.next_ts(),
        }
        home = self._workspace.home_of(user)
        return self.send_event(event if home is None else event | {"view": home})

    def send_event(self, event: Json) -> Answer:
        """Send any event."""
        event_time = int(self._workspace.now().timestamp())
        payload = event_callback(event, self._workspace.next_id("Ev"), event_time)
        self._last_event = Envelope("events_api", payload)
        return self._carrier.carry(self._last_event, str(event.get("user")), event["type"])

    def repeat_last_event(self, *, under_new_id: bool = False) -> Answer:
        """Send the last event once more: as Slack's retry, or as the duplicate that says nothing.

        Args:
            under_new_id: with another event_id and no retry header, which happens in the field.
        """
        if self._last_event is None:
            raise RuntimeError("there was no event to repeat")
        again = replace(self._last_event, retry=self._last_event.retry + 1)
        if under_new_id:
            new_id = {"event_id": self._workspace.next_id("Ev")}
            again = Envelope("events_api", self._last_event.payload | new_id)
        self._last_event = again
        event = again.payload["event"]
        return self._carrier.carry(again, str(event.get("user")), event["type"])

    def _show(self, command: str, answer: Answer, ticket: ResponseUrl) -> None:
        said: Json = {"text": answer.body}
        if answer.body.startswith("{"):
            said = json.loads(answer.body)
        try:
            say_back(self._workspace, ticket, said)
        except ApiError as error:
            self._carrier.troubles.append(Trouble(ticket.user, command, error.code))
