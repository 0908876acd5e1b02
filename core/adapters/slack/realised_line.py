"""How predictions turned out, in one line; always with the date up to which that is known."""

from core.domain.realised import Quality
from core.domain.wording import percent


def realised_line(quality: Quality | None, champion: Quality | None = None) -> str:
    """Write realised quality, and the champion's on the same partitions beside it."""
    if quality is None:
        return "Realised: not known yet, there are no mature labels."
    brier, accuracy = f"{quality.brier:.4f}", percent(quality.accuracy)
    if champion is not None:
        brier += f" (champion {champion.brier:.4f})"
        accuracy += f" (champion {percent(champion.accuracy)})"
    partitions = f"{quality.partitions} partition{'' if quality.partitions == 1 else 's'}"
    return (
        f"Realised: Brier score {brier}, accuracy {accuracy} on {quality.rows:,} labelled rows of "
        f"{partitions}, known up to {quality.known_up_to}"
    )
