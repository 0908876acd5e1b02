"""Promote a challenger: one transaction moves the pointer if it is what the person saw."""

from core.domain.access import Verb
from core.domain.challenge import Challenge
from core.domain.errors import Unknown
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.person import Person
from core.domain.served import Served
from core.domain.serving import Serving
from core.domain.stage_refusals import StaleEvaluation
from core.domain.wording import percent
from core.flows.change import change
from core.flows.follow_up import follow_up
from core.flows.permit import permit
from core.flows.refresh_evaluation import refresh_evaluation
from core.flows.servable import refuse_other_paths, refuse_unhashed, refuse_unservable
from core.flows.slo_standing import refuse_frozen
from core.flows.stand import Said, moved
from core.ports import Ports, Write, new


def promote(
    model: str,
    version: VersionId,
    *,
    seen_champion: VersionId | None,
    by: Person,
    ports: Ports,
) -> Serving:
    """Make a challenger that has passed its gate the champion; all cards that change say so.

    Raises:
        Unknown: the model, or the version, is not known.
        NotAllowed: the person may not.
        NeedsSecondPerson: the person asked for this version and the config wants another one.
        Refusal: a rule of `core.domain.stage_refusals` is against it.
    """
    config = permit(Verb.PROMOTE, by, model, ports)
    _challenge(model, version, config, by, ports)
    return _promote(config, version, seen_champion, by, ports)


def approve_exception(
    model: str,
    version: VersionId,
    *,
    seen_champion: VersionId | None,
    by: Person,
    ports: Ports,
) -> Serving:
    """Make a challenger the champion for which somebody else has asked for an exception.

    The gate is all that an exception passes over; of a version that is shown to be better also the
    freeze of promotions, since it may be the cure.

    Raises:
        NothingAsked: nobody asks for an exception.
        NeedsAnotherPerson: the person asked for the exception.
        Refusal: as `promote` does.
    """
    config = permit(Verb.PROMOTE, by, model, ports)
    asked = _challenge(model, version, config, by, ports).refuse_unless_asked(by)
    what = f"promoted it as the exception that was asked for: {asked.reason}"
    said = Said(what, tells=lambda _: asked.by)
    return _promote(config, version, seen_champion, by, ports, exception=said)


def _challenge(
    model: str, version: VersionId, config: ModelConfig, by: Person, ports: Ports
) -> Challenge:
    challenge = ports.records.get(Challenge, Challenge.id_of(model, version))
    refuse_unhashed(version, ports)
    if challenge is None:
        raise Unknown("version", version)
    if config.access.promotion_needs_second_person:
        challenge.refuse_author(by)
    return challenge


def _promote(  # noqa: PLR0913 - what the person saw, and whether it is an exception
    config: ModelConfig,
    version: VersionId,
    seen_champion: VersionId | None,
    by: Person,
    ports: Ports,
    *,
    exception: Said | None = None,
) -> Serving:
    def step(serving: Serving) -> tuple[Serving, list[Write]]:
        after = serving.promoting(
            version,
            seen_champion=seen_champion,
            is_exception=exception is not None,
            held_back=config.stages.share_of_guard,
        )
        challenge = _refuse_unfit(serving, version, by, ports)
        refuse_frozen(config, challenge, ports, is_exception=exception is not None)
        name = challenge.name
        how = "promoted as an exception" if exception else "promoted"
        said = {version: exception or Said("promoted it")}
        if serving.champion is not None:
            said[serving.champion] = Said(f"promoted {name} in its place; {_guards(after)}")
        writes: list[Write] = [new(Served.since_now(after, by, how, ports.now()))]
        return after, writes + moved(serving, after, said, by, ports)

    after = change(Serving, config.model, step, ports)
    follow_up(after, config.channel, ports)
    return after


def _guards(after: Serving) -> str:
    if not after.holds_back:
        return "it guards that one"
    share = percent(after.canary_share)
    return f"it guards that one, and goes on serving {share} of the entities, drawn anew"


def _refuse_unfit(serving: Serving, version: VersionId, by: Person, ports: Ports) -> Challenge:
    """Return the challenge as it is now, if nothing but the gate could speak against it.

    Numbers that are about another champion are asked for anew: the refusal says that they come.
    """
    challenge = ports.records.get(Challenge, Challenge.id_of(serving.id, version))
    if challenge is None or serving.champion is None:
        raise Unknown("version", version)
    challenge.refuse_flawed()
    refuse_other_paths(serving.id, version, ports)
    if challenge.against != serving.champion:
        refresh_evaluation(serving, version, by, ports)
        raise StaleEvaluation(version, against=challenge.against, actual=serving.champion)
    refuse_unservable(serving.id, version, ports)
    return challenge
