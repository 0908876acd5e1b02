"""Train from Python, in a notebook say: the same as the schedule does, under the same name."""

from pathlib import Path

import pandas as pd

from core.domain.model_config import ModelConfig, StoredConfig
from core.domain.person import Person
from core.flows.permit import config_of
from core.ports import Ports, new
from core.wiring import ports as connected_ports
from functions.data.given_rows import given_rows
from functions.flows.measure_sensitivity import measure_sensitivity
from functions.flows.retrain import Retrained, retrain_with
from functions.flows.training.make_version import Asked
from functions.flows.training.use_trainer import TrainingFunction
from infra.local.config_file import read_config


def retrain(  # noqa: PLR0913 - what may be given instead of what the config says
    config: ModelConfig | str | Path,
    *,
    rows: pd.DataFrame | None = None,
    trainer: TrainingFunction | None = None,
    reason: str = "asked for from Python",
    up_to: str | None = None,
    ports: Ports | None = None,
) -> Retrained:
    """Train a model with a config; the same config and rows make the same version as any other way.

    The model is one whose config was applied; this config need not be in force. Its version is
    judged and stands for promotion as one of the schedule does, but for one that was made by a
    function or from rows given here: nobody could find these again, so it is judged, and never
    stands.

    Args:
        config: a config, or the path of its file.
        rows: a row for each event, with key, event time, features and target as columns, in place
            of the partitions that landed: days are those of the event time, in UTC, the newest
            `window_days` of them are taken, and the newest `validation_days` of these kept back.
            Columns of `data.as_of` that are not there are joined. `None` for what landed.
        trainer: a function `(features, labels, parameters, seed)` that returns a fitted estimator
            of scikit-learn, in place of what the config names; `None` for none. It runs here, and
            what it raises is raised.
        reason: why, in words for the version's card.
        up_to: the newest partition to learn from or judge on; `None` for the newest there is.
        ports: the outside world; `None` for the one that the environment names.

    Raises:
        BadConfig: the file does not say what a config must say.
        Unknown: no config was ever applied for this model.
        BadData: the rows are not what the config says they are.
    """
    wanted = config if isinstance(config, ModelConfig) else read_config(Path(config))
    outside = ports or connected_ports()
    by = Person.command_line()
    in_force = config_of(wanted.model, outside)
    if in_force != wanted and outside.records.get(StoredConfig, wanted.hash) is None:
        now = outside.now()  # a version names its config, which must be found again
        kept = StoredConfig(id=wanted.hash, config=wanted, applied_at=now, applied_by=by.id)
        outside.records.commit(new(kept))
    asked = Asked(by=by.id, reason=reason, run=f"{outside.random_bits(80):x}")
    taken = given_rows(wanted, rows, outside.objects, up_to) if rows is not None else None
    done = retrain_with(wanted, asked, outside, up_to=up_to, given=trainer, given_rows=taken)
    if taken is None and done.decision in {"trained", "reference learned"}:
        measure_sensitivity(wanted.model, outside)
    return done
