"""What people ask to see: which models are watched, what serves, what waits."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.domain.alert import Alert
from core.domain.awaited import Awaited
from core.domain.challenge import Challenge
from core.domain.errors import Unknown
from core.domain.foretold import Foretold
from core.domain.model_config import MOST_MODELS, InForce, ModelConfig
from core.domain.on_call_config import Shift
from core.domain.outbox import Channel
from core.domain.quality import Quality
from core.domain.realised import Realised
from core.domain.served import Served
from core.domain.serving import Serving
from core.domain.slo import SloStanding
from core.domain.stage_refusals import NothingToRollBackTo
from core.domain.watch import Watch
from core.flows.late_partitions import late_partitions
from core.flows.permit import config_of
from core.flows.prospects import with_prospects
from core.flows.slo_standing import slo_standing
from core.ports import Ports

_MOST_ALERTS = 1000
_MOST_AWAITED = 1000


@dataclass(frozen=True)
class Overview:
    """Everything on one screen; eight listings, however many models there are."""

    models: tuple[ModelConfig, ...]
    """Those with the most open alerts first, else by name."""
    serving: dict[str, Serving]
    """By model; a model without a version is missing."""
    realised: dict[str, Quality]
    """How what was served turned out, by model; a model without mature labels is missing."""
    alerts: tuple[Alert, ...]
    """The open ones, most urgent first; a thousand at the most."""
    watches: dict[str, Watch] = field(default_factory=dict)
    """What was checked last, by model; a model that was never checked is missing."""
    late: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The partitions that should be there, oldest first, by model; nothing late, no entry."""
    slos: dict[str, SloStanding] = field(default_factory=dict)
    """How the SLO stands, by model; a model that promises nothing is missing."""
    awaited: dict[str, tuple[Awaited, ...]] = field(default_factory=dict)
    """The partitions that have begun to land, by model; nothing awaited, no entry."""
    foretold: dict[str, Foretold] = field(default_factory=dict)
    """How what is not labelled yet probably does, by model; nothing to say, no entry."""
    on_call: dict[str, Shift] = field(default_factory=dict)
    """Whose turn it is, by model; a model without a rota is missing."""

    unreached: tuple[Channel, ...] = ()
    """The channels that configs name in which messages do not arrive."""


def overview(ports: Ports) -> Overview:
    """Read what the App Home and `/watch status` show."""
    in_force = ports.records.query(InForce, "models", limit=MOST_MODELS)
    serving = ports.records.query(Serving, "serving", limit=MOST_MODELS)
    alerts = tuple(queue(ports))
    waiting = Counter(alert.model for alert in alerts)
    listed = ports.records.query(Realised, "realised", limit=MOST_MODELS)
    realised = {model.id: model for model in listed}
    watches = ports.records.query(Watch, "watches", limit=MOST_MODELS)
    return Overview(
        models=tuple(
            sorted(
                (pointer.config for pointer in in_force), key=lambda c: (-waiting[c.model], c.model)
            )
        ),
        serving={pointer.id: pointer for pointer in serving},
        alerts=alerts,
        realised={name: model.served for name, model in realised.items()},
        slos=_slos([pointer.config for pointer in in_force], realised, ports),
        watches={watch.id: watch for watch in watches},
        late={table.id: tuple(late) for table, late in late_partitions(in_force, ports)},
        awaited=_awaited(ports),
        foretold={name: of.foretold for name, of in realised.items() if of.foretold is not None},
        unreached=_unreached({pointer.config.channel for pointer in in_force}, ports),
        on_call=_on_call((pointer.config for pointer in in_force), ports),
    )


def _unreached(named: set[str], ports: Ports) -> tuple[Channel, ...]:
    known = ports.records.query(Channel, "channels", limit=MOST_MODELS)
    return tuple(of for of in known if of.failing_since is not None and of.id in named)


def _on_call(configs: Iterable[ModelConfig], ports: Ports) -> dict[str, Shift]:
    return {
        config.model: config.on_call.shift_at(ports.now())
        for config in configs
        if config.on_call is not None
    }


def _slos(
    configs: Iterable[ModelConfig], realised: Mapping[str, Realised], ports: Ports
) -> dict[str, SloStanding]:
    standings = {
        config.model: slo_standing(config, realised.get(config.model), ports) for config in configs
    }
    return {model: standing for model, standing in standings.items() if standing is not None}


def _awaited(ports: Ports) -> dict[str, tuple[Awaited, ...]]:
    by_model: dict[str, tuple[Awaited, ...]] = {}
    for waits in ports.records.query(Awaited, "awaited", limit=_MOST_AWAITED):
        by_model[waits.model] = (*by_model.get(waits.model, ()), waits)
    return by_model


def queue(ports: Ports) -> list[Alert]:
    """Return the open alerts, most urgent first."""
    return ports.records.query(Alert, "alerts:open", limit=_MOST_ALERTS)


def model_names(ports: Ports) -> list[str]:
    """Name the watched models."""
    return [pointer.id for pointer in ports.records.query(InForce, "models", limit=MOST_MODELS)]


def alert_of(alert_id: str, ports: Ports) -> Alert:
    """Read one alert.

    Raises:
        Unknown: there is no such alert.
    """
    alert = ports.records.get(Alert, alert_id)
    if alert is None:
        raise Unknown("alert", alert_id)
    return alert


def challenge_of(challenge_id: str, ports: Ports) -> Challenge:
    """Read what is known of one version.

    Raises:
        Unknown: there is nothing of that name.
    """
    challenge = ports.records.get(Challenge, challenge_id)
    if challenge is None:
        raise Unknown("version", challenge_id)
    return challenge


def challenger_of(model: str, ports: Ports) -> Challenge | None:
    """Return what is known of the version that people would promote next; `None` if none is.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config_of(model, ports)
    serving = ports.records.get(Serving, model)
    if serving is None or serving.in_view is None:
        return None
    challenge = ports.records.get(Challenge, Challenge.id_of(model, serving.in_view))
    return with_prospects(challenge, ports) if challenge else None


def champion_to_roll_back(model: str, ports: Ports) -> Challenge:
    """Return what is known of the version that serves, if there is a way back from it.

    Raises:
        Unknown: no config was ever applied for this model.
        NothingToRollBackTo: no earlier version served.
    """
    config_of(model, ports)
    serving = ports.records.get(Serving, model)
    if serving is None or serving.champion is None or serving.previous is None:
        raise NothingToRollBackTo(model)
    challenge = ports.records.get(Challenge, Challenge.id_of(model, serving.champion))
    if challenge is None:
        raise Unknown("version", serving.champion)
    return with_prospects(challenge, ports)


def served(model: str, ports: Ports) -> list[Served]:
    """Say which version served since when, the present one first.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config_of(model, ports)
    return ports.records.query(Served, f"served:{model}", newest_first=True)
