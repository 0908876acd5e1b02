"""What people are called, for documents that are read outside of Slack."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from pydantic import AwareDatetime

from core.domain.base import Record

_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)>")
_MARKUP: Final = re.compile(r"[\s|<>\[\]*_`#]+")


class PersonName(Record):
    """How Slack shows a person, as of the last time we asked; its id is the person's."""

    kind: ClassVar[str] = "person_name"

    name: str | None
    """`None` where Slack knows nobody of this id."""
    as_of: AwareDatetime


def mentioned(text: str) -> list[str]:
    """List the ids of the people that a text in Slack's markup mentions, each once."""
    return list(dict.fromkeys(_MENTION.findall(text)))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Write names in place of mentions, and the bare id of whoever has none.

    >>> with_names("<@U1> asked <@U2>", {"U1": "Ada | *the* boss"})
    'Ada the boss asked U2'
    """
    return _MENTION.sub(lambda found: _plain(names.get(found[1], found[1])), text)


def _plain(name: str) -> str:
    """Leave out what Markdown would take for markup: people choose their names themselves."""
    return _MARKUP.sub(" ", name).strip()
