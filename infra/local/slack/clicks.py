"""What people do with the mouse: click in messages, modals and homes, choose a shortcut."""

from typing import Any

from infra.local.slack.carrier import Carrier
from infra.local.slack.elements import Placed, Values, chosen, find_element
from infra.local.slack.envelope import Envelope
from infra.local.slack.open_views import OpenView
from infra.local.slack.payloads import interaction, message_click, view_click
from infra.local.slack.records import Channel, Json, Message, NotOnScreen
from infra.local.slack.signing import Answer
from infra.local.slack.workspace import Workspace


class Clicks:
    """Looks for the element where it stands, and sends `block_actions`."""

    def __init__(self, workspace: Workspace, carrier: Carrier) -> None:
        self._workspace = workspace
        self._carrier = carrier
        self._entered: dict[tuple[str, str, str], Values] = {}  # channel, ts, user

    def click(  # noqa: PLR0913 - who, where, what
        self,
        action_id: str,
        *,
        user: str,
        message: Message,
        value: Any = None,  # noqa: ANN401 - what a button holds or a person types
        option: Any = None,  # noqa: ANN401 - an option's value, an id, or a list of them
        block_id: str | None = None,
    ) -> Answer:
        """Click a button, or choose in a menu, that stands in this drawing of a message.

        Args:
            action_id: the element, which must be in `message`.
            user: who clicks; confirm dialogs are accepted.
            message: the drawing that the person looks at, perhaps an old one.
            value: what the button must hold; None means whatever it holds.
            option: what is chosen in a menu, by its value.
            block_id: where it stands; None means in whichever block.

        Raises:
            NotOnScreen: this person cannot see the message, or it has no such element or option.
        """
        channel = self._seen_in(message, user)
        placed = find_element(message.blocks, action_id, block_id)
        choice = chosen(placed.element, value if option is None else option)
        entered = self._entered.setdefault((channel.id, message.ts, user), {})
        _enter(entered, placed, choice)
        response_url = self._workspace.response_url(user, channel.id, message.ts)
        where = message_click(channel, message, entered, response_url)
        return self._send(user, placed, choice, where)

    def click_in_view(
        self,
        action_id: str,
        *,
        user: str,
        value: Any = None,  # noqa: ANN401 - as in `click`
        option: Any = None,  # noqa: ANN401 - as in `click`
        block_id: str | None = None,
    ) -> Answer:
        """Click or choose in the modal that is open in front of this person.

        Raises:
            NotOnScreen: no modal is open, or it has no such element or option.
        """
        view = self._workspace.views.top(user)
        if view is None:
            raise NotOnScreen(f"no modal is open in front of {user}")
        return self._click_view(
            view, action_id, user, value if option is None else option, block_id
        )

    def click_in_home(
        self,
        action_id: str,
        *,
        user: str,
        value: Any = None,  # noqa: ANN401 - as in `click`
        option: Any = None,  # noqa: ANN401 - as in `click`
        block_id: str | None = None,
    ) -> Answer:
        """Click or choose in this person's App Home.

        Raises:
            NotOnScreen: none was published, or it has no such element or option.
        """
        view = self._workspace.views.home(user)
        if view is None:
            raise NotOnScreen(f"{user} has no App Home yet")
        return self._click_view(
            view, action_id, user, value if option is None else option, block_id
        )

    def shortcut(self, callback_id: str, user: str, message: Message | None = None) -> Answer:
        """Choose a shortcut: from the menu of a message, or a global one when `message` is None."""
        kind = "shortcut" if message is None else "message_action"
        payload = self._interaction(kind, user) | {
            "callback_id": callback_id,
            "action_ts": self._workspace.next_ts(),
        }
        if message is not None:
            channel = self._seen_in(message, user)
            payload |= {
                "channel": {"id": channel.id, "name": channel.name},
                "message_ts": message.ts,
                "message": message.as_slack_shows_it(),
                "response_url": self._workspace.response_url(user, channel.id, message.ts),
            }
        return self._carrier.carry(Envelope("interactive", payload), user, callback_id)

    def _click_view(
        self,
        view: OpenView,
        action_id: str,
        user: str,
        value: Any,  # noqa: ANN401 - as in `click`
        block_id: str | None,
    ) -> Answer:
        placed = find_element(view.drawn["blocks"], action_id, block_id)
        choice = chosen(placed.element, value)
        _enter(view.entered, placed, choice)
        return self._send(user, placed, choice, view_click(view.as_slack_shows_it()))

    def _send(self, user: str, placed: Placed, choice: Json, where: Json) -> Answer:
        action = choice | {
            "type": placed.element["type"],
            "action_id": placed.action_id,
            "block_id": placed.block_id,
            "action_ts": self._workspace.next_ts(),
        }
        payload = self._interaction("block_actions", user) | where | {"actions": [action]}
        return self._carrier.carry(Envelope("interactive", payload), user, placed.action_id)

    def _interaction(self, kind: str, user: str) -> Json:
        person = self._workspace.users[user]
        return interaction(kind, person, self._workspace.tickets.issue_trigger(user))

    def _seen_in(self, message: Message, user: str) -> Channel:
        channel = self._workspace.channels[message.channel]
        is_shut_out = not channel.has(user) and (channel.is_private or channel.is_im)
        if is_shut_out or message.seen_only_by not in {None, user}:
            raise NotOnScreen(f"{user} cannot see message {message.ts} in {channel.name}")
        return channel


def _enter(entered: Values, placed: Placed, choice: Json) -> None:
    entered.setdefault(placed.block_id, {})[placed.action_id] = choice
