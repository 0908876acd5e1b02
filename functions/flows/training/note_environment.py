"""Let scoring say under which libraries it runs, so that a training can compare its own."""

from core.domain.environment import OF_SCORING, Environment
from core.ports import Ports, changed, new
from functions.data.provenance import environment


def note_environment(ports: Ports) -> bool:
    """Write down the libraries of this process; one read, and a write only when they changed."""
    libraries, now = environment(), ports.now()
    known = ports.records.get(Environment, OF_SCORING)
    if known is None:
        return ports.records.commit(new(Environment(id=OF_SCORING, libraries=libraries, since=now)))
    if known.libraries == libraries:
        return False
    return ports.records.commit(changed(known.now(libraries, now)))
