"""Everybody and every channel that the configs in force name, at the desk: also later ones."""

from threading import Lock

from core.domain.model_config import MOST_MODELS, InForce, ModelConfig
from core.ports import Ports
from infra.local.slack.local_slack import LocalSlack

_NOBODY = "U0YOU"


class Furnishing:
    """Lets people and channels exist as soon as a config names them; what is there stays as it is.

    `people` are those whom the desk can play, user id to role; whoever shows them sees new ones.
    """

    def __init__(self, slack: LocalSlack, ports: Ports) -> None:
        self._slack, self._ports = slack, ports
        self._seen: list[str] = []
        self._one_at_a_time = Lock()
        self.people: dict[str, str] = {}
        self.again()

    def again(self) -> None:
        """Look whether a config names somebody or something new."""
        with self._one_at_a_time:
            self._look()

    def _look(self) -> None:
        in_force = self._ports.records.query(InForce, "models", limit=MOST_MODELS)
        hashes = [model.config.hash for model in in_force]
        if self.people and hashes == self._seen:
            return
        for model in in_force:
            self._furnish(model.config)
        if not self.people:
            self._let_in(_NOBODY, "")
        elif len(self.people) > 1 and not self.people.get(_NOBODY, "owner"):
            del self.people[_NOBODY]  # it stood in for somebody
        self._seen = hashes

    def _furnish(self, config: ModelConfig) -> None:
        for person in (name for name in config.named if not name.startswith("S")):
            self._let_in(person, "owner")
        if config.channel not in self._slack.workspace.channels:
            self._slack.add_channel(config.channel, f"{config.model}-alerts")
        for group in (*config.access.responders, *config.access.approvers):
            if group.startswith("S") and group not in self._slack.workspace.groups:
                self._slack.add_group(group, group.lower(), [config.owner])

    def _let_in(self, person: str, role: str) -> None:
        if person not in self._slack.workspace.users:
            self._slack.add_user(person, person.removeprefix("U0").title())
        self.people[person] = role
