"""`watchkeeper versions` and `watchkeeper served`: what was made, and what served when."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from core.domain.figures import figures
from core.domain.served import Served
from core.domain.serving import short
from core.flows.lineage import Listed

_HEADINGS = ("version", "made", "by", "trained on", "stage", "loss", "served")


def versions_text(listed: Sequence[Listed]) -> Iterator[str]:
    """Write a table of versions as lines for a terminal, the newest first."""
    if not listed:
        yield "No version yet: the first training makes one."
        return
    rows = [_HEADINGS, *(_row(one) for one in listed)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    for row in rows:
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def served_text(model: str, at: datetime, served: Served | None) -> str:
    """Say in one sentence what served at a moment."""
    moment = f"{at:%Y-%m-%d %H:%M} UTC"
    if served is None:
        return f"At {moment} nothing served for `{model}` yet."
    since = f"{served.since:%Y-%m-%d %H:%M} UTC"
    return f"At {moment} {short(served.version)} served: {served.how} by {served.by} at {since}."


def _row(one: Listed) -> tuple[str, ...]:
    version, manifest = one.version, one.version.manifest
    return (
        short(version.id),
        f"{version.made_at:%Y-%m-%d %H:%M}",
        version.asked_by,
        f"{manifest.first_day} to {manifest.last_day}, {manifest.rows:,} rows",
        _stage(one),
        figures(one.evaluation)[0].words if one.evaluation else "not evaluated",
        ", ".join(_period(since, until) for since, until in one.served) or "never",
    )


def _stage(one: Listed) -> str:
    unhashed = one.version.manifest.unhashed
    if unhashed:
        return f"cannot be promoted: made from {' and '.join(unhashed)}"
    return str(one.challenge.state) if one.challenge else "never stood"


def _period(since: datetime, until: datetime | None) -> str:
    return f"{since:%Y-%m-%d %H:%M} to {f'{until:%Y-%m-%d %H:%M}' if until else 'now'}"
