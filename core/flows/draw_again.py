"""Draw a version's card again: what it may offer has changed, though nothing happened to it."""

from core.domain.challenge import Challenge
from core.domain.outbox import OutboxEntry
from core.flows.change import change
from core.flows.telling import wake
from core.ports import Ports, Write, new


def draw_again(challenge_id: str, ports: Ports) -> None:
    """Ask for the card to be drawn as things are now; a card that is not there stays so.

    Raises:
        Busy: others kept changing the same card.
    """
    if ports.records.get(Challenge, challenge_id) is None:
        return

    def step(challenge: Challenge) -> tuple[Challenge, list[Write]]:
        return challenge, [new(OutboxEntry.redraw(challenge, challenge.channel, ports.now()))]

    card = change(Challenge, challenge_id, step, ports)
    wake(card, card.channel, ports)
