"""How a refit changed a contract: what followed by itself, and what a person has to decide."""

import json
import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.contract import Loosening, Promise
from core.domain.errors import Refusal
from core.domain.ids import fact_id
from core.domain.person import Person

_PLAIN_YAML: Final = re.compile(r"[A-Za-z]\w*", re.ASCII)


class ChangeState(StrEnum):
    """Where it stands."""

    FOLLOWED = "in force"
    """There was nothing to decide."""
    OPEN = "waits for a decision"
    ACCEPTED = "accepted"
    KEPT = "kept the old rule"
    REPLACED = "replaced"
    """The next training looked again before anybody decided."""


class AlreadyDecided(Refusal):
    """An old card was clicked."""

    def __init__(self, state: ChangeState, by: str | None) -> None:
        looked_again = "A later training looked again: please decide on its card, if it has one."
        super().__init__(f"<@{by}> has already decided this: {state}." if by else looked_again)
        self.state, self.by = state, by


class ContractChange(Record):
    """What one refit changed; the history of a contract is the list of these."""

    kind: ClassVar[str] = "contract_change"

    model: str
    channel: str
    at: AwareDatetime
    followed: tuple[str, ...]
    """A sentence each."""
    loosened: tuple[Loosening, ...]
    """Promised until a person accepts it."""
    state: ChangeState
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    kept_until: date | None = None
    """Until then nobody is asked again; `None` unless the old rule is kept."""

    @classmethod
    def id_of(cls, model: str, reference_key: str, contract_revision: int) -> str:
        """Name the one change that a refit makes to a contract."""
        return fact_id("cch", model, reference_key, contract_revision)

    @property
    def listing(self) -> str:
        """All changes of a model's contract."""
        return f"contract_changes:{self.model}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.at.isoformat()} {self.id}"

    def accepted(self, by: Person, at: AwareDatetime) -> Self:
        """Let it be promised no longer.

        Raises:
            AlreadyDecided: it does not wait for anybody any more.
        """
        return self._decided(ChangeState.ACCEPTED, by, at)

    def kept(self, by: Person, at: AwareDatetime, until: date) -> Self:
        """Go on promising it.

        Raises:
            AlreadyDecided: it does not wait for anybody any more.
        """
        decided = self._decided(ChangeState.KEPT, by, at)
        return decided.model_copy(update={"kept_until": until})

    def asks(self, loosened: Sequence[Loosening]) -> bool:
        """Say whether it waits for a decision about exactly these promises."""
        ours, theirs = (
            {(of.column, of.promise) for of in some} for some in (self.loosened, loosened)
        )
        return self.state is ChangeState.OPEN and ours == theirs

    def seen_again(self, loosened: tuple[Loosening, ...]) -> Self:
        """Ask the same with the numbers of a later training."""
        return self.model_copy(update={"loosened": loosened})

    def replaced(self) -> Self:
        """Give way to what the next training found."""
        return self.model_copy(update={"state": ChangeState.REPLACED})

    def told_in(self, channel: str) -> Self:
        """Tell of it in another channel from now on."""
        return self.model_copy(update={"channel": channel})

    def as_written(self) -> tuple[list[str], list[Loosening]]:
        """Write what is kept as constraints of a config, one YAML line each.

        Returns:
            the lines, and what no rule of a config says.
        """
        lines: list[str] = []
        unsaid: list[Loosening] = []
        for of in self.loosened:
            rule = _AS_RULE.get(of.promise)
            if rule is None:
                unsaid.append(of)
                continue
            column = of.column if _PLAIN_YAML.fullmatch(of.column) else json.dumps(of.column)
            lines.append(
                f"- {{column: {column}, {rule}, owner: {self.decided_by}, reason: say why, "
                f"expires: {self.kept_until}}}"
            )
        return lines, unsaid

    def _decided(self, state: ChangeState, by: Person, at: AwareDatetime) -> Self:
        if self.state is not ChangeState.OPEN:
            raise AlreadyDecided(self.state, self.decided_by)
        return self.model_copy(update={"state": state, "decided_by": by.id, "decided_at": at})


_AS_RULE = {
    Promise.FILLED: "never_null: true",
    Promise.NOT_NEGATIVE: "at_least: 0",
    Promise.ONCE: "unique: true",
}
