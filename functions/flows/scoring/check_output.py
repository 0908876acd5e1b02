"""Tell the owner when what a model says breaks the output contract of its config."""

from core.domain.model_config import ModelConfig
from core.domain.scored import Scored
from core.domain.verdict import ErrorClass, Severity
from core.domain.wording import percent
from core.ports import Ports
from functions.data.logged_predictions import served_to_people
from functions.flows.scoring.predict_rows import candidate
from functions.flows.tell_owner import tell_owner

_LOOK = "Look at the partition's columns first; if they are as ever, roll the model back."


def check_output(config: ModelConfig, scored: Scored, ports: Ports) -> None:
    """Raise one alert for a partition whose predictions break `scoring.output`.

    That all predictions are the same is found where they are checked like a column. A simple model
    or a constant keeps nobody's rate: that it serves is told already.
    """
    if scored.served.maker != "version":
        return
    broken = [_withheld(scored), _rate(_made_with(config, scored, ports), scored, ports)]
    summary = " ".join(sentence for sentence in broken if sentence)
    if not summary:
        return
    tell_owner(
        config,
        rule="output",
        partition=scored.partition,
        summary=summary,
        next_step=_LOOK,
        severity=Severity.PAGE,
        error_class=ErrorClass.HARD,
        ports=ports,
    )


def _made_with(config: ModelConfig, scored: Scored, ports: Ports) -> ModelConfig:
    """Find the config that says what is served; for another system, the one in force."""
    if config.serving == "elsewhere":
        return config
    return candidate(config, scored.served.version, ports).config


def _withheld(scored: Scored) -> str | None:
    rows = scored.served.withheld + (scored.canary.withheld if scored.canary else 0)
    if not rows:
        return None
    were = "1 prediction was" if rows == 1 else f"{rows:,} predictions were"
    return f"{were} not served: no number, or beyond the limits of `scoring.output`."


def _rate(config: ModelConfig, scored: Scored, ports: Ports) -> str | None:
    limits = config.scoring.output.rate
    if limits is None:
        return None
    served = served_to_people(scored, ports.objects)
    if served.empty:
        return None
    rate = float((served > config.evaluation.cut).mean())
    if limits[0] <= rate <= limits[1]:
        return None
    return (
        f"{percent(rate)} of the decisions are ones; `scoring.output` says "
        f"{percent(limits[0])} to {percent(limits[1])}."
    )
