"""The card of a version: the evidence, and the button that moves the pointer."""

from typing import Final

from core.adapters.slack.actions import PROMOTE, ROLL_BACK, PointerMove
from core.adapters.slack.blocks import (
    Block,
    Card,
    actions,
    button,
    confirm,
    context,
    cut,
    escape,
    fallback,
    fields,
    section,
    when,
    who,
)
from core.adapters.slack.evaluation_lines import evaluation_lines
from core.adapters.slack.realised_line import realised_line
from core.domain.challenge import Challenge, ChallengeState, Compared
from core.domain.serving import short

_STATE: Final = {
    ChallengeState.CHAMPION: ":trophy: serves as champion",
    ChallengeState.SHADOW: ":new: challenger, predicts in shadow",
    ChallengeState.REPLACED: "replaced by a newer challenger",
    ChallengeState.DETHRONED: "was champion; a newer version serves",
    ChallengeState.ROLLED_BACK: ":leftwards_arrow_with_hook: rolled back",
}

_STANDS: Final = {ChallengeState.CHAMPION, ChallengeState.SHADOW}


def challenge_card(challenge: Challenge) -> Card:
    """Draw a version; Promote while it predicts in shadow, Roll back while it serves."""
    title = f"*{challenge.model}* version `{challenge.name}` {_STATE[challenge.state]}"
    card = [section(f"{title}\n{_verdict(challenge)}")]
    if challenge.compared:
        card.append(fields([(row.metric, _both(row)) for row in challenge.compared[:10]]))
    if judged := evaluation_lines(challenge):
        card.append(section(judged))
    if challenge.state in _STANDS or challenge.realised:
        card.append(section(realised_line(challenge.realised, challenge.champion_realised)))
    card.append(
        context(
            f"Trained on {escape(challenge.trained_on)}",
            f"Compared on {escape(challenge.validated_on)}",
            f"Why: {escape(cut(challenge.reason, 300))}{_asked_by(challenge)}",
            when(challenge.proposed_at),
        )
    )
    if challenge.decided_by and challenge.decided_at:
        by = who(challenge.decided_by)
        card.append(context(f"Decided by {by}, {when(challenge.decided_at)}"))
    if challenge.state is ChallengeState.SHADOW:
        card.append(actions(_promote(challenge)))
    elif challenge.state is ChallengeState.CHAMPION and challenge.against:
        card.append(actions(_roll_back(challenge)))
    state = _STATE[challenge.state].split(": ")[-1]
    return Card(fallback(f"{challenge.model} version {challenge.name}: {state}"), card)


def _asked_by(challenge: Challenge) -> str:
    asked_by = who(challenge.asked_by)
    return f": {asked_by}" if asked_by.startswith("<@") else ""


def _verdict(challenge: Challenge) -> str:
    if challenge.against is None:
        return "The first version of this model: there was nothing to compare it with."
    if challenge.gain is None:
        return f"It could not be compared with champion `{short(challenge.against)}`."
    low, middle, high = challenge.gain
    numbers = f"Gain in {_of(challenge)} {middle:+.4f} (95 % interval {low:+.4f} to {high:+.4f})"
    against = f"over champion `{short(challenge.against)}` on the same rows"
    if low > 0:
        return f"{numbers} {against}: better."
    if high < 0:
        return f"{numbers} {against}: *worse*."
    return f"{numbers} {against}: no difference shown."


def _of(challenge: Challenge) -> str:
    """Write a title within a sentence: `Squared error` small, `Brier score` as it is."""
    return challenge.loss if challenge.loss.startswith("Brier") else challenge.loss.lower()


def _both(row: Compared) -> str:
    if row.champion is None:
        return f"{row.version:.4f}"
    return f"{row.version:.4f} (champion {row.champion:.4f})"


def _promote(challenge: Challenge) -> Block:
    move = PointerMove(model=challenge.model, version=challenge.version, champion=challenge.against)
    return button(
        "Promote…",
        PROMOTE,
        value=move.model_dump_json(),
        style="primary",
        confirm=confirm(
            f"Promote {challenge.name}?",
            f"It serves every prediction of {challenge.model} from the next partition on. "
            "The version that serves now stays where a rollback goes.",
            "Promote",
        ),
    )


def _roll_back(challenge: Challenge) -> Block:
    move = PointerMove(model=challenge.model, version=challenge.version, champion=challenge.version)
    return button(
        "Roll back…",
        ROLL_BACK,
        value=move.model_dump_json(),
        style="danger",
        confirm=confirm(
            f"Roll back {challenge.model}?",
            f"Version {challenge.name} stops serving; the version before it serves again.",
            "Roll back",
        ),
    )
