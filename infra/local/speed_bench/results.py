"""Measured usage as it is kept and compared: always together with the floor of the same run."""

from pathlib import Path
from typing import Final

from core.domain.base import Value
from infra.local.speed_bench.measuring import Usage

KEPT: Final = Path(__file__).parent / "peers.json"


class Numbers(Value):
    """What a process took; see Usage."""

    wall_s: float
    cpu_s: float
    peak_mib: float

    @classmethod
    def of(cls, usage: Usage) -> "Numbers":
        """Keep a usage with the digits that mean something."""
        return cls(
            wall_s=round(usage.wall_s, 2),
            cpu_s=round(usage.cpu_s, 2),
            peak_mib=round(usage.peak_mib),
        )

    def usage(self) -> Usage:
        """Return what was kept."""
        return Usage(self.wall_s, self.cpu_s, self.peak_mib)


class PeerSpeed(Value):
    """What a peer took in one scenario, and the floor beside it."""

    name: str
    scenario: str
    runs: int
    date: str
    versions: dict[str, str]
    took: Numbers
    floor: Numbers


class PeerSpeeds(Value):
    """The peers' last results."""

    results: tuple[PeerSpeed, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "PeerSpeeds":
        """Read what was kept; nothing when nothing was."""
        return cls.model_validate_json(path.read_text()) if path.exists() else cls()

    def write(self, path: Path) -> None:
        """Keep them."""
        path.write_text(self.model_dump_json(indent=1) + "\n")

    def with_new(self, new: PeerSpeed) -> "PeerSpeeds":
        """Replace the result of the same peer in the same scenario, or add it."""
        merged = {(one.scenario, one.name): one for one in (*self.results, new)}
        return PeerSpeeds(results=tuple(merged[key] for key in sorted(merged)))
