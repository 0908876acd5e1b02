"""What every noun is: an immutable value; and a record, a value with an id and a revision."""

from collections.abc import Callable
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]


class Value(BaseModel):
    """Something that is equal to another one that says the same."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,  # JSON has no word for NaN: as null it could never be read again
        defer_build=True,  # a cold start pays only for the records that it meets
    )


class Record(Value):
    """A value that is stored under its id and changes by conditional writes.

    A record may stand in one listing, in the order of its place: the queue of open alerts, say.
    The stored schema number is one more than the number of `upgrades`; each of them turns the
    stored document of one schema into the next.
    """

    kind: ClassVar[str]
    upgrades: ClassVar[tuple[Upgrade, ...]] = ()

    id: str
    revision: int = 0

    @property
    def listing(self) -> str | None:
        """The list this record stands in now; `None` when in none."""
        return None

    @property
    def place(self) -> str:
        """Where it stands in the listing: listings are read in the order of these strings."""
        return self.id

    @property
    def expires_at_s(self) -> int | None:
        """Unix time after which the store may forget the record; `None` keeps it for good."""
        return None
