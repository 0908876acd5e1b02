"""One training as Watchkeeper does it, as far as plain scikit-learn goes or whole.

`python -m infra.local.retrain_bench.ours NAME CACHE OUT` reads, makes features, fits and writes;
with `whole` behind it, it goes on with what belongs to a training besides. The seconds of each part
are written to OUT.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sklearn.pipeline import Pipeline

from core.config import Settings
from core.domain.model_config import InForce
from core.domain.version import Version
from core.ports import Ports, new
from core.wiring import connect
from functions.data.training_set import TrainingSet
from functions.flows.checking.learn_reference import learn_reference
from functions.flows.judging.evaluate_version import evaluate_version
from functions.flows.training.keep_held_out import keep_held_out
from functions.flows.training.make_version import fit, manifest_of, write
from functions.flows.training.training_rows import training_rows
from functions.flows.training.use_trainer import maker_of
from functions.ml.columns import select_all
from infra.local.retrain_bench.data import WORKLOADS, Workload
from infra.local.retrain_bench.stopwatch import Stopwatch


def main(workload: Workload, out: Path, *, is_whole: bool) -> None:
    """Train once."""
    with TemporaryDirectory() as place:
        ports = _ports(Path(place), workload)
        took = Stopwatch()
        version, rows, trained = _trained(workload, ports, took)
        if is_whole:
            keep_held_out(workload.config, rows, trained, maker_of(workload.config), ports)
            took.part("days held out")
            _finished(workload, version, rows, ports, took)
    out.write_text(json.dumps(took.parts))


def _trained(
    workload: Workload, ports: Ports, took: Stopwatch
) -> tuple[Version, TrainingSet, Pipeline]:
    config = workload.config
    rows = training_rows(config, None, ports)
    maker = maker_of(config)
    manifest = manifest_of(config, rows, maker)
    took.part("read")
    features = select_all(rows.learning.features, manifest.columns)
    took.part("features")
    trained = fit(config, manifest, features, rows.learning.labels, maker)
    took.part("fit")
    artefact = write(config, manifest, features, trained, ports.objects)
    version = Version(
        id=manifest.version,
        manifest=manifest,
        artefact=artefact,
        seal=ports.signer.sign(artefact.claim(config.model, manifest.version)),
        reference_key="",
        parent=None,
        made_at=ports.now(),
        asked_by="watchkeeper",
        reason="bench",
    )
    ports.records.commit(new(version))
    took.part("write")
    return version, rows, trained


def _finished(
    workload: Workload, version: Version, rows: TrainingSet, ports: Ports, took: Stopwatch
) -> None:
    learn_reference(workload.config, [used.partition for used in rows.used], ports)
    took.part("reference and contract")
    evaluate_version(version, workload.config, rows.validation, ports)
    took.part("evaluation")


def _ports(place: Path, workload: Workload) -> Ports:
    (place / "objects").symlink_to(workload.folder / "objects")
    settings = Settings.read({"WATCHKEEPER_FOLDER": str(place)})
    ports = connect(settings, clock=lambda: workload.now)
    config = workload.config
    ports.records.commit(new(InForce(id=config.model, config=config, since=workload.now)))
    return ports


if __name__ == "__main__":
    name, cache, out, *more = sys.argv[1:]
    main(WORKLOADS[name](Path(cache)), Path(out), is_whole=more == ["whole"])
