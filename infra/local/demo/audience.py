"""Who looks on while a story plays, and may do what a person of it would do."""

from collections.abc import Callable
from typing import Protocol


class Audience(Protocol):
    """Lets the story go at the pace of whoever looks on."""

    def sees(self, state: str) -> None:
        """Say what goes on in the story, until something else does."""
        ...

    def lives_through_the_day(self) -> None:
        """Let a day take its time."""
        ...

    def may(self, what: str, is_done: Callable[[], bool]) -> bool:
        """Wait for a person to do something; False if the story has to do it itself."""
        ...


class Nobody:
    """Nobody looks on: no time is lost, and the story does everything itself."""

    def sees(self, state: str) -> None:
        """There is nobody to tell."""

    def lives_through_the_day(self) -> None:
        """It is over at once."""

    def may(self, what: str, is_done: Callable[[], bool]) -> bool:  # noqa: ARG002 - nobody is asked
        """Nobody will do it."""
        return False
