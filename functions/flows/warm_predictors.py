"""What a process keeps between requests: who serves, for a while, and what was loaded."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.domain.errors import BadData
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.scored import Maker
from core.domain.serving import Serving
from core.flows.permit import config_of
from core.ports import Ports, Records
from functions.flows.predict_rows import Candidate, Predictor, candidate

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
