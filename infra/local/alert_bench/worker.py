"""One detector on one data set, in a process of its own and maybe in an environment of its own.

`python -m infra.local.alert_bench.worker FOLDER DATA_SET DETECTOR STRIDE OUT` says on its standard
output when a place is done, and writes one line of JSON to OUT for each finding.
"""

import json
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from math import inf, isnan
from pathlib import Path
from typing import Final

import pandas as pd

from infra.local.alert_bench.case_folder import NATURAL, Case, CaseFolder
from infra.local.alert_bench.detector import Detector, Finding, load

PLACE_DONE: Final = "place done"

_RANKS_KEPT = 10


@dataclass(frozen=True)
class Outcome:
    """What a detector said of a case."""

    detector: str
    case: Case
    alert: bool
    score: float
    """Infinite where the check failed or gave no number."""
    ranked: tuple[str, ...]
    failed: bool
    check_ms: float

    def as_json(self) -> str:
        """Write it as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> "Outcome":
        """Read what `as_json` wrote."""
        said = json.loads(line)
        case = Case(**{**said["case"], "columns": tuple(said["case"]["columns"])})
        return cls(**{**said, "case": case, "ranked": tuple(said["ranked"])})


def outcomes(
    folder: CaseFolder, data_set: str, detector_path: str, stride: int
) -> Iterator[list[Outcome]]:
    """Check every case of a data set; yield what was found at each place.

    An update or a check that fails is an alert without a column to blame: somebody is woken.
    """
    detector = load(detector_path)()
    named = list(folder.partitions(data_set))
    keys = [key for key, _ in named]
    parts = [part for _, part in named]
    for at, cases in folder.manifest().of(data_set, stride).items():
        failure = _failure_of_update(detector, parts[:at], keys[:at])
        found: list[Outcome] = []
        for case in cases:
            partition = parts[at] if case.group == NATURAL else folder.read(case)
            found += _checked(detector, case, partition, failure)
        yield found


def main(arguments: list[str]) -> None:
    """Run as the module's docstring says."""
    path, data_set, detector, stride, out = arguments
    warnings.simplefilter("ignore")  # other people's detectors warn at each check
    with Path(out).open("w") as file:
        for found in outcomes(CaseFolder(Path(path)), data_set, detector, int(stride)):
            file.writelines(f"{outcome.as_json()}\n" for outcome in found)
            print(PLACE_DONE, flush=True)  # noqa: T201 - the parent counts these lines


def _failure_of_update(
    detector: Detector, history: list[pd.DataFrame], keys: list[str]
) -> Exception | None:
    try:
        detector.update(history, keys)
    except Exception as error:  # noqa: BLE001 - whatever a detector raises is part of its result
        return error
    return None


def _checked(
    detector: Detector, case: Case, partition: pd.DataFrame, failure: Exception | None
) -> list[Outcome]:
    begun = time.perf_counter()
    try:
        findings = _findings(detector, case, partition, failure)
    except Exception as error:  # noqa: BLE001 - the same
        print(f"{case.kind} at {case.key}: {error!r}", file=sys.stderr)  # noqa: T201 - its log
        failed, findings = True, dict.fromkeys(_names(detector), (True, inf, ()))
    else:
        failed = False
    took_ms = (time.perf_counter() - begun) * 1000
    return [
        Outcome(
            detector=name,
            case=case,
            alert=bool(alert),
            score=inf if isnan(score) else float(score),
            ranked=tuple(str(column) for column in ranked[:_RANKS_KEPT]),
            failed=failed,
            check_ms=took_ms,
        )
        for name, (alert, score, ranked) in findings.items()
    ]


def _findings(
    detector: Detector, case: Case, partition: pd.DataFrame, failure: Exception | None
) -> dict[str, Finding]:
    if failure is not None:
        raise failure
    said = detector.check(partition, case.key)
    if isinstance(said, Mapping):
        return dict(said)
    [name] = _names(detector)
    return {name: said}


def _names(detector: Detector) -> list[str]:
    return list(getattr(detector, "names", [type(detector).__name__]))


if __name__ == "__main__":
    main(sys.argv[1:])
