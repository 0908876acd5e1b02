"""Measures product, peers and floor in turns, so that a busy machine is busy for all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from core.domain.base import Value
from core.wiring import wall_clock
from infra.local.peer_environment import versions
from infra.local.speed_bench.measuring import Usage, measure
from infra.local.speed_bench.peers.catalogue import SpeedPeer
from infra.local.speed_bench.results import Numbers, PeerSpeed
from infra.local.speed_bench.scenarios import (
    Files,
    Scenario,
    at_start_command,
    check_command,
    floor_command,
)

FLOOR: Final = "floor"
PRODUCT: Final = "watchkeeper"

_LEARN: Final = "learn_once"
_OWN_CHECK: Final = "infra.local.speed_bench.one_check"
_FEW_ROWS: Final = 1000

Say = Callable[[str], None]


def in_turns(
    commands: Mapping[str, Sequence[str]], runs: int, cores: int, say: Say
) -> dict[str, Usage]:
    """Run each command so many times, one after the other in each round; return the medians."""
    measured: dict[str, list[Usage]] = {name: [] for name in commands}
    for run in range(1, runs + 1):
        for name, command in commands.items():
            say(f"{name}, run {run} of {runs}")
            measured[name].append(measure(command, cores))
    return {name: Usage.median(taken) for name, taken in measured.items()}


class AtStart(Value):
    """What a check takes before it reads a row, in seconds on the wall."""

    import_s: float
    year_s: float
    """To load a history of 365 partitions and to judge one more with it."""
    heavy: tuple[str, ...]
    """Those of pandas, scipy and sklearn that were imported."""


def measure_start(scenario: Scenario, runs: int, say: Say) -> AtStart:
    """Measure what comes before the first row, with the product's own check; medians."""
    say("importing, loading and judging")
    with Files.made(replace(scenario.shape, rows=_FEW_ROWS)) as files:
        files.learn(f"{_OWN_CHECK}:{_LEARN}")
        out = files.folder / "at_start.json"
        took = []
        for _ in range(runs):
            measure(at_start_command(files, out), scenario.cores)
            took.append(AtStart.model_validate_json(out.read_text()))
    return AtStart(
        import_s=median(one.import_s for one in took),
        year_s=median(one.year_s for one in took),
        heavy=took[0].heavy,
    )


def measure_product(scenario: Scenario, check: str | None, runs: int, say: Say) -> dict[str, Usage]:
    """Measure the floor, and the product's check beside it.

    Args:
        scenario: what partition, on which cores.
        check: `module:function` that takes the partition's path and the folder of the history;
            `learn_once` of the same module, called in the same way with each earlier partition,
            fills that folder before and is not measured. `None` measures the floor alone.
        runs: how many of each.
        say: hears what is done now.
    """
    say(f"making {scenario.name}")
    with Files.made(scenario.shape) as files:
        commands = {FLOOR: floor_command(files)} if scenario.has_floor else {}
        if check:
            files.learn(f"{check.partition(':')[0]}:{_LEARN}")
            commands[PRODUCT] = check_command(check, files)
        return in_turns(commands, runs, scenario.cores, say)


def measure_peer(scenario: Scenario, peer: SpeedPeer, say: Say) -> PeerSpeed:
    """Measure one peer and the floor beside it."""
    say(f"making {scenario.name} and its reference")
    with Files.made(scenario.shape) as files:
        commands = {
            FLOOR: floor_command(files),
            peer.name: peer.command(str(files.current), str(files.reference)),
        }
        took = in_turns(commands, peer.runs, scenario.cores, say)
    return PeerSpeed(
        name=peer.name,
        scenario=scenario.name,
        runs=peer.runs,
        date=f"{wall_clock():%Y-%m-%d}",
        versions=versions(peer.python, peer.packages),
        took=Numbers.of(took[peer.name]),
        floor=Numbers.of(took[FLOOR]),
    )
