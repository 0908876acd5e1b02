"""What follows once the pointer has moved: whatever of it fails is made good by a later run."""

from contextlib import suppress

from core.domain.errors import Unavailable
from core.domain.person import Person
from core.domain.serving import Serving
from core.flows.close_ideas import close_ideas
from core.flows.refresh_evaluation import refresh_evaluation
from core.flows.telling import wake
from core.ports import Ports


def follow_up(after: Serving, channel: str, ports: Ports) -> None:
    """Tell people, answer the ideas that have come to their end, compare with the new champion.

    Args:
        after: the pointer as it was committed.
        channel: where the model's cards stand.
        ports: the outside world.
    """
    close_ideas(ports, after.id)
    wake(after, channel, ports)
    if after.challenger is not None:
        with suppress(Unavailable):
            refresh_evaluation(after, after.challenger, Person.machine(), ports)
