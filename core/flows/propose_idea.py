"""Propose an idea, tie it to what tries it, and list the ideas of a model."""

from core.domain.access import Verb
from core.domain.challenge import Challenge
from core.domain.errors import Unknown
from core.domain.idea import Idea, KillByPast, Proposal
from core.domain.ids import VersionId, fact_id
from core.domain.person import Person
from core.domain.version import Version
from core.flows.change import change
from core.flows.permit import config_of, permit
from core.flows.telling import announced, told, wake
from core.ports import Ports, Write, changed, new

_MOST_SHOWN = 20


def propose_idea(model: str, proposal: Proposal, key: str, by: Person, ports: Ports) -> Idea:
    """Write an idea down and post its card.

    Args:
        model: the model that it is for.
        proposal: what the person wrote.
        key: names the form that was sent, so that sending it twice makes one idea.
        by: who proposes it.
        ports: the outside world.

    Raises:
        Unknown: no config was ever applied for this model.
        NotAllowed: the person may not.
        KillByPast: its last day is not ahead.
    """
    config, now = permit(Verb.PROPOSE, by, model, ports), ports.now()
    if proposal.kill_by <= now.date():
        raise KillByPast(proposal.kill_by, now.date())
    idea = Idea(
        id=fact_id("ide", model, key),
        model=model,
        channel=config.channel,
        proposal=proposal,
        proposed_by=by.id,
        proposed_at=now,
    )
    posted = announced(idea, idea.channel, by, "proposed the idea", ports)
    if not ports.records.commit(new(idea), *posted):
        return idea_of(idea.id, ports)
    wake(idea, idea.channel, ports)
    return idea


def idea_of(idea_id: str, ports: Ports) -> Idea:
    """Read one idea.

    Raises:
        Unknown: there is no such idea.
    """
    idea = ports.records.get(Idea, idea_id)
    if idea is None:
        raise Unknown("idea", idea_id)
    return idea


def idea_to_try(idea_id: str, model: str, ports: Ports) -> Idea:
    """Read an idea that may still be tried with this model.

    Raises:
        Unknown: the model has no such idea.
        IdeaAnswered: it has come to its end.
    """
    idea = idea_of(idea_id, ports)
    if idea.model != model:
        raise Unknown("idea", idea_id)
    idea.refuse_if_answered()
    return idea


def try_with_config(idea_id: str, model: str, config_hash: str, by: Person, ports: Ports) -> Idea:
    """Tie an idea to the config that was applied to try it; again changes nothing.

    Raises:
        Unknown: the model has no such idea.
        IdeaAnswered: it has come to its end.
    """
    idea_to_try(idea_id, model, ports)

    def step(idea: Idea) -> tuple[Idea, list[Write]]:
        tied = idea.tried_with(config_hash)
        what = f"applied config {config_hash[:8]} to try it"
        return tied, [] if tied == idea else told(tied, tied.channel, by, what, ports)

    idea = change(Idea, idea_id, step, ports)
    wake(idea, idea.channel, ports)
    return idea


def tie_to_version(version_id: VersionId, asked_for: str | None, ports: Ports) -> list[Idea]:
    """Tie a trained version to the idea it was asked for, and to those tried by its config.

    Args:
        version_id: what was trained.
        asked_for: the id of the idea that somebody named; `None` when nobody did.
        ports: the outside world.
    """
    version = ports.records.get(Version, version_id)
    if version is None:
        return []
    model, config_hash = version.manifest.model, version.manifest.config_hash
    tied = []
    for idea in open_ideas(ports):
        is_meant = idea.id == asked_for or config_hash in idea.configs
        if idea.model == model and is_meant and version_id not in idea.versions:
            tied.append(change(Idea, idea.id, lambda idea: _tied(idea, version_id, ports), ports))
            wake(tied[-1], tied[-1].channel, ports)
    return tied


def ideas_of(model: str, ports: Ports) -> list[Idea]:
    """List the ideas for a model: the open ones first, then what was answered, newest first.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config_of(model, ports)
    still_open = [idea for idea in open_ideas(ports) if idea.model == model]
    answered = ports.records.query(Idea, f"ideas:{model}", newest_first=True, limit=_MOST_SHOWN)
    return [*reversed(still_open), *answered]


def open_ideas(ports: Ports) -> list[Idea]:
    """List the open ideas of all models, oldest first."""
    return ports.records.query(Idea, "ideas:open", limit=1000)


def _tied(idea: Idea, version: VersionId, ports: Ports) -> tuple[Idea, list[Write]]:
    tied, machine = idea.tried_by(version), Person.machine()
    challenge = ports.records.get(Challenge, Challenge.id_of(idea.model, version))
    name = challenge.name if challenge else version
    writes = told(tied, tied.channel, machine, f"trained version {name} to try it", ports)
    if challenge is not None and challenge.idea is None:
        trying = challenge.trying(idea.proposal.hypothesis)
        what = f"tries out the idea {idea.id} with it"
        writes += [changed(trying), *told(trying, trying.channel, machine, what, ports)]
    return tied, writes
