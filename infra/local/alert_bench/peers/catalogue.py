"""The peers, each with the environment it needs and how often it can afford to check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from infra.local.peer_environment import PeerEnvironment
from infra.local.peer_names import asked_for

_HERE: Final = "infra.local.alert_bench.peers"
QUIET: Final = {"DO_NOT_TRACK": "1", "NML_DISABLE_USAGE_LOGGING": "1"}

EVIDENTLY: Final = PeerEnvironment("evidently", ("evidently==0.7.23", "pandas<3", "pyarrow"))
NANNYML: Final = PeerEnvironment(
    "nannyml", ("nannyml==0.13.1", "statsmodels", "pandas<3", "pyarrow")
)
GATE: Final = PeerEnvironment(
    "gate",
    (
        "polars<0.18",
        "numpy<2",
        "pandas<3",
        "pyarrow<20",
        "scipy",
        "scikit-learn",
        "requests",
        "pillow",
    ),
    alone=("gate-drift==0.1.5",),  # it asks for torch, which only its clustering of names uses
)


@dataclass(frozen=True)
class Peer:
    """A detector to compare with."""

    name: str
    detector: str
    packages: tuple[str, ...]
    """Whose versions decide what it says."""
    environment: PeerEnvironment | None = None
    """`None` for those that are written here: they run in ours."""
    stride: int = 1
    variables: Mapping[str, str] = field(default_factory=lambda: QUIET)


PEERS: Final = (
    Peer("tests", f"{_HERE}.hand_tests:HandTests", ("scipy", "pandas")),
    Peer("neighbours", f"{_HERE}.neighbours:Neighbours", ("numpy", "pandas")),
    Peer("constraints", f"{_HERE}.constraints:Constraints", ("numpy", "pandas")),
    Peer("pulls", f"{_HERE}.pulls:Pulls", ("numpy", "pandas")),
    Peer("by_history", f"{_HERE}.by_history:ByHistory", ("numpy", "pandas")),
    Peer("gate", f"{_HERE}.gate_package:Gate", ("gate-drift", "polars", "numpy"), GATE),
    Peer("nannyml", f"{_HERE}.nannyml_package:NannyML", ("nannyml", "pandas"), NANNYML, stride=4),
    Peer(
        "evidently",
        f"{_HERE}.evidently_package:Evidently",
        ("evidently", "pandas"),
        EVIDENTLY,
        stride=4,
    ),
)


def chosen(names: str) -> list[Peer]:
    """Return the peers that a person asked for."""
    by_name = {peer.name: peer for peer in PEERS}
    return [by_name[name] for name in asked_for(names, by_name)]
