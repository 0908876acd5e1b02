"""Keep what a champion predicts, measured as it was measured on days held out of its training."""

from core.domain.model_config import ModelConfig
from core.domain.scored import Scored
from core.domain.version import Version
from core.ports import Ports
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.checking.history import keep, reference_in_use
from functions.flows.scoring.outputs import day_of
from functions.flows.scoring.predict_rows import candidate
from functions.ml.checking.reference import closed


def keep_beside_training(
    config: ModelConfig, scored: Scored, predictions: LoggedPredictions, ports: Ports
) -> None:
    """Keep a summary of what was predicted for a partition; see `tell_skew`, which compares it.

    Nothing is kept of what another system, a fallback or a version of old predicted: with those
    nothing was kept at a training.
    """
    if config.serving == "elsewhere" or scored.served.stage != "champion":
        return
    version = ports.records.get(Version, scored.served.version)
    held_out = reference_in_use(version.held_out_key, ports) if version else None
    if version is None or held_out is None or not len(predictions.keys):
        return
    made_with = candidate(config, version.id, ports).config
    reference = held_out.reference
    one = closed(day_of(made_with, predictions), reference.ruler, reference.known)
    keep(held_out, scored.partition, one, ports)
