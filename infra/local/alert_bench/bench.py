"""The bench itself: the cases of one seed, and whoever is judged on them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.console import Console

from core.wiring import wall_clock
from infra.local.alert_bench.case_folder import CaseFolder, Manifest
from infra.local.alert_bench.cases import make_cases
from infra.local.alert_bench.data_sets import OPEN, read
from infra.local.alert_bench.detector import load
from infra.local.alert_bench.peers.catalogue import Peer
from infra.local.alert_bench.progress import Bars
from infra.local.alert_bench.results import Origin, Result, Results, results_of
from infra.local.alert_bench.running import Job, WorkerFailed, run_all
from infra.local.peer_environment import this_python, versions

_OUR_PACKAGES: Final = ("watchkeeper", "numpy", "pandas", "pyarrow")
_CORES: Final = 2


class Bench:
    """The cases of one seed, and whoever is judged on them."""

    def __init__(self, console: Console, cache: Path, seed: int) -> None:
        self._console = console
        self._cache = cache
        self._folder = CaseFolder(cache / "cases" / f"seed-{seed}")
        self._manifest = self._made(seed)

    def run(self, detector: str, stride: int) -> list[Result]:
        """Judge a detector that runs in this environment."""
        load(detector)
        return self._judged(detector, this_python(), stride, {}, _OUR_PACKAGES)

    def run_peer(self, peer: Peer, keep_in: Path) -> None:
        """Judge a peer and keep its results; say so when it fails, and go on with the others."""
        python = peer.environment.python(self._cache) if peer.environment else this_python()
        try:
            new = self._judged(peer.detector, python, peer.stride, peer.variables, peer.packages)
        except WorkerFailed as failed:
            self._console.print(str(failed), style="red", markup=False, soft_wrap=True)
        else:
            Results.read(keep_in).with_new(new).write(keep_in)

    def _made(self, seed: int) -> Manifest:
        if not self._folder.has_manifest():
            self._console.print("making the cases (once for each seed)")
            data_sets = [read(name, self._cache) for name in OPEN]
            return make_cases(data_sets, self._folder.path, seed)
        return self._folder.manifest()

    def _judged(
        self,
        detector: str,
        python: Path,
        stride: int,
        variables: Mapping[str, str],
        packages: tuple[str, ...],
    ) -> list[Result]:
        jobs = [
            Job(detector, data_set, python, stride, variables)
            for data_set in self._manifest.data_sets
        ]
        lengths = {job.data_set: len(self._manifest.of(job.data_set, stride)) for job in jobs}
        out = self._cache / "outcomes" / f"seed-{self._manifest.seed}"
        with Bars(self._console, detector, lengths) as bars:
            outcomes = run_all(
                jobs, self._folder.path.resolve(), out.resolve(), bars.step, at_once=_CORES
            )
        origin = Origin(
            cases=self._manifest.hash,
            seed=self._manifest.seed,
            stride=stride,
            date=f"{wall_clock():%Y-%m-%d}",
            versions=versions(python, packages),
        )
        return results_of(outcomes, origin)
