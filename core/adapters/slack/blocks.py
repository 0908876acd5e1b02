"""Small builders of Block Kit, with Slack's limits kept here and nowhere else."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

Block = dict[str, Any]


class Card(NamedTuple):
    """A drawn message: the text says all, for notifications and screen readers."""

    text: str
    blocks: list[Block] | None
    """`None` draws the text alone."""


_PERSON: Final = re.compile("[UW][A-Z0-9]+")
_MAX_TEXT: Final = 3000  # of a section; Slack rejects the whole message beyond this
_MAX_HEADER: Final = 150
_MAX_OPTION: Final = 75
_MAX_BUTTON: Final = 75
_MAX_CONTEXT: Final = 10
_MAX_FALLBACK: Final = 300  # the notification shows far less


def escape(text: str) -> str:
    """Make free text harmless: it can neither mention people nor hide a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def who(person: str) -> str:
    """Name somebody; what is no id of Slack's stays the word that it is."""
    return f"<@{person}>" if _PERSON.fullmatch(person) else escape(person)


def cut(text: str, most: int = _MAX_TEXT) -> str:
    """Shorten a text to at most so many characters, and show that it was."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def some(lines: Sequence[str], most: int) -> str:
    """Write the first lines as a list, and say how many more there are."""
    shown = [f"• {line}" for line in lines[:most]]
    if len(lines) > most:
        shown.append(f"… and {len(lines) - most} more")
    return "\n".join(shown)


def when(at: datetime) -> str:
    """Write a time so that everybody reads it in their own zone."""
    epoch = int(at.timestamp())
    return f"<!date^{epoch}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def fallback(text: str) -> str:
    """Cut the text that notifications and screen readers use; its parts are escaped before."""
    return cut(text, _MAX_FALLBACK)


def header(text: str) -> Block:
    """Return a large line of plain text."""
    return {"type": "header", "text": plain(cut(text, _MAX_HEADER))}


def section(text: str) -> Block:
    """Return a paragraph of Slack's own markup."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(text)}}


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Return labelled values in two columns; at most ten."""
    return {
        "type": "section",
        "fields": [
            {"type": "mrkdwn", "text": cut(f"*{label}*\n{value}", 2000)} for label, value in pairs
        ],
    }


def context(*lines: str) -> Block:
    """Return small grey text."""
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": cut(line)} for line in lines[:_MAX_CONTEXT]],
    }


def actions(*elements: Block) -> Block:
    """Return a row of buttons and menus."""
    return {"type": "actions", "elements": list(elements)}


def button(
    text: str, action_id: str, *, value: str, style: str | None = None, confirm: Block | None = None
) -> Block:
    """Return a button; `style` is `primary`, `danger` or nothing."""
    drawn: Block = {
        "type": "button",
        "text": plain(cut(text, _MAX_BUTTON)),
        "action_id": action_id,
        "value": value,
    }
    if style:
        drawn["style"] = style
    if confirm:
        drawn["confirm"] = confirm
    return drawn


def confirm(title: str, text: str, yes: str) -> Block:
    """Return the question that Slack asks before it sends a click."""
    return {
        "title": plain(cut(title, 100)),
        "text": plain(cut(text, 300)),
        "confirm": plain(cut(yes, 30)),
        "deny": plain("Not now"),
    }


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """Return a "…" menu; Slack allows five options."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def option(text: str, value: str) -> Block:
    """Return one choice of a menu."""
    return {"text": plain(cut(text, _MAX_OPTION)), "value": value}


def plain(text: str) -> Block:
    """Return text without markup."""
    return {"type": "plain_text", "text": text}


def divider() -> Block:
    """Return a thin line."""
    return {"type": "divider"}
