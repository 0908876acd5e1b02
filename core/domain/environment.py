"""Under which libraries scoring runs, as it said last."""

from typing import ClassVar, Final, Self

from pydantic import AwareDatetime

from core.domain.base import Record

OF_SCORING: Final = "scoring"
"""The id of the one that is compared with what a version was trained in."""


class Environment(Record):
    """The versions of Python and of the libraries that have a say in the numbers."""

    kind: ClassVar[str] = "environment"

    libraries: dict[str, str]
    since: AwareDatetime

    def now(self, libraries: dict[str, str], at: AwareDatetime) -> Self:
        """Write down that it changed."""
        return self.model_copy(update={"libraries": libraries, "since": at})
