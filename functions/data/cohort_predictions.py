"""All that was predicted of a partition: when it was scored as a whole, and on request."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from core.domain.ids import VersionId, content_hash
from core.domain.requested import Requested
from core.domain.scored import Logged, Scored
from core.ports import Objects
from functions.data.logged_predictions import LoggedPredictions
from functions.data.prediction_log import names_in


@dataclass(frozen=True)
class CohortPredictions:
    """What belongs to the cohort of a partition: of each row, what people got first.

    A row that was asked for before its partition was scored counts as it was answered, and what the
    scoring said of it nowhere, be it served or in shadow.
    """

    scored: Scored | None
    """`None` where the partition was never scored as a whole."""
    requested: Requested | None
    """`None` where nobody asked for rows of it."""
    objects: Objects

    @cached_property
    def logs(self) -> tuple[Logged, ...]:
        """Each version in each stage; who served the partition comes first."""
        by_stage = {(one.version, one.stage): one for one in self._requested_logs}
        as_a_whole = self.scored.logs if self.scored else ()
        first = {(one.version, one.stage): one for one in as_a_whole}
        return tuple(
            (first | {of: one for of, one in by_stage.items() if of not in first}).values()
        )

    @property
    def content_hash(self) -> str:
        """Name all objects that hold it, each of which is written once."""
        logs = (*(self.scored.logs if self.scored else ()), *self._requested_logs)
        return content_hash("\n".join(sorted(key for one in logs for key in one.keys)).encode())

    def of(self, version: VersionId, stage: str) -> LoggedPredictions | None:
        """Read what a version said in a stage; `None` if it said nothing."""
        parts = []
        if scored := self._found(self.scored.logs if self.scored else (), version, stage):
            parts.append(LoggedPredictions.read(scored, self.objects).without(self.asked))
        if asked := self._found(self._requested_logs, version, stage):
            parts.append(LoggedPredictions.read(asked, self.objects))
        if len(parts) == 2:  # noqa: PLR2004 - scored as a whole, and on request
            return parts[0].joined_by(parts[1])
        return parts[0] if parts else None

    @cached_property
    def asked(self) -> "pd.Index[str]":
        """Name the rows that count as they were answered to a request."""
        served = self.requested.served if self.requested else ()
        keys = [logged.key for logged in served]
        return names_in(keys, self.objects) if keys else pd.Index([], dtype="str")

    @property
    def _requested_logs(self) -> tuple[Logged, ...]:
        return self.requested.logs if self.requested else ()

    @staticmethod
    def _found(logs: tuple[Logged, ...], version: VersionId, stage: str) -> Logged | None:
        for logged in logs:
            if (logged.version, logged.stage) == (version, stage):
                return logged
        return None
