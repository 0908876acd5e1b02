"""Measure how small an error the checks of a model see, and keep the answer."""

import numpy as np

from core.domain.alarm_budget import judgements_per_false_alarm
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before, weekdays_of
from core.domain.sensitivity import ColumnSensitivity, Injected, Sensitivity, SmallestError
from core.domain.watch import Watch
from core.flows.permit import config_of
from core.ports import Ports, changed, new
from functions.flows.checking.history import History, history_before, reference_in_use
from functions.flows.checking.measure import watched
from functions.ml.checking.calibrate import FEWEST_PARTITIONS
from functions.ml.checking.ruler import NumberRuler, Ruler, WordRuler
from functions.ml.checking.sensitivity import MOST_HELD_OUT, Sizes, smallest_errors

_MOST_COLUMNS = 100  # a minute's work; of a wider table the first ones are told


def measure_sensitivity(model: str, ports: Ports) -> Sensitivity | None:
    """Say what the checks of a model see; measured again when reference or config are others.

    Returns:
        `None` before anything was learned.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config = config_of(model, ports)
    watch = ports.records.get(Watch, model)
    if watch is None or watch.reference_key is None:
        return None
    known = ports.records.get(Sensitivity, model)
    if known and known.tells_of(watch.reference_key, config.hash):
        return known
    measured = _measured(config, watch.reference_key, ports)
    if measured is None:
        return None
    if known is None:
        ports.records.commit(new(measured))
    else:
        ports.records.commit(changed(measured.model_copy(update={"revision": known.revision})))
    return measured  # if another run was quicker, it measured the same


def _measured(config: ModelConfig, reference_key: str, ports: Ports) -> Sensitivity | None:
    in_use = reference_in_use(reference_key, ports)
    if in_use is None:
        return None
    after_all = days_before(in_use.reference.partitions[-1], -365)
    history = history_before(config.model, after_all, in_use, ports)
    ruler = in_use.reference.ruler
    shared = watched(config, ruler)[:_MOST_COLUMNS]
    partitions = len(history.partitions)
    is_enough = partitions > FEWEST_PARTITIONS and bool(shared)
    sizes = _sizes(config, history, ruler, shared) if is_enough else {}
    return Sensitivity(
        id=config.model,
        reference_key=reference_key,
        config_hash=config.hash,
        history=partitions,
        held_out=min(MOST_HELD_OUT, partitions) if is_enough else 0,
        columns=tuple(_column(name, sizes, config, ruler) for name in shared if is_enough),
        measured_at=ports.now(),
    )


def _sizes(config: ModelConfig, history: History, ruler: Ruler, shared: list[str]) -> Sizes:
    weekdays = weekdays_of(history.partitions)
    return smallest_errors(
        history.summaries.only(ruler, shared),
        ruler.only(shared),
        None if weekdays is None else np.array(weekdays),
        judgements_per_false_alarm(config),
    )


def _column(name: str, sizes: Sizes, config: ModelConfig, ruler: Ruler) -> ColumnSensitivity:
    rule, unit = ruler.columns[name], config.columns[name].unit
    errors = [
        _error(kind, sizes[name, kind], unit, rule) for kind in Injected if (name, kind) in sizes
    ]
    return ColumnSensitivity(column=name, errors=tuple(errors))


def _error(
    kind: Injected, size: float | None, unit: str | None, rule: NumberRuler | WordRuler
) -> SmallestError:
    if kind is not Injected.MOVED or size is None or not isinstance(rule, NumberRuler):
        return SmallestError(kind=kind, size=size)
    by = None if rule.is_sensitive else size
    return SmallestError(kind=kind, size=size / rule.unit, moved_by=by, unit=unit)
