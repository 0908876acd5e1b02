"""How predictions turned out, in one line; always with the date up to which that is known."""

from core.adapters.slack.blocks import escape
from core.domain.foretold import Foretold
from core.domain.quality import Quality
from core.domain.wording import many, number, percent, with_unit


def realised_line(quality: Quality | None, champion: Quality | None = None) -> str:
    """Write realised quality, and the champion's on the same partitions beside it."""
    if quality is None:
        return "Realised: not known yet, there are no mature labels."
    beside = dict(_numbers(champion)) if champion is not None else {}
    told = [
        f"{name} {value} (champion {beside[name]})" if name in beside else f"{name} {value}"
        for name, value in _numbers(quality)
    ]
    partitions = many(quality.partitions, "partition")
    return (
        f"Realised: {', '.join(told)} on {quality.rows:,} labelled rows of {partitions}, "
        f"known up to {quality.known_up_to}"
    )


def foretold_lines(foretold: Foretold | None) -> str:
    """Write what is provisional and what is estimated, each with how far and on what it rests."""
    if foretold is None:
        return ""
    lines = []
    if foretold.provisional is not None:
        labelled = percent(foretold.labelled_share)
        lines.append(f"Provisional: {_so_far(foretold.provisional)}, {labelled} of them labelled")
    if foretold.estimated is not None:
        lines.append(f"Estimated: {_so_far(foretold.estimated)}, none of them labelled")
    if lines:
        lines.append(
            f"Both assume that what is said comes true as it did up to {foretold.assumes_up_to}"
            if len(lines) > 1
            else f"It assumes that what is said comes true as it did up to {foretold.assumes_up_to}"
        )
    return "".join(f"{line}\n" for line in lines)


def _so_far(quality: Quality) -> str:
    told = ", ".join(f"{name} {value}" for name, value in _numbers(quality))
    partitions = many(quality.partitions, "partition")
    return f"{told} on {quality.rows:,} rows of {partitions} up to {quality.known_up_to}"


def _numbers(quality: Quality) -> list[tuple[str, str]]:
    """Say what is read for the kind of target, each with its name."""
    of_numbers = (
        ("mean absolute error", quality.mean_absolute_error),
        ("root mean squared error", quality.root_mean_squared_error),
        ("mean pinball loss", quality.mean_pinball_loss),
    )
    told = [("Brier score", f"{quality.brier:.4f}")] if quality.brier is not None else []
    if quality.accuracy is not None:
        told.append(("accuracy", percent(quality.accuracy)))
    unit = None if quality.unit is None else escape(quality.unit)
    return told + [
        (name, with_unit(number(value), unit)) for name, value in of_numbers if value is not None
    ]
