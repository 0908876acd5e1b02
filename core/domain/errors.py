"""What may go wrong, grouped by what the reader does next; each class builds its own sentence."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

_NOT_IN_A_NAME: Final = re.compile(r"[^\w.:/=-]+")
_LONGEST_NAME: Final = 60
_WHERE_NAMES_STAND: Final = {
    "alert": " `/watch queue` lists the open ones.",
    "idea": " `/watch ideas MODEL` lists them.",
    "version": " `watchkeeper versions MODEL` lists them.",
}
_MOST_MODELS_NAMED: Final = 6


class OpsError(Exception):
    """Everything that we raise on purpose; its text is a finished sentence."""


class Refusal(OpsError):
    """A rule said no: show the sentence to the person, do not retry."""


class BadData(OpsError):
    """The data broke its contract: tell the owner, do not retry."""


class Unavailable(OpsError):
    """Somebody else failed: let it out, the runtime tries again."""


class Throttled(Unavailable):
    """Slack asks us to wait."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"Slack asks to wait {retry_after_s} s.")
        self.retry_after_s = retry_after_s


class Uncertain(Unavailable):
    """The other side failed in a way that leaves open whether it did what we asked."""


class ChannelGone(OpsError):
    """A channel cannot be posted to until a person mends it."""

    def __init__(self, channel: str, reason: str) -> None:
        super().__init__(f"Slack refuses messages to <#{channel}>: {reason}.")
        self.channel, self.reason = channel, reason


class MessageGone(OpsError):
    """The message that was to be redrawn is not there any more, or can no longer be edited."""


class MessageRefused(OpsError):
    """Slack will never take this message as it is drawn; trying again is useless."""


class NotThere(OpsError):
    """No object has this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no object {key}.")
        self.key = key


class Unknown(Refusal):
    """Nothing is known under this name."""

    def __init__(self, what: str, name: str) -> None:
        shown = _NOT_IN_A_NAME.sub("…", name[:_LONGEST_NAME])  # somebody may have typed it
        where = _WHERE_NAMES_STAND.get(what, "")
        super().__init__(f"I know no {what} named `{shown}`.{self._known() or where}")

    def _known(self) -> str:
        """Say what is known instead, as a sentence with a blank before it; empty: nothing here."""
        return ""


class UnknownModel(Unknown):
    """No config was ever applied for a model of this name."""

    def __init__(self, name: str, in_force: Sequence[str]) -> None:
        self._name, self._in_force = name, in_force
        super().__init__("model", name)

    def _known(self) -> str:
        if not self._in_force:
            return " None is in force yet: `watchkeeper apply FILE` puts one in force."
        if close := get_close_matches(self._name, self._in_force, n=1):
            return f" Did you mean `{close[0]}`?"
        if len(self._in_force) > _MOST_MODELS_NAMED:
            return " `/watch status` lists those in force."
        return f" In force: {', '.join(f'`{model}`' for model in self._in_force)}."


class Corrupted(OpsError):
    """What is stored is not what was written, so that nothing in it can be trusted."""

    def __init__(self, what: str, record_id: str, revision: int) -> None:
        super().__init__(f"The stored {what} `{record_id}` is corrupted, and was not used.")
        self.revision = revision


class Busy(Refusal):
    """Others changed the same thing at the same moment, again and again."""

    def __init__(self) -> None:
        super().__init__("Others are changing this at the same moment. Please try once more.")
