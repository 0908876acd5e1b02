"""Who does something: a person in Slack, or the machine itself."""

from typing import Annotated, Self

from pydantic import Field

from core.domain.base import Value

PersonId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{1,20}$")]
"""Of somebody in Slack."""


class Person(Value):
    """Somebody who acts."""

    id: str
    """A Slack user id, `U…`; for the machine and the command line a word in lower case."""

    @classmethod
    def machine(cls) -> Self:
        """Return Watchkeeper itself, acting on a schedule."""
        return cls(id="watchkeeper")

    @classmethod
    def command_line(cls) -> Self:
        """Return whoever has a shell on the box or the account's credentials."""
        return cls(id="command-line")

    @property
    def is_trusted(self) -> bool:
        """Whether the operating system or the account has already said who this may be."""
        return self.id in {"watchkeeper", "command-line"}

    @property
    def mention(self) -> str:
        """How the person is named in Slack."""
        return self.id if self.is_trusted else f"<@{self.id}>"
