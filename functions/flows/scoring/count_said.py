"""Count what a champion said of a partition, by which its quality is estimated without labels."""

from core.domain.curve import Said, scale_of
from core.domain.model_config import ModelConfig
from core.domain.scored import Scored
from core.flows.note_foretold import note_foretold
from core.ports import Ports, changed, new
from functions.data.logged_predictions import LoggedPredictions
from functions.ml.judging.said_bins import said_bins


def count_said(
    config: ModelConfig, scored: Scored, predictions: LoggedPredictions, ports: Ports
) -> None:
    """Write down how many rows fell into each bin, and what can be foretold by that.

    Args:
        config: in force.
        scored: the partition.
        predictions: what was served of it, a canary's rows as the champion says them.
        ports: the outside world.

    Raises:
        Busy: others kept changing the same record.
    """
    values = predictions.for_target(config.target)
    if values is None or not len(values):
        return
    said = Said(
        id=Said.id_of(config.model, scored.partition),
        model=config.model,
        partition=scored.partition,
        version=scored.served.version,
        scale=scale_of(config.target),
        rows=said_bins(config.target, values),
    )
    before = ports.records.get(Said, said.id)
    if before is None:
        ports.records.commit(new(said))  # a refused write is no loss: another run counted the same
    else:
        ports.records.commit(changed(said.model_copy(update={"revision": before.revision})))
    note_foretold(config.model, ports)
