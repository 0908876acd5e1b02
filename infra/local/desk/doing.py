"""Does on the local Slack what a person did on the page, and says what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.error import URLError

from pydantic import BaseModel

from infra.local.desk.deeds import (
    ClickHome,
    ClickMessage,
    ClickView,
    CloseView,
    Deed,
    OpenHome,
    PressControl,
    Say,
    Shortcut,
    Submit,
)
from infra.local.slack.local_slack import LocalSlack
from infra.local.slack.records import Message, NotOnScreen


@dataclass(frozen=True)
class Control:
    """A button of the desk itself; it can be pressed while it is wanted."""

    label: str
    press: Callable[[], object]
    is_wanted: Callable[[], bool] = lambda: True


_STRANGER = "The desk cannot play this person."
_GONE = "That is no longer here."
_NOT_NOW = "There is nothing to do that for now."
_NOT_IN_A_THREAD = "{command} is not supported in threads. Sorry!"  # Slack's words, too
_TOO_SLOW = "The app took longer than three seconds."
_SILENT = "The app did not answer ({why})."
_TIMEOUT = "operation_timeout"  # Slack's word for it


class Outcome(BaseModel):
    """What a person is told.

    `error` is one sentence; `errors` are those under the inputs of the modal, by block_id.
    Both None means that all went well.
    """

    error: str | None = None
    errors: dict[str, str] | None = None


class _Refused(Exception):
    """The desk says no; its text is a sentence for the person."""


class Doing:
    """Carries deeds to the local Slack.

    Args:
        slack: the local Slack.
        people: those whom the desk can play.
        commands: the slash commands that the app has.
        controls: the desk's own buttons.
    """

    def __init__(
        self,
        slack: LocalSlack,
        people: Mapping[str, str],
        commands: frozenset[str],
        controls: Sequence[Control],
    ) -> None:
        self._slack = slack
        self._people = people
        self._commands = commands
        self._controls = controls

    def do(self, deed: Deed) -> Outcome:
        """Do it and say what came of it."""
        troubles_before = len(self._slack.troubles)
        try:
            self._carry(deed)
        except NotOnScreen:
            return Outcome(error=_GONE)
        except URLError:
            return Outcome(error=_SILENT.format(why="it is not running"))
        except _Refused as refusal:
            return Outcome(error=str(refusal))
        troubles = self._slack.troubles[troubles_before:]
        mine = [trouble.why for trouble in troubles if trouble.user == deed.user]
        if mine:
            return Outcome(error=_TOO_SLOW if mine[0] == _TIMEOUT else _SILENT.format(why=mine[0]))
        errors = self._slack.view_errors(deed.user) if isinstance(deed, Submit) else {}
        return Outcome(errors=errors or None)

    def _carry(self, deed: Deed) -> None:
        if deed.user not in self._people:
            raise _Refused(_STRANGER)
        match deed:
            case ClickMessage() | ClickView() | ClickHome():
                self._click(deed)
            case Submit():
                self._slack.submit(deed.user, deed.values)
            case CloseView():
                self._slack.close_view(deed.user)
            case Say():
                self._say(deed)
            case Shortcut():
                message = self._message(deed.channel, deed.ts)
                self._slack.shortcut(deed.callback_id, deed.user, message)
            case OpenHome():
                self._slack.open_home(deed.user)
            case PressControl():
                self._press(deed.index)

    def _click(self, deed: ClickMessage | ClickView | ClickHome) -> None:
        slack, user, choice, block = self._slack, deed.user, deed.choice, deed.block_id
        match deed:
            case ClickMessage(action_id=action):
                message = self._message(deed.channel, deed.ts)
                slack.click(action, user=user, message=message, option=choice, block_id=block)
            case ClickView(action_id=action):
                slack.fill(user, deed.values)
                slack.click_in_view(action, user=user, option=choice, block_id=block)
            case ClickHome(action_id=action):
                slack.click_in_home(action, user=user, option=choice, block_id=block)

    def _say(self, deed: Say) -> None:
        command, _, rest = deed.text.partition(" ")
        if not command.startswith("/"):
            self._slack.say(deed.user, deed.channel, deed.text, thread_ts=deed.thread_ts)
        elif command in self._commands and deed.thread_ts:
            raise _Refused(_NOT_IN_A_THREAD.format(command=command))
        elif command in self._commands:
            self._slack.command(command, rest.strip(), user=deed.user, channel=deed.channel)
        else:
            raise _Refused(f"{command} is not a valid command.")

    def _message(self, channel: str, ts: str) -> Message:
        message = self._slack.workspace.find(channel, ts)
        if message is None:
            raise NotOnScreen(f"no message {ts} in {channel}")
        return message

    def _press(self, index: int) -> None:
        if index >= len(self._controls):
            raise _Refused(_GONE)
        control = self._controls[index]
        if not control.is_wanted():
            raise _Refused(_NOT_NOW)
        control.press()
