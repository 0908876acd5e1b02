"""What a champion came from beside what came since: of its columns, and of its predictions."""

from core.domain.alarm_budget import NEWEST
from core.domain.model_config import ModelConfig
from core.domain.partition_check import PredictionsCheck
from core.domain.version import Version
from core.domain.watch import Watch
from core.ports import Ports
from functions.data import summaries
from functions.flows.checking.history import InUse, closed_of, history_before, reference_in_use
from functions.flows.checking.measure import watched
from functions.flows.checking.output_columns import about_outputs
from functions.flows.checking.strayed import Look
from functions.flows.checking.trust import trusted
from functions.ml.checking.calibrate import FEWEST_PARTITIONS
from functions.ml.checking.summary import Summary


def look_at_training(
    config: ModelConfig, version: Version, partition: str, after: str, ports: Ports
) -> list[Look] | None:
    """Put what is newest beside what a version came from: its columns, then its predictions.

    Args:
        config: the model.
        version: its champion.
        partition: the newest one.
        after: the newest of the partitions that were compared before, or learned from.
        ports: the outside world.

    Returns:
        What can be compared, maybe nothing; `None` while it is too early to compare again.
    """
    watch = ports.records.get(Watch, config.model)
    in_use = reference_in_use(watch.reference_key if watch else None, ports)
    newest = _newest(config, partition, after, in_use, ports) if in_use else None
    if in_use is None or newest is None:
        return None
    features = _features(config, version, in_use, newest, ports)
    predictions = _predictions(config, version, partition, ports)
    return [look for look in (features, predictions) if look is not None]


def _features(
    config: ModelConfig, version: Version, in_use: InUse, newest: Summary, ports: Ports
) -> Look | None:
    learned = _learned(version, in_use, ports)
    if learned is None:
        return None
    ruler = in_use.reference.ruler
    shared = [name for name in watched(config, ruler) if name in version.manifest.columns]
    return Look(
        learned=learned.only(ruler, shared),
        newest=newest.only(ruler, shared),
        ruler=ruler.only(shared),
        units={name: config.columns[name].unit for name in shared},
        sensitive=frozenset(config.sensitive),
        compared_with="the champion learned from",
    )


def _predictions(
    config: ModelConfig, version: Version, partition: str, ports: Ports
) -> Look | None:
    """Compare predictions; `None` where its training kept none, or it has predicted too little.

    The newest partition may not be scored yet: then the comparison ends with the one before it.
    """
    held_out = reference_in_use(version.held_out_key, ports)
    if held_out is None:
        return None
    last, ruler = held_out.reference.partitions[-1], held_out.reference.ruler
    kept = sorted(summaries.summarised(held_out.place, ports.objects))
    since = [name for name in kept if last < name <= partition]
    names = trusted(config.model, since, ports, PredictionsCheck)[-NEWEST:]
    served = [found for name in names if (found := closed_of(held_out, name, ports))]
    if len(served) < NEWEST:
        return None
    about = about_outputs(config)
    was_sensitive = {name for name, rule in ruler.columns.items() if rule.is_sensitive}
    return Look(
        learned=held_out.reference.summaries,
        newest=Summary.stack([one.summary for one in served]),
        ruler=ruler,
        units=about.units,
        sensitive=about.sensitive | was_sensitive,
        compared_with="the champion predicted for days held out of its training",
        is_output=True,
    )


def _learned(version: Version, in_use: InUse, ports: Ports) -> Summary | None:
    """Collect what the partitions of the training looked like, on the ruler in use.

    Returns:
        `None` where too few were measured with it: it may have been learned anew since.
    """
    used = {one.partition for one in version.manifest.partitions}
    reference = in_use.reference
    if not used <= set(reference.partitions):  # it may have let go of the oldest
        own = reference_in_use(version.reference_key, ports)
        reference = own.reference if own and own.place == in_use.place else reference
    which = [i for i, name in enumerate(reference.partitions) if name in used]
    return reference.summaries[which] if len(which) >= FEWEST_PARTITIONS else None


def _newest(
    config: ModelConfig, partition: str, after: str, in_use: InUse, ports: Ports
) -> Summary | None:
    today = closed_of(in_use, partition, ports)
    history = history_before(config.model, partition, in_use, ports)
    since = [i for i, name in enumerate(history.partitions) if name > after]
    if today is None or len(since) < NEWEST - 1:
        return None
    return history.summaries[since[-(NEWEST - 1) :]].followed_by(today.summary)
