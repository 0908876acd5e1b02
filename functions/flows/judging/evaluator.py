"""What makes an evaluator: all the code, and all of the config, that has a say in its numbers."""

from typing import Final

from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from functions.data.provenance import environment, source_hash

CODE: Final = (
    "core.domain.evaluation",
    "core.domain.evaluation_config",
    "core.domain.failure",
    "core.domain.kpi",
    "core.domain.target",
    "core.domain.where",
    "functions.arrays",
    "functions.data.around",
    "functions.data.arrow_batch",
    "functions.data.arrow_values",
    "functions.data.as_of_join",
    "functions.data.as_of_tables",
    "functions.data.asked_rows",
    "functions.data.feature_rows",
    "functions.data.filed_rows",
    "functions.data.json_lines",
    "functions.data.keys",
    "functions.data.label_store",
    "functions.data.landed_objects",
    "functions.data.likely_column",
    "functions.data.object_tables",
    "functions.data.parquet_stretches",
    "functions.data.partition_rows",
    "functions.data.read_ahead",
    "functions.data.sent_rows",
    "functions.data.training_set",
    "functions.data.truths",
    "functions.data.validation_set",
    "functions.flows.judging.evaluator",
    "functions.flows.judging.judge_rows",
    "functions.ml.columns",
    "functions.ml.judging.calibration",
    "functions.ml.judging.differences",
    "functions.ml.judging.evaluate",
    "functions.ml.judging.intervals",
    "functions.ml.judging.judged",
    "functions.ml.judging.kpi",
    "functions.ml.judging.measures",
    "functions.ml.judging.mistakes",
    "functions.ml.judging.ranks",
    "functions.ml.judging.slice_cells",
    "functions.ml.judging.slice_evidence",
    "functions.ml.judging.slice_search",
    "functions.ml.losses",
    "functions.ml.training.pipeline",
    "functions.ml.where",
    "functions.placing",
    "functions.untyped",
)
"""Modules, by name; `tests/architecture` says if one is missing."""


def evaluator_hash(config: ModelConfig) -> str:
    """Name the evaluator of a model; numbers of different ones do not mean the same."""
    said = {
        "evaluation": config.evaluation.model_dump(mode="json"),
        "target": config.target.model_dump(mode="json"),
        "columns": {name: config.columns[name].type for name in sorted(config.columns)},
        "sensitive": sorted(config.sensitive),
        "margin": config.stages.decision_margin,
        "environment": environment(),
    }
    return content_hash(f"{source_hash(*CODE)} {said}".encode())
