"""The check engine behind the plug-in interface of benchmarks: frames in, verdicts out."""

from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from core.domain.finding import PLAINLY, Finding, Kind
from core.domain.judge import in_order_of_blame, judge
from core.domain.model_config import Alerting
from core.domain.partition import weekdays_of
from core.domain.verdict import Basis
from functions.arrays import Sized
from functions.data.arrow_batch import Kind as ColumnKind
from functions.data.arrow_batch import Taken, take_batch
from functions.ml.checking.compare import Measured, compare
from functions.ml.checking.examine import About, contract_findings, movement_findings
from functions.ml.checking.profile import Profile, profile_batch
from functions.ml.checking.reference import MOST, Day, Reference, learn
from functions.ml.checking.season import moments_of
from functions.ml.checking.summary import Summary, close

if TYPE_CHECKING:
    from functions.arrays import Hashes

_LEARNED = 30  # partitions: the warm-up of the benchmark's protocol
_KEY = "rows"  # these tables name no key, so copies are those of whole rows


class Product:
    """Watchkeeper's checks with the settings that a new config has."""

    def __init__(self) -> None:
        self._reference: Reference | None = None
        self._kinds: dict[str, ColumnKind] = {}
        self._keys: list[str] = []
        self._summaries: list[Summary] = []
        self._known: list[Hashes] = []

    def update(self, history: Sequence[pd.DataFrame], keys: Sequence[str]) -> None:
        """Take in the partitions that are new; what was seen before is not read again."""
        if self._reference is None:
            self._learn(history[:_LEARNED], keys[:_LEARNED])
        for frame in history[len(self._summaries) :]:
            profile = self._profile(self._take(frame), len(frame))
            self._summaries.append(close(profile, self._known))
            self._known = [
                np.union1d(known, words)
                for known, (words, _) in zip(self._known, profile.fresh, strict=True)
            ]
        self._keys = list(keys)

    def check(self, partition: pd.DataFrame, key: str) -> tuple[bool, float, list[str]]:
        """Check a partition: whether it alerts, how far it is, and its columns in order of blame.

        Raises:
            ValueError: nothing was learned yet.
        """
        if self._reference is None:
            raise ValueError("update comes before check")
        taken = self._take(partition)
        summary = close(self._profile(taken, len(partition)), self._known)
        history = Summary.stack(self._summaries[-MOST:])
        names = [*self._keys[-MOST:], key]
        measured = Measured.of(history, summary, self._reference.ruler)
        about = About(_KEY, {}, frozenset())
        weekdays = weekdays_of(names)
        compared = compare(
            measured,
            None if weekdays is None else np.array(weekdays),
            Alerting().partitions_per_false_alarm,
            moments_of(names),
        )
        contract = [
            *(
                Finding(column=c, kind=Kind.TYPE, score=PLAINLY, where=w)
                for c, w in taken.mistyped.items()
            ),
            *contract_findings(measured, about),
        ]
        findings = [*contract, *movement_findings(measured, compared, about, contract)]
        verdict = judge(findings, Basis.REFERENCE)
        return verdict.is_broken, log(verdict.score), _ranked(findings)

    def _learn(self, history: Sequence[pd.DataFrame], keys: Sequence[str]) -> None:
        self._kinds = kinds_of(history)
        days = {
            key: Day([Sized(self._take(frame).batch, len(frame))], None)
            for key, frame in zip(keys, history, strict=True)
        }
        self._reference = learn(days, self._kinds)
        summaries = self._reference.summaries
        self._summaries = [summaries[i] for i in range(len(summaries))]
        self._known = [np.zeros(0, dtype=np.uint64)] * len(self._kinds)

    def _take(self, frame: pd.DataFrame) -> Taken:
        return take_batch(pa.Table.from_pandas(frame, preserve_index=False), self._kinds)

    def _profile(self, taken: Taken, rows: int) -> Profile:
        if self._reference is None:
            raise ValueError("update comes before check")
        return profile_batch(taken.batch, rows, self._reference.ruler)


def kinds_of(frames: Sequence[pd.DataFrame]) -> dict[str, ColumnKind]:
    """Say what each column is, as the first partitions hold it."""

    def is_number(name: str) -> bool:
        return all(is_numeric_dtype(f[name]) or is_bool_dtype(f[name]) for f in frames)

    return {name: "number" if is_number(name) else "category" for name in frames[0].columns}


def _ranked(findings: Sequence[Finding]) -> list[str]:
    """Order columns by blame, those below their limit included."""
    return list(dict.fromkeys(finding.column for finding in in_order_of_blame(findings)))
