"""The command line: what a person with a shell does."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from core.config import Settings
from core.domain.errors import OpsError, Unavailable
from core.domain.model_config import ModelConfig
from core.domain.person import Person
from core.domain.wording import many
from core.flows.apply_config import apply_config
from core.flows.first_look import first_look
from core.flows.propose_idea import try_with_config
from core.wiring import ports
from infra.local.cli_of_records import DAY, ModelName, records
from infra.local.config_file import read_config, schema, undecided_in
from infra.local.demo.stories import Story

cli = typer.Typer(
    help="Puts machine-learning models on call.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

ConfigFile = Annotated[Path, typer.Argument(metavar="FILE", help="The model's YAML file.")]
Port = Annotated[
    int, typer.Option(min=0, max=65535, help="Where the desk listens on this machine.")
]


def main() -> None:
    """Run a command; what a rule or the machine refuses is a sentence and exit code 1."""
    try:
        cli()
    except OpsError as error:
        typer.secho(str(error), err=True, fg=typer.colors.RED)
        raise SystemExit(1) from error
    except OSError as error:  # a folder that may not be made, a disk that is full
        where = error.filename or "The output"
        typer.secho(f"{where} cannot be used: {error.strerror}.", err=True, fg=typer.colors.RED)
        raise SystemExit(1) from error


@cli.command()
def validate(file: ConfigFile) -> None:
    """Check a model's config without changing anything."""
    config = _trainable(file)
    typer.echo(
        f"{file}: good. `{config.model}`, {many(len(config.columns), 'column')}, {config.hash}"
    )
    _tell_of_what_is_open(config)


@cli.command()
def init(
    place: Annotated[
        str, typer.Argument(metavar="DIR", help="Holds partitions; or s3://bucket/prefix.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The file to write; named for the model if not given.")
    ] = None,
) -> None:
    """Write a first config from what lies there, and say what you have to decide."""
    from infra.local.first_config.telling import tell_first_config  # noqa: PLC0415 - Arrow

    tell_first_config(place, out, typer.echo)


@cli.command("schema")
def write_schema() -> None:
    """Print the JSON Schema by which editors complete and check a config."""
    typer.echo(schema(), nl=False)


@cli.command()
def apply(
    file: ConfigFile,
    idea: Annotated[str | None, typer.Option(help="The idea that it tries out: ide_….")] = None,
) -> None:
    """Put a model's config in force; no deployment is needed."""
    config, by = _trainable(file), Person.command_line()
    if idea is not None:
        try_with_config(idea, config.model, config.hash, by, ports())
    is_new = apply_config(config, by, ports())
    state = "is in force now" if is_new else "was in force already"
    typer.echo(f"{file}: `{config.model}` {config.hash} {state}")
    _tell_of_what_is_open(config)
    try:
        notes = first_look(config, ports())
    except Unavailable as refused:  # the functions may look there, whoever applies it may not
        notes = [f"What lies in its places could not be listed. {refused}"]
    for note in notes:
        typer.echo(f"Note: {note}")


@cli.command()
def backtest(
    file: ConfigFile,
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Holds dt=YYYY-MM-DD/part-*, or features/ with these."),
    ],
    *,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each partition.")
    ] = False,
    plots: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Draw each alert, and the whole, as pictures in here."),
    ] = None,
) -> None:
    """Say which partitions of a folder a config would have alerted on."""
    from infra.local.backtesting import tell_backtest  # noqa: PLC0415 - arrays, for this alone

    config = read_config(file)
    if not json:
        _tell_of_what_is_open(config)
    tell_backtest(config, folder, typer.echo, as_json=json, plots=plots)


@cli.command()
def backfill(
    model: ModelName,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=DAY, metavar="DAY", help="The oldest; all if not given."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=DAY, metavar="DAY", help="The newest; now if not given."),
    ] = None,
) -> None:
    """Profile the partitions that are there, so that the history starts full; alerts nobody."""
    from infra.local.backfilling import tell_backfill  # noqa: PLC0415 - arrays, for this alone

    since, until = (f"{day:%Y-%m-%d}" if day else None for day in (first, last))
    tell_backfill(model, since, until, ports(), typer.echo)


@cli.command("score")
def score_rows(
    model: ModelName,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="One JSON object a line, each a row.")
    ],
) -> None:
    """Ask for predictions of rows, as a request over HTTP does; prints JSON lines."""
    from infra.local.scoring_rows import tell_scores  # noqa: PLC0415 - frames and models, for this

    raise typer.Exit(tell_scores(model, file, ports(), typer.echo))


@cli.command()
def run(port: Port = 8350) -> None:
    """Run one box: schedules, jobs, and the Slack door or the desk; Ctrl-C ends it."""
    from infra.local.run import run as run_box  # noqa: PLC0415 - only the box needs it
    from infra.local.run import stop_on_signals  # noqa: PLC0415 - the same

    run_box(Settings.from_environment(), port, typer.echo, stop_on_signals())


@cli.command()
def demo(
    *,
    story: Annotated[Story, typer.Option(help="Which story.")] = Story.ON_CALL,
    headless: Annotated[
        bool, typer.Option("--headless", help="Play by itself and check each step.")
    ] = False,
    port: Port = 8350,
) -> None:
    """Play a story on real flights: a month on call, or what versions of a model earn."""
    from infra.local.demo.demo import play  # noqa: PLC0415 - frames and models, for this alone

    raise typer.Exit(play(story, headless=headless, port=port))


cli.add_typer(records)


def _tell_of_what_is_open(config: ModelConfig) -> None:
    undecided = undecided_in(config)
    if undecided:
        typer.echo(f"Note: nobody has decided yet on {', '.join(undecided)}.")


def _trainable(file: Path) -> ModelConfig:
    """Read a config and see whether it can be trained with: on a few rows that are made up."""
    from functions.flows.training.use_trainer import maker_of  # noqa: PLC0415 - scikit-learn, for this alone
    from functions.ml.training.pipeline import try_out  # noqa: PLC0415 - the same

    config = read_config(file)
    maker_of(config)
    if config.training.estimator is not None:
        try_out(config.training, config.columns, config.target)
    return config
