"""NannyML's own package: univariate and reconstruction drift with their defaults.

Runs in the environment of the catalogue. A chunk is a partition; its clock is made up, a day for
each partition, because data sets here have weeks and days.
"""

from collections.abc import Mapping
from typing import Any, Final

import nannyml
import numpy as np
import pandas as pd

from infra.local.alert_bench.detector import Finding
from infra.local.alert_bench.peers.frames import is_number

_REFERENCE: Final = 60  # partitions: to learn from all of them at each place takes too long
_STAMP: Final = "__stamp__"
_FIRST_DAY: Final = pd.Timestamp("2020-01-01")
_MOST_OF_A_DAY_S: Final = 80_000


class NannyML:
    """Jensen and Shannon's distance for any column, and the error of a reconstruction by PCA."""

    names: Final = ("nannyml_univariate_any", "nannyml_reconstruction")

    def __init__(self) -> None:
        self._numbers: list[str] = []
        self._words: list[str] = []
        self._chunks = 0
        self._univariate: Any = None
        self._reconstruction: Any = None

    def update(self, history: list[pd.DataFrame], _keys: list[str]) -> None:
        """Fit both calculators on the last partitions."""
        first = history[0]
        self._numbers = [str(name) for name in first if is_number(first[name])]
        self._words = [str(name) for name in first if not is_number(first[name])]
        recent = history[-_REFERENCE:]
        self._chunks = len(recent)
        reference = pd.concat(
            [self._prepared(part, day) for day, part in enumerate(recent)], ignore_index=True
        )
        columns = self._numbers + self._words
        common = {
            "column_names": columns,
            "timestamp_column_name": _STAMP,
            "chunk_period": "D",
        }
        self._univariate = nannyml.UnivariateDriftCalculator(
            treat_as_categorical=self._words, **common
        ).fit(reference)
        self._reconstruction = nannyml.DataReconstructionDriftCalculator(**common).fit(reference)

    def check(self, partition: pd.DataFrame, _key: str) -> Mapping[str, Finding]:
        """Calculate the next chunk."""
        chunk = self._prepared(partition, self._chunks)
        univariate = _last_chunk(self._univariate.calculate(chunk))
        beyond: dict[str, float] = {}
        alerts: list[bool] = []
        for column in self._numbers + self._words:
            said = univariate[column]["jensen_shannon"]
            is_missing = bool(pd.isna(said["value"]))  # of a column that is all null
            alerts.append(is_missing or bool(said["alert"]))
            limit = said["upper_threshold"]
            at_most = 1.0 if limit is None or pd.isna(limit) else max(float(limit), 1e-9)
            beyond[column] = 1 / at_most if is_missing else float(said["value"]) / at_most
        ranked = sorted(beyond, key=lambda column: -beyond[column])
        error = _last_chunk(self._reconstruction.calculate(chunk))["reconstruction_error"]
        least, most = float(error["lower_threshold"]), float(error["upper_threshold"])
        aside = abs(float(error["value"]) - (least + most) / 2) / max((most - least) / 2, 1e-9)
        return {
            "nannyml_univariate_any": (any(alerts), beyond[ranked[0]], ranked),
            "nannyml_reconstruction": (bool(error["alert"]), aside, []),
        }

    def _prepared(self, part: pd.DataFrame, day: int) -> pd.DataFrame:
        """Put a partition's rows into one made-up day; text where numbers belong is missing."""
        seconds = pd.to_timedelta(np.linspace(0, _MOST_OF_A_DAY_S, len(part)), unit="s")
        numbers = {
            name: part[name].astype(float) if is_number(part[name]) else np.nan
            for name in self._numbers
        }
        words = {name: part[name].astype(object) for name in self._words}
        stamp = {_STAMP: _FIRST_DAY + pd.Timedelta(days=day) + seconds}
        return part.assign(**numbers, **words, **stamp)


def _last_chunk(result: Any) -> Any:  # noqa: ANN401 - published without types
    return result.filter(period="analysis").to_df().iloc[0]
