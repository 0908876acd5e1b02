"""The peers whose speed is compared: programs that take a partition and an earlier one."""

from dataclasses import dataclass
from typing import Final

from infra.local.alert_bench.peers.catalogue import EVIDENTLY, GATE, NANNYML, QUIET
from infra.local.peer_environment import CACHE, PeerEnvironment, this_python
from infra.local.peer_names import asked_for

_HERE: Final = "infra.local.speed_bench.peers"


@dataclass(frozen=True)
class SpeedPeer:
    """A program to compare with."""

    name: str
    program: str
    packages: tuple[str, ...]
    environment: PeerEnvironment | None = None
    runs: int = 3

    def command(self, current: str, reference: str) -> list[str]:
        """Return the command line that compares two partitions."""
        settings = (f"{name}={value}" for name, value in QUIET.items())
        return ["env", *settings, self.python, "-m", f"{_HERE}.{self.program}", current, reference]

    @property
    def python(self) -> str:
        """The Python of its environment, which is made when it is not there."""
        return str(self.environment.python(CACHE) if self.environment else this_python())


PEERS: Final = (
    SpeedPeer("scipy_by_hand", "hand_tests", ("scipy", "pandas")),
    SpeedPeer("gate_no_clustering", "gate_package", ("gate-drift", "polars"), GATE),
    SpeedPeer("nannyml_univariate", "nannyml_package", ("nannyml", "pandas"), NANNYML),
    SpeedPeer("evidently_preset", "evidently_package", ("evidently", "pandas"), EVIDENTLY, runs=1),
)


def chosen(names: str) -> list[SpeedPeer]:
    """Return the peers that a person asked for."""
    by_name = {peer.name: peer for peer in PEERS}
    return [by_name[name] for name in asked_for(names, by_name)]
