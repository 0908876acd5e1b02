"""What a workspace remembers when its process has ended, and who remembers it."""

from collections.abc import Iterable
from typing import Protocol

from infra.local.slack.records import Channel, File, Message, User

Kept = User | Channel | File | Message


class Archive(Protocol):
    """Keeps the latest drawing of everything that people have seen."""

    def everything(self) -> Iterable[Kept]:
        """Read all that is kept."""
        ...

    def keep(self, *things: Kept) -> None:
        """Keep these in place of their older drawings: all of them, or none."""
        ...

    def forget(self, *things: Kept) -> None:
        """Keep these no longer: all of them, or none."""
        ...


class NoArchive:
    """Remembers nothing: the workspace lives as long as its process."""

    def everything(self) -> Iterable[Kept]:
        """See Archive."""
        return ()

    def keep(self, *things: Kept) -> None:
        """See Archive."""

    def forget(self, *things: Kept) -> None:
        """See Archive."""
