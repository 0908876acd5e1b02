"""A stage for a person's story: one box, the real app behind its signed door, the local Slack."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt import App

from core.adapters.sqlite.jobs import SqliteJobs
from core.domain.alert import Alert
from core.domain.base import Record, Value
from core.domain.challenge import Challenge
from core.domain.evidence import Evidence
from core.domain.ids import VersionId
from core.domain.job import Job
from core.domain.model_config import ModelConfig
from core.domain.person import Person
from core.domain.served import Served
from core.domain.serving import Serving
from core.domain.version import Version
from core.flows.advance import advance
from core.flows.apply_config import apply_config
from core.flows.deliver import deliver
from core.flows.propose import propose_challenge
from core.flows.raise_alert import raise_alert
from core.flows.refresh_people import refresh_people
from core.ports import Ports, R, Records, Write, new
from infra.local.slack.local_slack import Answer, LocalSlack
from infra.local.slack.records import Message
from tests.builders import ADA, CHANNEL, NOON, an_alert
from tests.disturbed_stores import overtaken
from tests.staged import store_version


class Clock:
    """Stands still at noon; whoever sleeps sets it forward."""

    def __init__(self) -> None:
        self._now = NOON

    def now(self) -> datetime:
        """Say what time it is."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self._now += timedelta(seconds=seconds)


class _NeverFirst:
    """Reads as ever, but before each commit somebody else has changed what it is about."""

    def __init__(self, records: Records) -> None:
        self.get, self.query = records.get, records.query

    def commit(self, *_writes: Write) -> bool:
        """See Records."""
        return False


class _Lagging:
    """Listings go on showing all that they ever showed; reads by id are up to date."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._seen: dict[str, dict[str, Any]] = {}
        self.get, self.commit = records.get, records.commit

    def query(self, kind: type[R], listing: str, **how: Any) -> list[R]:
        """See Records."""
        seen = self._seen.setdefault(listing, {})
        seen |= {record.id: record for record in self._records.query(kind, listing, **how)}
        return sorted(seen.values(), key=lambda record: str(record.place))


@dataclass
class Scene:
    """What a scenario does, in the words of the person who does it."""

    ports: Ports
    slack: LocalSlack
    app: App
    folder: Path

    def applied(self, config: ModelConfig) -> None:
        """Put a config in force."""
        apply_config(config, Person.command_line(), self.ports)
        refresh_people(self.ports)

    def raised(self, alert: Alert) -> bool:
        """Raise an alert and deliver it; False if it was raised before."""
        is_new = raise_alert(alert, self.ports)
        self.deliver()
        return is_new

    def proposed(self, challenge: Challenge) -> None:
        """Let a version that is stored in, and deliver its card."""
        if self.ports.records.get(Version, challenge.version) is None:
            store_version(challenge.version, self.ports)
        propose_challenge(challenge, self.ports)
        self.deliver()

    def shown(self, evidence: Evidence) -> None:
        """Let a version go where its evidence says, and deliver what that changes."""
        advance(evidence, self.ports)
        self.deliver()

    def challenge(self, version: str) -> Challenge:
        """Read what is known of a version of the flights."""
        stored = self.ports.records.get(Challenge, Challenge.id_of("flights", VersionId(version)))
        assert stored is not None
        return stored

    def card(self, version: str) -> Message:
        """Find the card of a version of the flights."""
        title = f"*flights* version `{self.challenge(version).name}` "
        [card] = [card for card in self.slack.messages(CHANNEL) if title in self.words(card)]
        return card

    def pointer(self) -> Serving:
        """Read which versions of the flights stand where."""
        stored = self.ports.records.get(Serving, "flights")
        assert stored is not None
        return stored

    def store(self, record: Record) -> None:
        """Store a record as it is, without its story."""
        assert self.ports.records.commit(new(record))

    def never_first(self) -> Ports:
        """Return ports by which somebody else is always quicker."""
        return replace(self.ports, records=_NeverFirst(self.ports.records))

    def while_overtaken_by(self, other: Callable[[], object]) -> Ports:
        """Return ports by which somebody else is quicker once."""
        return overtaken(self.ports, other)

    def while_listings_lag(self) -> Ports:
        """Return ports whose listings also show what was deleted a moment ago."""
        return replace(self.ports, records=_Lagging(self.ports.records))

    def deliver(self) -> int:
        """Deliver what waits for the channel."""
        return deliver(CHANNEL, self.ports)

    def click(
        self, action_id: str, by: Person, *, on: Message | None = None, choice: Value | None = None
    ) -> Answer:
        """Click in a card, the newest unless another is named, and deliver what that changes."""
        card = on or self.slack.messages(CHANNEL)[-1]
        option = choice.model_dump_json() if choice else None
        answer = self.slack.click(action_id, user=by.id, message=card, option=option)
        self.deliver()
        return answer

    def thread(self, card: Message) -> list[Message]:
        """Read the replies under a card."""
        return [reply for reply in self.slack.thread(CHANNEL, card.ts) if reply.ts != card.ts]

    def answer_to(self, words: str) -> str:
        """Let Ada type `/watch` with these words; returns all that only she then reads."""
        self.slack.command("/watch", words, user=ADA.id, channel=CHANNEL)
        shown = self.slack.whispers(ADA.id)[-1]
        return shown.text + "\n" + self.words(shown)

    def whispered_to(self, person: Person) -> str:
        """Read the last message that only this person sees."""
        return self.slack.whispers(person.id)[-1].text

    def alert(self) -> Alert:
        """Read the one alert as it is stored."""
        stored = self.ports.records.get(Alert, an_alert().id)
        assert stored is not None
        return stored

    def served(self) -> list[Served]:
        """Read which versions of the flights served, the present one first."""
        return self.ports.records.query(Served, "served:flights", newest_first=True)

    def told_elsewhere(self) -> list[str]:
        """Read what the second route was told."""
        file = self.folder / "second_route.jsonl"
        return file.read_text().splitlines() if file.exists() else []

    def waiting_jobs(self) -> list[Job]:
        """Read which jobs were accepted and not run."""
        jobs = self.ports.jobs
        assert isinstance(jobs, SqliteJobs)
        return jobs.waiting()

    @staticmethod
    def words(card: Message) -> str:
        """Everything that can be read on a card."""
        return "\n".join(_texts(card.blocks))

    @staticmethod
    def has(card: Message, action_id: str) -> bool:
        """Whether a button or menu stands on a card."""
        return json.dumps(action_id) in json.dumps(card.blocks)


def _texts(drawn: Any) -> list[str]:  # noqa: ANN401 - a tree of Slack's dictionaries
    if isinstance(drawn, list):
        return [text for part in drawn for text in _texts(part)]
    if not isinstance(drawn, dict):
        return []
    own = [drawn["text"]] if isinstance(drawn.get("text"), str) else []
    return own + [text for part in drawn.values() for text in _texts(part)]
