"""What lies in a model's places when its config is put in force, and why nothing may come of it."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import Final

from core.domain.data_config import Side
from core.domain.misplaced import misplaced
from core.domain.model_config import ModelConfig
from core.domain.partition import format_of, split_key
from core.domain.wording import many
from core.ports import Ports

_MOST: Final = 10_000  # objects of a place that are listed
_SIDES: Final[tuple[Side, ...]] = ("features", "labels", "predictions")
_WITHOUT: Final[dict[Side, str]] = {
    "features": "nothing can be checked",
    "labels": "nothing can be trained, nor predictions judged",
    "predictions": "no prediction is watched",
}


def first_look(config: ModelConfig, ports: Ports) -> list[str]:
    """Say in sentences what a person should see to; no news is good news.

    Args:
        config: of the model.
        ports: the outside world; only its listings are read.

    Raises:
        Unavailable: the store refused, or did not answer.
    """
    sides = {side: config.data.prefix_of(side) for side in _SIDES}
    return [
        sentence
        for side, prefix in sides.items()
        if prefix is not None
        for sentence in _about(side, prefix, config, ports)
    ]


def _about(side: Side, prefix: str, config: ModelConfig, ports: Ports) -> Iterator[str]:
    keys = [stored.key for stored in islice(ports.objects.list(f"{prefix}/"), _MOST)]
    partitions = {partition for place, partition in _partitions(keys) if place == prefix}
    unread = (misplaced(key, config.data.places) for key in keys)
    wrong = [found for found in unread if found is not None and found.prefix == prefix]
    if wrong:
        objects = many(len(wrong), "object")
        yield f"{objects} under {prefix} will be read by nobody: {wrong[0].remedy}."
    if not partitions:
        until = f"until the first partition lands there {_WITHOUT[side]}"
        yield f"No {side} lie under {prefix}: {until}.{_meant(prefix, config, ports)}"
    elif side == "labels" and len(keys) < _MOST:
        yield from _too_few(len(partitions), config)


def _too_few(partitions: int, config: ModelConfig) -> Iterator[str]:
    """Say that nothing can be learned yet, where something is to be."""
    kept_back = config.training.validation_days
    if config.training.every_days is not None and partitions <= kept_back:
        yield (
            f"Labels of {many(partitions, 'partition')} lie under {config.data.labels}, and the "
            f"newest are kept back (`validation_days: {kept_back}`): nothing can be trained before "
            "there are more."
        )


def _meant(prefix: str, config: ModelConfig, ports: Ports) -> str:
    """Name a place that is called nearly so, has partitions, and stands nowhere in the config."""
    above, slash, _ = prefix.partition("/")
    keys = (
        stored.key for stored in islice(ports.objects.list(f"{above}/" if slash else ""), _MOST)
    )
    places = {place for place, _ in _partitions(keys)}
    close = get_close_matches(prefix, sorted(places - {*config.data.places}), n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _partitions(keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    for key in keys:
        split = split_key(key)
        if split is not None and format_of(key) is not None:
            yield split
