"""What may be done about a version, by where it stands; who may is decided after the click."""

from core.adapters.slack.actions import (
    APPROVE_EXCEPTION,
    ASK_EXCEPTION,
    DETAILS,
    KILL,
    PROMOTE,
    ROLL_BACK,
    PointerMove,
)
from core.adapters.slack.blocks import Block, actions, button, confirm
from core.domain.challenge import Challenge, ChallengeState
from core.domain.ids import VersionId


def challenge_buttons(challenge: Challenge) -> list[Block]:
    """Draw the row of buttons; one to read more where nothing is left to decide."""
    if challenge.state is ChallengeState.CHAMPION:
        row = [roll_back(challenge.model, challenge.version)] if challenge.against else []
    elif challenge.is_challenging:
        row = [*_way_to_serve(challenge), _kill(challenge)]
    elif challenge.state is ChallengeState.QUEUED:
        row = [_kill(challenge)]
    else:
        row = []
    return [actions(*row, button("Details…", DETAILS, value=challenge.id))]


def _way_to_serve(challenge: Challenge) -> list[Block]:
    """Draw the one button that would not be refused at once; none where every one would be."""
    prospects = challenge.prospects
    if challenge.is_held_back:
        return []
    if challenge.state is ChallengeState.READY and not prospects.is_frozen:
        return [] if prospects.is_stale else [_promote(challenge)]
    if challenge.exception:
        return [] if prospects.is_stale else [_approve(challenge)]
    return [_ask(challenge)]


def roll_back(model: str, version: VersionId) -> Block:
    """Draw the button that takes a version back, which stands on more than one kind of card."""
    move = PointerMove(model=model, version=version, champion=version)
    return button(
        "Roll back…",
        ROLL_BACK,
        value=move.model_dump_json(),
        style="danger",
        confirm=confirm(
            f"Roll back {model}?",
            "This version stops serving; the last one that served before it, and can, serves again "
            "with its overrides. No canary serves any more.",
            "Roll back",
        ),
    )


def _promote(challenge: Challenge) -> Block:
    return button(
        "Promote…",
        PROMOTE,
        value=_seen(challenge),
        style="primary",
        confirm=confirm(
            f"Promote {challenge.name}?",
            f"It serves every prediction of {challenge.model} from the next partition on. "
            "The version that serves now guards it, and stays where a rollback goes.",
            "Promote",
        ),
    )


def _ask(challenge: Challenge) -> Block:
    return button("Promote as exception…", ASK_EXCEPTION, value=_seen(challenge))


def _approve(challenge: Challenge) -> Block:
    why = "It has not passed its gate."
    if challenge.state is ChallengeState.READY:
        why = "It has passed its gate, but the error budget of the SLO is spent."
    return button(
        "Approve exception…",
        APPROVE_EXCEPTION,
        value=_seen(challenge),
        style="primary",
        confirm=confirm(
            f"Promote {challenge.name} as an exception?",
            f"{why} It serves every prediction of {challenge.model} from the next partition on, "
            "and the reason stands in its history.",
            "Promote",
        ),
    )


def _kill(challenge: Challenge) -> Block:
    return button(
        "Kill…",
        KILL,
        value=_seen(challenge),
        style="danger",
        confirm=confirm(
            f"Kill {challenge.name}?",
            "It never serves, and cannot be brought back. The next of the queue takes its place.",
            "Kill",
        ),
    )


def _seen(challenge: Challenge) -> str:
    move = PointerMove(model=challenge.model, version=challenge.version, champion=challenge.against)
    return move.model_dump_json()
