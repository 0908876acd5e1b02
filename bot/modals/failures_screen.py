"""What people read about filed failures: what is right of each row, and where people differ."""

from collections.abc import Sequence
from typing import Final

from core.adapters.slack.blocks import Block, context, cut, escape, section, some, who
from core.domain.failure import Failure
from core.domain.model_config import ModelConfig
from core.domain.wording import many

_MOST_SHOWN: Final = 20
_MOST_LINE: Final = 140
_MEANING: Final = (
    "Later versions are judged by these rows and never learn them. Where people differ the last "
    "word counts: talk about it, then `/watch flag` it once more."
)


def failures_screen(config: ModelConfig, filed: Sequence[Failure]) -> list[Block]:
    """Draw the rows on which people differ first, then the newest."""
    if not filed:
        return [section(f"No row of `{config.model}` is filed as a failure.")]
    disputed = [of for of in filed if of.is_disputed]
    others = sorted((of for of in filed if not of.is_disputed), key=lambda of: of.filed_at)
    lines = [_line(of, config) for of in (*disputed, *reversed(others))]
    differ = f", on {len(disputed)} of them people differ" if disputed else ""
    title = f"*{config.model}*: {many(len(filed), 'filed failure')}{differ}"
    return [section(f"{title}\n{some(lines, _MOST_SHOWN)}"), context(_MEANING)]


def flagged(failure: Failure, config: ModelConfig) -> list[Block]:
    """Say that a row is filed, and who says otherwise."""
    said = f"{row_of(failure, config)} is filed: later versions are judged by it."
    differ = f"\nPeople differ: {failure.opinions_in_words}." if failure.is_disputed else ""
    return [section(f"{said}{_escaped(differ, failure)}")]


def row_of(failure: Failure, config: ModelConfig) -> str:
    """Name a row, unless its name is sensitive."""
    if config.data.key in config.sensitive:
        return f"A row of {failure.partition}"
    return f"`{escape(cut(failure.key, _MOST_LINE))}` of {failure.partition}"


def _line(failure: Failure, config: ModelConfig) -> str:
    if failure.is_disputed:
        said = _escaped(failure.opinions_in_words, failure)
        return f":left_right_arrow: {row_of(failure, config)}: {said}"
    right = "its label says what is right" if failure.label is None else failure.label
    return (
        f"{row_of(failure, config)}: {escape(cut(right, _MOST_LINE))}, by {who(failure.filed_by)}"
    )


def _escaped(text: str, failure: Failure) -> str:
    """Make what people typed harmless; the people themselves stay mentions."""
    safe = escape(text)
    for opinion in failure.opinions:
        safe = safe.replace(escape(f"<@{opinion.by}>"), who(opinion.by))
    return safe
