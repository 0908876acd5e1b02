"""What a process keeps between requests: who serves, for a while, and what was loaded."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import pyarrow as pa

from core.domain.errors import BadData
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.scored import Maker
from core.domain.serving import Serving
from core.flows.permit import config_of
from core.ports import Ports, Records
from functions.data.around import Around
from functions.data.as_of_tables import AsOfTables
from functions.data.feature_rows import numbers_of
from functions.flows.scoring.predict_rows import Candidate, Predictor, candidate

LEASE: Final = timedelta(seconds=30)
"""So long a process goes by what it read: after that, a rollback or a promotion is seen."""

_Name = tuple[VersionId, Maker]


@dataclass
class _Lease:
    """What was read of one model, and when."""

    config: ModelConfig
    serving: Serving
    read_at: datetime
    records: Records
    """Where it was read: other records are another deployment."""
    candidates: dict[_Name, Candidate] = field(default_factory=dict)
    around: dict[str, Around] = field(default_factory=dict)
    """What was known around the days of the events that were asked for."""
    refused: dict[_Name, BadData] = field(default_factory=dict)
    """Who could not be loaded; tried again with the next lease, not with each request."""


class WarmPredictors:
    """Champions, canaries and their fallbacks, loaded when they are first asked.

    For one process and one thread of requests; a pipeline that was loaded passed every check then.
    """

    def __init__(self) -> None:
        self._leases: dict[str, _Lease] = {}
        self._loaded: dict[str, dict[tuple[_Name, str], Predictor]] = {}

    def of(self, model: str, ports: Ports) -> "ModelPredictors":
        """Say who serves, as it was at most 30 s ago.

        Raises:
            Unknown: no config was ever applied for this model.
        """
        lease, now = self._leases.get(model), ports.now()
        if lease is None or lease.records is not ports.records or now - lease.read_at >= LEASE:
            config = config_of(model, ports)
            serving = ports.records.get(Serving, model) or Serving(id=model)
            lease = self._leases[model] = _Lease(config, serving, now, ports.records)
            self._keep_those_of(lease)
        return ModelPredictors(lease, self._loaded[model], ports)

    def _keep_those_of(self, lease: _Lease) -> None:
        serving = lease.serving
        wanted = {serving.champion, serving.canary, *serving.earlier}
        loaded = self._loaded.get(lease.config.model, {})
        self._loaded[lease.config.model] = {
            name: one for name, one in loaded.items() if name[0][0] in wanted
        }


@dataclass(frozen=True)
class ModelPredictors:
    """Who may predict for one model now."""

    _lease: _Lease
    _loaded: dict[tuple[_Name, str], Predictor]
    _ports: Ports

    @property
    def config(self) -> ModelConfig:
        """The config in force."""
        return self._lease.config

    @property
    def serving(self) -> Serving:
        """Who serves."""
        return self._lease.serving

    def candidate(self, version_id: VersionId, maker: Maker = "version") -> Candidate:
        """See `predict_rows.candidate`."""
        name = (version_id, maker)
        if name not in self._lease.candidates:
            self._lease.candidates[name] = candidate(self.config, version_id, self._ports, maker)
        return self._lease.candidates[name]

    def joins(self) -> ModelConfig:
        """Say which tables rows are joined with: the champion's, then what only the canary has."""
        serving = self.serving
        asked = [one for one in (serving.champion, serving.canary) if one is not None]
        first, *rest = (self.candidate(version).config for version in asked)
        tables = [*first.data.as_of]
        for other in rest:
            taken = {name for table in tables for name in table.columns}
            tables += [table for table in other.data.as_of if taken.isdisjoint(table.columns)]
        columns = {name: column for of in (*rest, first) for name, column in of.columns.items()}
        data = first.data.model_copy(update={"as_of": tuple(tables)})
        return first.model_copy(update={"data": data, "columns": columns})

    def around(self, joins: ModelConfig, partition: str) -> Around:
        """Read what was known around a partition, at most once in 30 s.

        Raises:
            CannotJoin: a table is not what the config says.
        """
        known = self._lease.around
        if partition not in known:
            tables = AsOfTables(joins.data, numbers_of(joins), self._ports.objects)
            known[partition] = tables.around(partition)
        return known[partition]

    def rows_for(self, _who: Candidate, table: pa.Table) -> pa.Table:
        """See `Predictors`; they were joined before it was known who would predict them."""
        return table

    def load(self, who: Candidate) -> Predictor:
        """See `Candidate.loaded`; a version whose artefact was made again is loaded again."""
        name = (who.version.id, who.maker)
        if name in self._lease.refused:
            raise self._lease.refused[name]
        stored = (name, who.version.artefact.sha256)
        if stored not in self._loaded:
            try:
                self._loaded[stored] = who.loaded(self._ports)
            except BadData as refused:
                self._lease.refused[name] = refused
                raise
        known = self._loaded[stored]
        return Predictor(who, known.pipeline)  # its config may be another one by now
