"""Which work a new object starts on one box, and the event by which it hears of it.

On AWS the same is said in the rules of EventBridge.
"""

from collections.abc import Iterable
from typing import Any

from core.domain.ids import fact_id
from core.domain.job import Function, Job
from core.domain.misplaced import misplaced
from core.domain.model_config import ModelConfig
from core.domain.partition import split_key
from core.ports import ObjectInfo

_BUCKET = "one-box"


def watched_prefixes(configs: Iterable[ModelConfig]) -> list[str]:
    """List where partitions land, each place once, sorted."""
    return sorted({prefix for config in configs for prefix in _started_in(config)})


def functions_started_by(key: str, configs: Iterable[ModelConfig]) -> list[Function]:
    """Say what a new object starts: features are checked and scored, labels are joined.

    Each function is named once, however many models read the same data; it finds out which. What
    was meant for a partition and lies in none is told of by the function that checks.
    """
    landed = split_key(key)
    if landed is None:
        is_unread = any(misplaced(key, config.data.places) for config in configs)
        return ["check_partition"] if is_unread else []
    prefix, _ = landed
    functions = (function for config in configs for function in _started_in(config).get(prefix, ()))
    return list(dict.fromkeys(functions))


def jobs_started_by(found: ObjectInfo, configs: Iterable[ModelConfig]) -> list[Job]:
    """Make the jobs that a new object starts; the same bytes make the same jobs again."""
    return [
        Job(
            function=function,
            event=_object_created(found),
            id=fact_id("job", function, found.key, found.etag),
        )
        for function in functions_started_by(found.key, configs)
    ]


def _started_in(config: ModelConfig) -> dict[str, tuple[Function, ...]]:
    labels: dict[str, tuple[Function, ...]] = {config.data.labels: ("join_labels",)}
    if config.data.predictions is None:
        return {config.data.features: ("check_partition", "score"), **labels}
    elsewhere = config.data.predictions.prefix
    return {config.data.features: ("check_partition",), elsewhere: ("score",), **labels}


def _object_created(found: ObjectInfo) -> dict[str, Any]:
    """Return the event that S3 sends through EventBridge."""
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {
            "bucket": {"name": _BUCKET},
            "object": {"key": found.key, "etag": found.etag, "size": found.size_bytes},
        },
    }
