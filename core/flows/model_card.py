"""Rebuild a model's card from the records: who decided what, when, on which evidence."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from core.domain.alert import Alert
from core.domain.challenge import Challenge, ChallengeState
from core.domain.contract_change import ContractChange
from core.domain.difference import changed_keys
from core.domain.idea import Idea
from core.domain.ids import VersionId
from core.domain.incident import Incident
from core.domain.ledger import rule_in_words
from core.domain.model_card import Decision, ModelCard, evidence_of
from core.domain.model_config import StoredConfig
from core.domain.person import Person
from core.domain.person_name import PersonName, mentioned
from core.domain.quiet import Quiet
from core.domain.served import Served
from core.domain.serving import short
from core.domain.timeline import Line
from core.domain.wording import names
from core.flows.lineage import Listed, versions_of
from core.flows.model_state import model_state
from core.ports import Ports, R

_MOST: Final = 1000  # of each kind, the newest
_MOST_VERSIONS: Final = 20
_BY_PERSONS: Final = "<@"


def model_card(model: str, ports: Ports) -> ModelCard:
    """Read everything that was written about a model.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    state, listed = model_state(model, ports), versions_of(model, ports)
    decisions = sorted(_decisions(model, listed, ports), key=lambda of: (of.at, of.what))
    champion = next((of.challenge for of in listed if _serves(of)), None)
    return ModelCard(
        config=state.config,
        made_at=ports.now(),
        facts=state.facts(ports.now()),
        versions=[_version(of) for of in listed[:_MOST_VERSIONS]],
        weak_spots=[
            *(champion.worst_slices if champion else ()),
            *(finding.sentence for finding in (champion.findings if champion else ())),
        ],
        decisions=decisions,
        names=_names(state.config.named, decisions, ports),
    )


def _serves(of: Listed) -> bool:
    return of.challenge is not None and of.challenge.state is ChallengeState.CHAMPION


def _version(of: Listed) -> str:
    version, manifest = of.version, of.version.manifest
    stands = of.challenge.state if of.challenge else "never stood"
    return (
        f"`{short(version.id)}`, made {version.made_at:%Y-%m-%d} for {_by(version.asked_by)} "
        f"({version.reason}) from {manifest.first_day} to {manifest.last_day}, "
        f"{manifest.rows:,} rows: {stands}"
    )


def _decisions(model: str, listed: Sequence[Listed], ports: Ports) -> Iterator[Decision]:
    challenges = {of.version.id: of.challenge for of in listed if of.challenge is not None}
    yield from _of_configs(model, ports)
    yield from _of_versions(model, challenges, ports)
    yield from _of_alerts(model, ports)
    yield from _of_incidents(model, ports)
    for change in _all(ContractChange, f"contract_changes:{model}", ports):
        if change.decided_by and change.decided_at:
            evidence = "; ".join(of.sentence for of in change.loosened)
            what = f"decided about the contract: {change.state}"
            yield Decision(
                at=change.decided_at, who=_by(change.decided_by), what=what, evidence=evidence
            )
    for idea in (*_all(Idea, "ideas:open", ports), *_all(Idea, f"ideas:{model}", ports)):
        if idea.model == model:
            what = f"proposed: {idea.proposal.hypothesis}"
            yield Decision(
                at=idea.proposed_at, who=_by(idea.proposed_by), what=what, evidence=idea.answer
            )


def _of_configs(model: str, ports: Ports) -> Iterator[Decision]:
    configs = sorted(_all(StoredConfig, f"configs:{model}", ports), key=lambda of: of.applied_at)
    for before, stored in pairwise([None, *configs]):
        if stored is not None:
            keys = changed_keys(before.config, stored.config) if before else ()
            what = f"applied config {stored.id[:8]}" + (f", other {names(keys)}" if keys else "")
            yield Decision(at=stored.applied_at, who=_by(stored.applied_by), what=what)


def _of_versions(
    model: str, challenges: dict[VersionId, Challenge], ports: Ports
) -> Iterator[Decision]:
    served = _all(Served, f"served:{model}", ports)
    told = {(line.since, _by(line.by)) for line in served}
    for line in served:
        known = challenges.get(line.version)
        what = f"let version `{short(line.version)}` serve: {line.how}"
        evidence = evidence_of(known) if known else None
        yield Decision(at=line.since, who=_by(line.by), what=what, evidence=evidence)
    for challenge in challenges.values():
        for said in _all(Line, f"timeline:{challenge.id}", ports):
            is_end = challenge.killed_because is not None and said.at == challenge.decided_at
            is_persons = said.who.startswith(_BY_PERSONS) and (said.at, said.who) not in told
            if is_persons or is_end:
                what = f"{said.what} (version `{challenge.name}`)"
                evidence = evidence_of(challenge) if is_end else None
                yield Decision(at=said.at, who=said.who, what=what, evidence=evidence)


def _of_alerts(model: str, ports: Ports) -> Iterator[Decision]:
    for alert in _all(Alert, "alerts:resolved", ports):
        if alert.model == model and alert.resolved_by and alert.resolved_at:
            about = f" of {alert.partition}" if alert.partition else ""
            what = f"resolved the alert{about} as {alert.disposition}"
            summary = alert.evidence.summary
            yield Decision(
                at=alert.resolved_at, who=_by(alert.resolved_by), what=what, evidence=summary
            )
    for quiet in _all(Quiet, f"quiet:{model}", ports):
        for line in _all(Line, f"timeline:{quiet.id}", ports):
            what = f"{line.what} ({rule_in_words(quiet.rule)})"
            yield Decision(at=line.at, who=line.who, what=what, evidence=quiet.because)


def _of_incidents(model: str, ports: Ports) -> Iterator[Decision]:
    for incident in _all(Incident, f"incidents:{model}", ports):
        title = incident.report.title
        for line in _all(Line, f"timeline:{incident.id}", ports):
            yield Decision(at=line.at, who=line.who, what=line.what, evidence=title)


def _all(kind: type[R], listing: str, ports: Ports) -> list[R]:
    return ports.records.query(kind, listing, newest_first=True, limit=_MOST)


def _by(person: str) -> str:
    return Person(id=person).mention


def _names(named: Sequence[str], decisions: Sequence[Decision], ports: Ports) -> dict[str, str]:
    spoken = " ".join(f"{of.who} {of.what} {of.evidence or ''}" for of in decisions)
    people = [*named, *mentioned(spoken)]
    known = (ports.records.get(PersonName, id_) for id_ in dict.fromkeys(people))
    return {person.id: person.name for person in known if person and person.name}
