"""An evaluation in words, ready to be shown: differences with their intervals, the worst first."""

from core.domain.evaluation import (
    Calibration,
    Estimate,
    Evaluation,
    KpiFound,
    Metric,
    Part,
    Standard,
)
from core.domain.wording import many, number, plain, with_unit

_WORST = 3  # slices that a card names


def difference_in_words(gain: Estimate | None) -> str:
    """Say how much better a version is, and how sure that is.

    >>> difference_in_words(Estimate(middle=0.01, low=0.002, high=0.018))
    'better by 0.01 (0.002 to 0.018)'
    >>> difference_in_words(Estimate(middle=-0.01, low=-0.018, high=-0.002))
    'worse by 0.01 (0.002 to 0.018)'
    """
    if gain is None:
        return "not compared"
    if gain.low is None or gain.high is None:
        return f"{_signed(gain.middle)}, too few rows for an interval"
    if gain.low > 0:
        return f"better by {number(gain.middle)} ({number(gain.low)} to {number(gain.high)})"
    if gain.high < 0:
        return f"worse by {number(-gain.middle)} ({number(-gain.high)} to {number(-gain.low)})"
    return f"no difference shown ({_signed(gain.low)} to {_signed(gain.high)})"


def metric_in_words(metric: Metric) -> str:
    """Say a metric of both: `Brier score 0.14, champion 0.15; better by …`."""
    said = f"{metric.title} {number(metric.version.middle)}"
    if metric.champion is None:
        return f"{said}{_interval(metric.version)}"
    beside = f"champion {number(metric.champion.middle)}"
    return f"{said}, {beside}; {difference_in_words(metric.gain)}"


def part_in_words(part: Part) -> str:
    """Say how some rows are predicted, by their loss; what is too small is not judged."""
    name = f"{part.kind} `{plain(part.name)}`" if part.kind != "failures" else "filed failures"
    if not part.metrics:
        return f"{name}: too few rows ({part.rows:,})"
    return f"{name} ({many(part.rows, 'row')}): {metric_in_words(part.metrics[0])}"


def worst_in_words(evaluation: Evaluation) -> tuple[str, ...]:
    """Name the parts where the version does worst beside the champion; else where it loses most."""
    judged = [part for part in evaluation.parts if part.metrics and part.kind != "label"]
    if evaluation.champion is not None:
        judged.sort(key=lambda part: part.gain.middle if part.gain else 0.0)
    else:
        judged.sort(key=lambda part: -part.metrics[0].version.middle)
    return tuple(part_in_words(part) for part in judged[:_WORST])


def kpi_in_words(kpi: KpiFound | None) -> str | None:
    """Say the number of the business of both; `None` where the config names none."""
    if kpi is None:
        return None
    if kpi.version is None:
        return f"{kpi.name}: no value, {kpi.trouble}"
    said = f"{kpi.name} {with_unit(number(kpi.version.middle), kpi.unit)}"
    if kpi.champion is None:
        return f"{said}{_interval(kpi.version)}"
    beside = f"champion {with_unit(number(kpi.champion.middle), kpi.unit)}"
    return f"{said}, {beside}; {difference_in_words(kpi.gain)}"


def calibration_in_words(ours: Calibration | None, theirs: Calibration | None) -> str | None:
    """Say in one line how far what was said lies from what came; `None` with too few rows."""
    if ours is None:
        return None
    beside = f", champion by {number(theirs.error.middle)}" if theirs else ""
    return f"Off by {number(ours.error.middle)} on average{_interval(ours.error)}{beside}"


def standard_in_words(standard: Standard) -> str:
    """Say whether something is no worse by the margin."""
    shown = {"no worse": "no worse", "worse": "*worse*", "not known": "not known to be no worse"}
    margin = f"than the champion by {number(standard.margin)}"
    seen = difference_in_words(standard.gain)
    return f"{plain(standard.name)}: {shown[standard.standing]} {margin}: {seen}"


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f" ({number(estimate.low)} to {number(estimate.high)})"


def _signed(value: float) -> str:
    return f"+{number(value)}" if value > 0 else number(value)
