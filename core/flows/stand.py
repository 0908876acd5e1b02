"""Where versions stand after the pointer moved: their cards, in the commit that moves it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.domain.challenge import Challenge, ChallengeState
from core.domain.ids import VersionId
from core.domain.outbox import OutboxEntry
from core.domain.person import Person
from core.domain.serving import Serving
from core.domain.stage_refusals import short
from core.domain.timeline import Line
from core.ports import Ports, Write, changed, new


def author(challenge: Challenge) -> str:
    """Say who asked for a version."""
    return challenge.asked_by


@dataclass(frozen=True)
class Said:
    """What is told of one version that moves."""

    what: str
    """The timeline's clause."""
    end: ChallengeState | None = None
    """What became of it, if it has no place any more."""
    note: Callable[[Challenge], Challenge] = lambda challenge: challenge
    """What else its card says from now on."""
    tells: Callable[[Challenge], str] | None = None
    """Whom it mentions; `None` for nobody."""


@dataclass(frozen=True)
class Standing:
    """The place of one version."""

    state: ChallengeState
    share: float = 0.0
    place: int | None = None


def standing_of(serving: Serving, version: VersionId) -> Standing | None:
    """Say where a version stands; `None` when it has no place."""
    if version == serving.champion:
        return Standing(ChallengeState.CHAMPION)
    share = serving.canary_share if version == serving.canary else 0.0
    if version == serving.ready:
        return Standing(ChallengeState.READY, share)
    if version == serving.guard:
        return Standing(ChallengeState.GUARDING, share)
    if version == serving.canary:
        return Standing(ChallengeState.CANARY, share)
    if version == serving.challenger:
        return Standing(ChallengeState.SHADOW)
    place = serving.place_in_queue(version)
    return Standing(ChallengeState.QUEUED, place=place) if place else None


def moved(
    before: Serving, after: Serving, said: Mapping[VersionId, Said], by: Person, ports: Ports
) -> list[Write]:
    """Return the writes by which the card of each version that moves says so.

    Args:
        before: the pointer as it was read.
        after: as it is committed together with these writes.
        said: what is told of the versions that somebody moved on purpose; what that brings about
            for others is told by itself. One that only comes closer in the queue is drawn again.
        by: who moved them.
        ports: the outside world.
    """
    writes: list[Write] = []
    for version in dict.fromkeys((*before.standing, *after.standing)):
        was, now = standing_of(before, version), standing_of(after, version)
        is_anew = before.champion != after.champion and _is_compared(now)
        if was == now and not is_anew:
            continue
        challenge = ports.records.get(Challenge, Challenge.id_of(after.id, version))
        if challenge is None:
            continue
        mine = said.get(version)
        then = _then(challenge, now, mine, by, ports)
        if is_anew:
            then = then.beginning_anew()
        if mine is not None:
            writes += _told(then, mine, by, ports)
        elif what := _what_follows(was, now, after if is_anew else None):
            writes += _told(then, Said(what), Person.machine(), ports)
        else:
            redraw = OutboxEntry.redraw(then, then.channel, ports.now())
            writes += [changed(then), new(redraw)]
    return writes


def _is_compared(now: Standing | None) -> bool:
    states = {ChallengeState.SHADOW, ChallengeState.QUEUED}
    return now is not None and now.state in states


def _what_follows(was: Standing | None, now: Standing | None, anew: Serving | None) -> str | None:
    """Say what another version's move brings about; `None` when it only comes closer in the queue.

    `anew` is the pointer when another champion serves now.
    """
    if now is None:
        return "ended its guard"
    if was is not None and was.share and not now.share:
        where = "it predicts in shadow" if now.place is None else "it waits in the queue"
        return f"took its share back, since the champion changed; {where}"
    if now.state is not ChallengeState.SHADOW:
        return None
    if was is not None and was.state is ChallengeState.QUEUED:
        return "let it predict in shadow: it was the next of the queue"
    champion = anew.champion if anew else None
    return (
        f"compares it with {short(champion)} from now on: the champion changed"
        if champion
        else None
    )


def _then(
    challenge: Challenge, now: Standing | None, said: Said | None, by: Person, ports: Ports
) -> Challenge:
    at = ports.now()
    if now is None or now.state is ChallengeState.CHAMPION:
        end = said.end if said and said.end else None
        state = now.state if now else end or ChallengeState.DETHRONED
        then = challenge.decided(state, by, at).waiting_at(None)
    elif (challenge.state, challenge.canary_share) == (now.state, now.share):
        then = challenge.waiting_at(now.place)
    else:
        then = challenge.standing(now.state, now.share, at).waiting_at(now.place)
    return said.note(then) if said else then


def _told(then: Challenge, said: Said, by: Person, ports: Ports) -> list[Write]:
    at = ports.now()
    line = Line.of(then, by, said.what, at)
    told = Person(id=said.tells(then)) if said.tells else by
    if told != by and not told.is_trusted:
        line = line.mentioning(told.id)
    return [
        changed(then),
        new(line),
        new(OutboxEntry.card(then, then.channel, at)),
        new(OutboxEntry.reply(line, then, then.channel, at)),
    ]
