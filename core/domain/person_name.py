"""What people are called, for documents that are read outside of Slack."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final, Self

from pydantic import AwareDatetime

from core.domain.base import Record, Value

_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)>")
_MARKUP: Final = re.compile(r"[\s|<>\[\]*_`#]+")


class Profile(Value):
    """What Slack says of a person."""

    name: str
    is_gone: bool = False
    """Whether the account was deactivated."""


class PersonName(Record):
    """How Slack shows a person, as of the last time we asked; its id is the person's."""

    kind: ClassVar[str] = "person_name"

    name: str | None
    """`None` where Slack knows nobody of this id."""
    is_gone: bool = False
    """Whether the account was deactivated: nobody answers there."""
    as_of: AwareDatetime

    def says(self, profile: Profile | None, at: AwareDatetime) -> Self:
        """Remember what Slack says now; `None` where it knows nobody of this id."""
        name, is_gone = (profile.name, profile.is_gone) if profile else (None, False)
        return self.model_copy(update={"name": name, "is_gone": is_gone, "as_of": at})


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
