"""Commands on one model that is in force: what is kept of it, and what people say of it."""

import sys
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from core.domain.alert import Disposition
from core.domain.failure import Filing
from core.domain.ids import IncidentId
from core.domain.person import Person
from core.flows.contract_overview import contract_overview
from core.flows.explain import explain
from core.flows.lineage import compare, served_at, versions_of
from core.flows.model_card import model_card
from core.flows.report_incident import export_incident
from core.wiring import ports
from infra.local.contract_text import contract_text
from infra.local.diff_text import diff_text
from infra.local.flagging import tell_flag
from infra.local.versions_text import served_text, versions_text

records = typer.Typer()

ModelName = Annotated[str, typer.Argument(metavar="MODEL", help="A model that is in force.")]
DAY: Final = ["%Y-%m-%d"]
"""How a day is written."""
_PIPE_WIDTH: Final = 160  # of a table where no terminal says how wide it is


@records.command()
def contract(model: ModelName) -> None:
    """Print what a model's data must keep: written rules, learned promises, and their changes."""
    for line in contract_text(contract_overview(model, ports())):
        typer.echo(line)


@records.command("resolve")
def resolve_error(
    model: ModelName,
    day: Annotated[str, typer.Argument(metavar="DAY", help="The partition that was left out.")],
    disposition: Annotated[Disposition, typer.Option("--as", help="What it was.")],
) -> None:
    """Say what an error of the past was; a data bug stays out, else it counts as normal."""
    from functions.flows.resolve_past import resolve_past  # noqa: PLC0415 - arrays, for this alone

    check = resolve_past(model, day, disposition, Person.command_line(), ports())
    typer.echo(f"{day} of `{model}` is resolved as {disposition}: {check.verdict.sentence}")


@records.command("model")
def show_model(model: ModelName) -> None:
    """Show what serves, what it is checked against, and the smallest errors that are seen."""
    from rich.console import Console  # noqa: PLC0415 - arrays and tables, for this alone

    from infra.local.model_screen import show_model as show  # noqa: PLC0415 - the same

    show(model, Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH), ports())


@records.command()
def versions(model: ModelName) -> None:
    """List a model's versions: made when and by whom, on which data, where they stand."""
    for line in versions_text(versions_of(model, ports())):
        typer.echo(line)


@records.command()
def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="A version; its short id will do.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
) -> None:
    """Say how two versions differ: config keys, data, libraries, code, metrics."""
    for line in diff_text(compare(one, other, ports())):
        typer.echo(line)


@records.command("served")
def show_served(
    model: ModelName,
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=[*DAY, "%Y-%m-%dT%H:%M"],
            metavar="MOMENT",
            help="2026-11-17 or 2026-11-17T05:30, in UTC; now if not given.",
        ),
    ] = None,
) -> None:
    """Say which version served at a moment."""
    connected = ports()
    moment = at.replace(tzinfo=UTC) if at else connected.now()
    typer.echo(served_text(model, moment, served_at(model, moment, connected)))


@records.command()
def flag(
    model: ModelName,
    partition: Annotated[
        datetime, typer.Argument(formats=DAY, metavar="DAY", help="The partition of the row.")
    ],
    key: Annotated[str, typer.Argument(metavar="KEY", help="Names the row: its `data.key`.")],
    label: Annotated[
        str | None, typer.Option(help="What is right; else what its label will say.")
    ] = None,
) -> None:
    """File a row that was predicted wrong: later versions are judged by it, and never learn it."""
    filing = Filing(partition=f"{partition:%Y-%m-%d}", key=key, label=label)
    tell_flag(model, filing, ports(), typer.echo)


@records.command()
def evaluate(
    model: ModelName,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A version; or an evaluation, to repeat it.")
    ],
) -> None:
    """Judge a version beside the champion of now; or repeat an evaluation on its very rows."""
    from infra.local.evaluating import tell_evaluation  # noqa: PLC0415 - frames, for this alone

    tell_evaluation(model, name, ports(), typer.echo)


@records.command()
def report(
    incident: Annotated[
        str, typer.Argument(metavar="INCIDENT", help="inc_…, as its message in the channel says.")
    ],
) -> None:
    """Print an incident report as Markdown."""
    typer.echo(export_incident(IncidentId(incident), ports()))


@records.command("explain")
def tell_why(
    model: ModelName,
    one: Annotated[str, typer.Argument(metavar="A", help="A day, FIRST..LAST, or a version.")],
    other: Annotated[str, typer.Argument(metavar="B", help="What is to be explained by A.")],
) -> None:
    """Say why two windows, or two versions, differ: one list, the likeliest cause first."""
    found = explain(model, one, other, ports())
    typer.echo(found.headline)
    for place, cause in enumerate(found.causes, start=1):
        typer.echo(f"{place:3}. {cause.words}")
    if not found.causes:
        typer.echo("Nothing that is written down differs.")


@records.command()
def card(model: ModelName) -> None:
    """Print a model's card as Markdown: what serves, and who decided what, on which evidence."""
    typer.echo(model_card(model, ports()).as_markdown())
