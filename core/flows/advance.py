"""Let a version go on by what its evidence shows."""

from core.domain.challenge import Challenge
from core.domain.evidence import Evidence
from core.domain.evidence_shown import EvidenceShown
from core.domain.outbox import OutboxEntry
from core.flows.change import change
from core.flows.telling import wake
from core.ports import Ports, Write, new


def advance(evidence: Evidence, ports: Ports) -> None:
    """Show a version's evidence on its card; the same evidence again changes nothing.

    Raises:
        Busy: others kept changing the same card.
    """
    shown = EvidenceShown.of(evidence)
    card_id = Challenge.id_of(evidence.model, evidence.version)
    known = ports.records.get(Challenge, card_id)
    if known is None or known.evidence == shown:
        return

    def step(challenge: Challenge) -> tuple[Challenge, list[Write]]:
        after = challenge.with_evidence(shown)
        return after, [new(OutboxEntry.redraw(after, after.channel, ports.now()))]

    card = change(Challenge, card_id, step, ports)
    wake(card, card.channel, ports)
