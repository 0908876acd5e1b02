"""The card of a version: where it stands, what decides, and what may be done about it.

What nobody needs to decide stands in its details, behind a button: a card is read on a phone.
"""

from typing import Final

from core.adapters.slack.blocks import (
    Card,
    context,
    cut,
    escape,
    fallback,
    section,
    some,
    when,
    who,
)
from core.adapters.slack.challenge_buttons import challenge_buttons
from core.adapters.slack.evaluation_lines import evaluation_in_short
from core.adapters.slack.evidence_lines import evidence_lines
from core.adapters.slack.realised_line import realised_line
from core.domain.challenge import Challenge, ChallengeState
from core.domain.stage_refusals import short
from core.domain.wording import names, percent

_STATE: Final = {
    ChallengeState.QUEUED: ":hourglass: waits in the queue",
    ChallengeState.SHADOW: ":new: challenger, predicts in shadow",
    ChallengeState.CANARY: ":bird: canary",
    ChallengeState.READY: ":white_check_mark: stands for promotion",
    ChallengeState.CHAMPION: ":trophy: serves as champion",
    ChallengeState.GUARDING: "was champion; guards the new one from shadow",
    ChallengeState.DETHRONED: "was champion; a newer version serves",
    ChallengeState.HARMFUL: ":no_entry: killed as harmful",
    ChallengeState.FUTILE: ":no_entry: killed as futile",
    ChallengeState.KILLED: ":no_entry: killed",
    ChallengeState.REPLACED: "replaced by a newer version",
    ChallengeState.ROLLED_BACK: ":leftwards_arrow_with_hook: rolled back",
}
_STANDS: Final = {
    ChallengeState.CHAMPION,
    ChallengeState.SHADOW,
    ChallengeState.CANARY,
    ChallengeState.READY,
}
_COMPARED: Final = _STANDS | {ChallengeState.QUEUED}
_STOP: Final = ":no_entry: "
_MOST_FINDINGS: Final = 5
_MOST_KEPT: Final = 3
_MOST_CHARS: Final = 300  # of one sentence: it is read on a phone
_FROZEN: Final = "the error budget of the SLO is spent, so promotions and larger shares are frozen."
_CURE: Final = "This version is shown to be better, so it can be promoted as an exception."
_NO_CURE: Final = "Only what is shown to be better than what serves passes, as an exception."


def challenge_card(challenge: Challenge) -> Card:
    """Draw a version: its stage, what stands against it, its evidence, and its buttons."""
    state = _state(challenge)
    title = f"*{challenge.model}* version `{challenge.name}` {state}"
    found = [_stands_against(challenge), _evidence(challenge)]
    if challenge.state in _STANDS or challenge.realised:
        found.append(_turned_out(challenge))
    if challenge.state in _COMPARED:
        found.append(evaluation_in_short(challenge))
    card = [section(f"{title}\n{_verdict(challenge)}")]
    card += [section(text) for text in found if text]
    card.append(context(*_small_print(challenge)))
    card += challenge_buttons(challenge)
    words = state.split(": ")[-1]
    return Card(fallback(f"{challenge.model} version {challenge.name}: {words}"), card)


def _state(challenge: Challenge) -> str:
    state = _STATE[challenge.state]
    if challenge.state is ChallengeState.GUARDING and challenge.canary_share:
        return f"was champion; guards the new one, {_share(challenge)}"
    if challenge.waits_at is not None:
        state += f" at place {challenge.waits_at}"
    if challenge.canary_share:
        state += f", {_share(challenge)}"
    return state


def _turned_out(challenge: Challenge) -> str:
    realised = realised_line(challenge.realised, challenge.champion_realised)
    slo = challenge.prospects.slo
    return f"{realised}\nSLO: {escape(slo)}" if slo else realised


def _share(challenge: Challenge) -> str:
    return f"serves {percent(challenge.canary_share)} of the entities"


