"""The card of a refitted contract: what would no longer be promised, and who decides."""

from typing import Final

from core.adapters.slack.actions import ACCEPT_CONTRACT, KEEP_CONTRACT
from core.adapters.slack.blocks import (
    Block,
    Card,
    actions,
    button,
    confirm,
    context,
    cut,
    escape,
    fallback,
    section,
    some,
    when,
    who,
)
from core.domain.contract_change import ChangeState, ContractChange

_MOST_LINES: Final = 10
_MOST_IN_A_LINE: Final = 250  # ten of them fit into a paragraph
_MOST_YAML: Final = 2500
_STATE: Final = {
    ChangeState.FOLLOWED: "the contract was refitted",
    ChangeState.OPEN: ":scales: may the contract promise less?",
    ChangeState.ACCEPTED: ":white_check_mark: the contract promises less",
    ChangeState.KEPT: ":lock: the contract is kept as it was, this was not accepted",
    ChangeState.REPLACED: "a later training looked again",
}


def contract_card(change: ContractChange) -> Card:
    """Draw a change; Accept and Keep only while it waits for somebody."""
    title = f"*{change.model}* {_STATE[change.state]}"
    card = [section(f"{title}\n{_lines([of.sentence for of in change.loosened])}")]
    if change.followed:
        card.append(section(f"By itself came into force:\n{_lines(change.followed)}"))
    if change.state is ChangeState.KEPT:
        card += _as_written(change)
    card.append(context(*_small_print(change)))
    if change.state is ChangeState.OPEN:
        card.append(_buttons(change))
    state = _STATE[change.state].split(": ")[-1]
    return Card(fallback(f"{change.model}: {state}"), card)


def _lines(sentences: tuple[str, ...] | list[str]) -> str:
    return some([escape(cut(text, _MOST_IN_A_LINE)) for text in sentences], _MOST_LINES)


def _as_written(change: ContractChange) -> list[Block]:
    """Show how the kept rule becomes one that somebody answers for."""
    lines, unsaid = change.as_written()
    drawn = []
    if lines:
        said = "To keep it longer, answer for it with a reason under `constraints` in the config:"
        drawn.append(section(f"{said}\n```{escape(cut(chr(10).join(lines), _MOST_YAML))}```"))
    if unsaid:
        said = f"No rule of a config says this; it is asked about again after {change.kept_until}:"
        promises = [f"`{escape(of.column)}` {of.promise}" for of in unsaid[:_MOST_LINES]]
        drawn.append(context(f"{said} {', '.join(promises)}"))
    return drawn


def _small_print(change: ContractChange) -> list[str]:
    if change.decided_by and change.decided_at:
        by = f"{who(change.decided_by)}, {when(change.decided_at)}"
        until = f", until {change.kept_until}" if change.kept_until else ""
        return [f"Decided by {by}: {change.state}{until}"]
    if change.state is ChangeState.OPEN:
        stays = "Until somebody decides it stays promised, and a partition that breaks it alerts."
        return [stays, f"Refitted {when(change.at)}"]
    return [f"Refitted {when(change.at)}"]


def _buttons(change: ContractChange) -> Block:
    accept = confirm(
        f"Promise less of {change.model}?",
        "Partitions that break this alert no longer, unless they move far.",
        "Accept",
    )
    return actions(
        button("Accept…", ACCEPT_CONTRACT, value=change.id, style="primary", confirm=accept),
        button("Keep the old rule", KEEP_CONTRACT, value=change.id),
    )
