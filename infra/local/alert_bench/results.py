"""A detector's results as they are kept and compared: the scores, and what they are of."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from core.domain.base import Value
from infra.local.alert_bench.scoring import Score, recall_by_kind, scores_by_data_set
from infra.local.alert_bench.worker import Outcome

KEPT: Final = Path(__file__).parent / "peers.json"

_DIGITS = 4


class Origin(Value):
    """Which run a result comes from."""

    cases: str
    """The hash of the cases."""
    seed: int
    stride: int
    """Every how many-th place was checked."""
    date: str
    versions: dict[str, str]
    """Of the packages that decide what the detector says."""


class Result(Value):
    """What one detector reached on one set of cases."""

    detector: str
    origin: Origin
    by_data_set: dict[str, Score]
    by_kind: dict[str, float]

    @property
    def score(self) -> Score:
        """The average over data sets."""
        return Score.mean(list(self.by_data_set.values()))


class Results(Value):
    """Results of several detectors."""

    results: tuple[Result, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Results":
        """Read what was kept; nothing when nothing was."""
        return cls.model_validate_json(path.read_text()) if path.exists() else cls()

    def write(self, path: Path) -> None:
        """Keep them, in the order of their names, with a few digits."""
        path.write_text(_rounded(self).model_dump_json(indent=1) + "\n")

    def with_new(self, new: Iterable[Result]) -> "Results":
        """Replace results of the same detectors and add the others."""
        merged = {result.detector: result for result in (*self.results, *new)}
        return Results(results=tuple(merged[name] for name in sorted(merged)))


def results_of(outcomes: Iterable[Outcome], origin: Origin) -> list[Result]:
    """Sum up the outcomes of one run, for each name that a detector reported under."""
    by_detector: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_detector[outcome.detector].append(outcome)
    return [
        Result(
            detector=name,
            origin=origin,
            by_data_set=scores_by_data_set(mine),
            by_kind=recall_by_kind(mine),
        )
        for name, mine in by_detector.items()
    ]


def _rounded(results: Results) -> Results:
    def of(value: object) -> object:
        if isinstance(value, float):
            return round(value, _DIGITS)
        if isinstance(value, dict):
            return {key: of(inner) for key, inner in value.items()}
        return [of(inner) for inner in value] if isinstance(value, (list, tuple)) else value

    return Results.model_validate(of(results.model_dump()))
