"""Write down what versions in shadow would have said, after people have got what is served."""

from dataclasses import dataclass
from typing import Final

from core.domain.errors import BadData
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.requested import Requested
from core.domain.scored import Logged, Scored
from core.domain.serving import Serving
from core.domain.verdict import Severity
from core.flows.change import change
from core.flows.permit import config_of
from core.ports import Ports, Write
from functions.data.feature_rows import as_read_by, with_tables
from functions.data.partition_rows import PartitionRows
from functions.data.prediction_log import log_key, names_in, part_of, write_log
from functions.data.rows_as_were import rows_as_were
from functions.flows.join_labels import book_labels
from functions.flows.scoring.predict_rows import attempt, candidate
from functions.flows.scoring.quarantine_rows import kept_rows
from functions.flows.scoring.replay_parity import is_replayed, replay_parity
from functions.flows.scoring.shadow_requests import shadow_requests
from functions.flows.tell_owner import tell_owner

_ANOTHER: Final = "What is served is not touched. Retrain to get another challenger."


@dataclass(frozen=True)
class _Part:
    """Rows of a partition that were served together: the first ones, or some that landed late."""

    content_hash: str
    """Of the partition when they were served."""
    name: str | None
    """In the prediction log; `None` for the first ones."""
    keys: tuple[str, ...]
    """The objects that say what was served of them."""


def predict_in_shadow(model: str, partition: str, ports: Ports) -> Scored | None:
    """Let each version in shadow predict what was served; nothing of it is ever served.

    That is the partition as it was scored, and what was answered to requests about it. A version
    that cannot is only told, and harms no other. None predicts what was served before it was made:
    it would know what came after. Labels that are there by now are booked at the end.

    Returns:
        The record as it is then; `None` where the partition was not scored as a whole.

    Raises:
        Unknown: there is no such model.
    """
    config = config_of(model, ports)
    serving = ports.records.get(Serving, model)
    scored = ports.records.get(Scored, Scored.id_of(model, partition))
    if serving is None or config.serving == "elsewhere":
        return scored
    wrong: list[str] = []
    if scored is not None:
        scored = _all(config, serving, scored, wrong, ports)
    requested = ports.records.get(Requested, Requested.id_of(model, partition))
    if requested is not None:
        wrong += shadow_requests(config, serving, requested, ports)
    if wrong:
        tell_owner(
            config,
            rule="shadow",
            partition=partition,
            summary=" ".join(dict.fromkeys(wrong)),
            next_step=_ANOTHER,
            severity=Severity.WARN,
            ports=ports,
        )
    book_labels(model, partition, ports)
    return scored


def _all(
    config: ModelConfig, serving: Serving, scored: Scored, wrong: list[str], ports: Ports
) -> Scored:
    for part in _parts(scored):
        asked = [version for version in _asked(scored, serving) if _lacks(scored, version, part)]
        rows = _rows(config, scored, part, ports) if asked else None
        if rows is None:
            continue
        for version in asked:
            try:
                more = _logged(config, version, scored, (part, rows), ports)
            except BadData as refused:
                wrong.append(str(refused))
                continue
            scored = _written_down(more, scored, ports) if more else scored
    _replay(config, serving, scored, ports)
    return scored


def _parts(scored: Scored) -> list[_Part]:
    """List what was served together, in its order."""
    served = [scored.served, *([scored.canary] if scored.canary else [])]
    first = _Part(scored.features_hash, None, tuple(one.key for one in served))
    late: dict[str, list[str]] = {}
    for key in (key for one in served for key in one.late):
        late.setdefault(part_of(key) or "", []).append(key)
    return [first, *(_Part(name, name, tuple(keys)) for name, keys in late.items())]


def _asked(scored: Scored, serving: Serving) -> tuple[VersionId, ...]:
    """Name who goes on where it began, and who is in shadow now."""
    begun = (logged.version for logged in scored.shadows)
    return tuple(dict.fromkeys((*begun, *serving.in_shadow)))


def _lacks(scored: Scored, version: VersionId, part: _Part) -> bool:
    """Say whether a version has not predicted a part; what landed late follows the first rows."""
    logged = scored.log_of(version)
    if logged is None:
        return part.name is None
    return part.name is not None and all(part_of(key) != part.name for key in logged.late)


def _rows(config: ModelConfig, scored: Scored, part: _Part, ports: Ports) -> PartitionRows | None:
    """Read the very rows that were served, each once; `None` if they are not there any more.

    Nor are they where a table that is joined to them says something else by now, or nothing at all.
    """
    name, objects = scored.partition, ports.objects
    as_were = rows_as_were(config.data, name, part.content_hash, objects)
    try:
        landed = as_were and with_tables(config, name, as_were, objects)
    except BadData:  # a table was changed into one that cannot be joined
        return None
    if landed is None or (part.name is None and landed.joined_hash != scored.joined):
        return None
    key = config.data.key
    kept = kept_rows(config, landed, ports.now().date()).without_duplicates(key)
    return kept.only(kept.names(key).isin(names_in(part.keys, ports.objects)))


def _logged(
    config: ModelConfig,
    version: VersionId,
    scored: Scored,
    what: tuple[_Part, PartitionRows],
    ports: Ports,
) -> Logged | None:
    who, (part, rows) = candidate(config, version, ports), what
    if who.version.made_at > scored.scored_at:
        return None
    keys = rows.keys(config.data.key)
    table = as_read_by(who.config, config, rows.table, scored.partition, ports.objects)
    predicted = attempt(
        who, who.slow_after_s, lambda: who.loaded(ports).predicted("shadow", table, keys)
    )
    key = log_key(config.model, scored.partition, who.id, "shadow", part.name)
    return write_log(key, scored.partition, predicted, ports.now(), ports.objects)


def _written_down(more: Logged, scored: Scored, ports: Ports) -> Scored:
    def step(stored: Scored) -> tuple[Scored, list[Write]]:
        is_late = stored.has(more.version)
        return (stored.with_late(more) if is_late else stored.with_shadow(more)), []

    return change(Scored, scored.id, step, ports)


def _replay(config: ModelConfig, serving: Serving, scored: Scored, ports: Ports) -> None:
    """See for each version in shadow that scoring reads what training reads; once for each."""
    logged = [version for version in serving.in_shadow if scored.has(version)]
    waiting = [version for version in logged if not is_replayed(config, version, ports)]
    rows = _rows(config, scored, _parts(scored)[0], ports) if waiting else None
    if rows is None:
        return
    for version in waiting:
        replay_parity(config, version, scored, rows, ports)