def _small_print(challenge: Challenge) -> list[str]:
    lines = [
        f"Trained {when(challenge.proposed_at)}: {_short(challenge.reason)}{_asked_by(challenge)}"
    ]
    if challenge.decided_by and challenge.decided_at:
        lines.insert(0, f"Decided by {who(challenge.decided_by)}, {when(challenge.decided_at)}")
    if challenge.made_of:
        lines.append(f"Changed: {_short(challenge.made_of)}")
    if challenge.never_mattered and challenge.state in _COMPARED - {ChallengeState.CHAMPION}:
        lines.append(
            f"Changed before, never with a gain: {_short(names(challenge.never_mattered))}"
        )
    if challenge.idea:
        lines.append(f":bulb: Tries out: {_short(challenge.idea)}")
    if challenge.fallback and challenge.is_challenging:
        lines.append(_short(challenge.fallback))
    return lines


def _asked_by(challenge: Challenge) -> str:
    asked_by = who(challenge.asked_by)
    return f": {asked_by}" if asked_by.startswith("<@") else ""


def _verdict(challenge: Challenge) -> str:
    if challenge.killed_because:
        return f"Why: {_short(challenge.killed_because)}."
    if challenge.against is None:
        return "The first version of this model: there was nothing to compare it with."
    if challenge.gain is None:
        return f"It could not be compared with champion `{short(challenge.against)}`."
    low, middle, high = challenge.gain
    interval = f"95 % interval {low:+.4f} to {high:+.4f}"
    numbers = f"Gain in {_in_a_sentence(challenge.loss)} {middle:+.4f} ({interval})"
    against = f"over champion `{short(challenge.against)}` on the same rows"
    if low > 0:
        return f"{numbers} {against}: better."
    if high < 0:
        return f"{numbers} {against}: *worse*."
    return f"{numbers} {against}: no difference shown."


def _evidence(challenge: Challenge) -> str | None:
    """Say what its cohorts show, while that is still to be decided."""
    if not challenge.is_challenging:
        return None
    said = "*Gate:* no cohort has a label yet that both versions predicted."
    if challenge.evidence is not None:
        said = f"*Gate*\n{evidence_lines(challenge.evidence)}"
    if challenge.promises_kept:
        kept = some([_short(kept) for kept in challenge.promises_kept], _MOST_KEPT)
        said += f"\n*What earlier promotions promised and brought*\n{kept}"
    return said


def _stands_against(challenge: Challenge) -> str | None:
    """Say what a person must know before promoting it."""
    said = []
    if challenge.exception and challenge.is_challenging:
        asked = challenge.exception
        over = "freeze of promotions" if challenge.state is ChallengeState.READY else "gate"
        said.append(
            f"*{who(asked.by)} asks for an exception from the {over}:* {_short(asked.reason)}\n"
            "A second person has to approve it."
        )
    if not challenge.is_reproducible:
        said.append("*Cannot be promoted:* it was made from inputs that have no hash.")
    if challenge.is_challenging:
        said += [f"*Cannot be promoted now:* {_short(why)}" for why in _missing(challenge)]
    if challenge.findings:
        found = [
            f"{_STOP if finding.is_blocking else ''}*{finding.name}* {_short(finding.sentence)}"
            for finding in sorted(challenge.findings, key=lambda finding: not finding.is_blocking)
        ]
        stops = ", *so it cannot be promoted*" if challenge.blocking else ""
        said.append(f"*The review found*{stops}\n{some(found, _MOST_FINDINGS)}")
    return "\n".join(said) or None


def _missing(challenge: Challenge) -> list[str]:
    """Say what a promotion would be refused for at once, whoever asks for it."""
    prospects = challenge.prospects
    said = [prospects.differing] if prospects.differing else []
    if prospects.is_frozen:
        said.append(f"{_FROZEN} {_CURE if challenge.is_shown_better else _NO_CURE}")
    if prospects.is_stale and challenge.against:
        said.append(
            f"it was compared with {short(challenge.against)}, which does not serve any more. It "
            "is compared anew when the next labels come, at the latest."
        )
    return said


def _in_a_sentence(title: str) -> str:
    return title if title.startswith("Brier") else title[0].lower() + title[1:]


def _short(text: str) -> str:
    return escape(cut(text, _MOST_CHARS))
