"""What made a version, in every field."""

from typing import Any

from core.domain.version import Manifest, UsedPartition
from tests.builders import a_config

CONFIG = a_config()


def used(partition: str = "2013-01-01", **changes: Any) -> UsedPartition:
    stated = {"partition": partition, "features_hash": "f", "labels_hash": "l", "rows": 900}
    return UsedPartition.model_validate(stated | changes)


def a_manifest(**changes: Any) -> Manifest:
    stated = {
        "model": "flights",
        "code_ref": "c0de",
        "config_hash": CONFIG.hash,
        "columns": CONFIG.columns,
        "partitions": (used("2013-01-01"), used("2013-01-02", rows=800)),
        "seed": 7,
        "environment": {"scikit-learn": "1.9.1", "numpy": "2.4.6"},
    }
    return Manifest.model_validate(stated | changes)
