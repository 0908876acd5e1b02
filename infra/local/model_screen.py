"""`watchkeeper model`: one model on one screen, with the smallest errors that its checks see."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

from core.domain.sensitivity import Injected, Sensitivity
from core.flows.contract_overview import errors_of_past
from core.flows.model_state import ModelState, model_state
from core.ports import Ports
from functions.flows.measure_sensitivity import measure_sensitivity

_HEADINGS = {
    Injected.NULLS: "no value",
    Injected.ZEROS: "zero",
    Injected.MINUS_ONES: "\N{MINUS SIGN}1",
    Injected.MOVED: "all moved by",
    Injected.COMMON: "most frequent category",
    Injected.UNKNOWN: "unknown category",
}


def show_model(model: str, console: Console, ports: Ports) -> None:
    """Print what is known of a model; what its checks see is measured if that is out of date.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    if not model_state(model, ports).is_measured:
        with console.status("measuring what the checks see"):
            measure_sensitivity(model, ports)
    state = model_state(model, ports)
    errors = [check for check in errors_of_past(model, ports) if check.disposition is None]
    console.print(_facts(state, [check.partition for check in errors], ports.now()))
    if state.sensitivity is not None and state.is_measured:
        if state.sensitivity.columns:
            console.print(_errors(state.sensitivity))
        console.print(state.sensitivity.explanation)


def _facts(state: ModelState, left_out: Sequence[str], now: datetime) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("Model", f"{state.config.model}: {state.config.about}")
    for label, words in state.facts(now):
        table.add_row(label, words)
    if left_out:
        errors = f"{', '.join(left_out)}: errors, `watchkeeper contract {state.config.model}`"
        table.add_row("Left out", f"{errors} says which")
    return table


def _errors(known: Sensitivity) -> Table:
    table = Table(title="The smallest errors that a check sees")
    table.add_column("column", overflow="fold")
    shown = [kind for kind in Injected if any(kind in of.kinds for of in known.columns)]
    for kind in shown:
        table.add_column(_HEADINGS[kind], justify="right", overflow="fold")
    for of in known.columns:
        words = {error.kind: error.words for error in of.errors}
        table.add_row(of.column, *(words.get(kind, "") for kind in shown))
    return table
