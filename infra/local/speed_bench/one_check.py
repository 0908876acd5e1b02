"""One check as the product makes it: profile a partition in one pass, compare it with a history.

`learn_once` takes earlier partitions one after another. The first ten are learned from; then the
history is filled up with copies of them, as long as a check ever looks back; and a year of them is
kept as well, for `judge_year`.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from core.adapters.folder.objects import FolderObjects
from core.domain.judge import judge
from core.domain.partition import days_before, weekdays_of
from core.domain.verdict import Basis, Verdict
from functions.arrays import Sized
from functions.data.arrow_batch import Kind, take_batch
from functions.data.object_tables import stretches
from functions.data.summaries import keep_reference, read_reference
from functions.ml.checking.compare import Measured, compare
from functions.ml.checking.examine import About, contract_findings, movement_findings
from functions.ml.checking.packing import Packed, pack_reference, unpack_reference
from functions.ml.checking.profile import Profiler
from functions.ml.checking.reference import Closed, Day, Reference, learn, most_kept
from functions.ml.checking.ruler import NumberRuler
from functions.ml.checking.season import moments_of
from functions.ml.checking.summary import Summary

_LEARNED: Final = 10
_LAST: Final = "2026-01-30"
_BUDGET: Final = 60
_KEPT: Final = "kept"
_YEAR: Final = 365
_KEPT_YEAR: Final = "year"

_days: list[Day] = []


def learn_once(path: Path, history: Path) -> None:
    """Take an earlier partition; the tenth completes the history."""
    if len(_days) == _LEARNED:
        return
    _days.append(Day([part.held() for part in _parts(path, _kinds(path))], 0.0))
    if len(_days) == _LEARNED:
        named = {days_before(_LAST, _LEARNED - i): day for i, day in enumerate(_days)}
        learned = learn(named, _kinds(path))
        _keep(_filled_up(learned, most_kept(learned.ruler)), _KEPT, history)
        _keep(_filled_up(learned, _YEAR), _KEPT_YEAR, history)


def check_once(path: Path, history: Path) -> Verdict:
    """Check a partition beside the history that was learned."""
    reference = _kept(_KEPT, history)
    columns = reference.ruler.columns.items()
    kinds: dict[str, Kind] = {
        name: "number" if isinstance(rule, NumberRuler) else "category" for name, rule in columns
    }
    profiler = Profiler(reference.ruler)
    for part in _parts(path, kinds):
        profiler.take(part)
    return _judged(Closed.of(profiler.profile, reference.known).summary, reference)


def judge_year(history: Path) -> Verdict:
    """Load a history of a year, and judge one more partition that was profiled already."""
    reference = _kept(_KEPT_YEAR, history)
    return _judged(reference.summaries[0], reference)


def _judged(summary: Summary, reference: Reference) -> Verdict:
    measured = Measured.of(reference.summaries, summary, reference.ruler)
    names = [*reference.partitions, days_before(_LAST, -1)]
    weekdays = weekdays_of(names)
    days = None if weekdays is None else np.array(weekdays)
    compared = compare(measured, days, _BUDGET, moments_of(names))
    about = About("rows", {}, frozenset())
    contract = list(contract_findings(measured, about))
    findings = [*contract, *movement_findings(measured, compared, about, contract)]
    return judge(findings, Basis.REFERENCE)


def _parts(path: Path, kinds: dict[str, Kind]) -> Iterator[Sized]:
    words = [name for name, kind in kinds.items() if kind == "category"]
    for piece in stretches(path, path.name, list(kinds), words):
        yield take_batch(piece.table, kinds).part


def _kinds(path: Path) -> dict[str, Kind]:
    schema = parquet.read_schema(path)
    return {f.name: "number" if pa.types.is_floating(f.type) else "category" for f in schema}


def _keep(reference: Reference, name: str, history: Path) -> None:
    packed = pack_reference(reference)
    key = keep_reference("speed", packed.header, packed.arrays, FolderObjects(history))
    (history / name).write_text(key)


def _kept(name: str, history: Path) -> Reference:
    stored = read_reference((history / name).read_text(), FolderObjects(history))
    if stored is None:
        raise LookupError("learn_once comes first")
    return unpack_reference(Packed(*stored))


def _filled_up(reference: Reference, partitions: int) -> Reference:
    """Repeat the partitions until there are so many."""
    which = [i % len(reference.partitions) for i in range(partitions)]
    names = tuple(days_before(_LAST, partitions - i) for i in range(partitions))
    return replace(reference, partitions=names, summaries=reference.summaries[which])
