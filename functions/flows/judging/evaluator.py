"""What makes an evaluator: all the code, and all of the config, that has a say in its numbers."""

import sys
from typing import Final

from core.domain import evaluation, evaluation_config, failure, target
from core.domain import kpi as kpi_expression
from core.domain import where as conditions
from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from functions import arrays, placing, untyped
from functions.data import (
    around,
    arrow_batch,
    arrow_values,
    as_of_join,
    as_of_tables,
    asked_rows,
    feature_rows,
    filed_rows,
    json_lines,
    keys,
    label_store,
    landed_objects,
    likely_column,
    object_tables,
    parquet_stretches,
    partition_rows,
    read_ahead,
    sent_rows,
    training_set,
    truths,
    validation_set,
)
from functions.data.provenance import environment, source_hash
from functions.flows.judging import judge_rows
from functions.ml import columns, losses, where
from functions.ml.judging import (
    calibration,
    differences,
    evaluate,
    intervals,
    judged,
    kpi,
    measures,
    mistakes,
    ranks,
    slice_cells,
    slice_evidence,
    slice_search,
)
from functions.ml.training import pipeline

CODE: Final = (
    evaluation,
    evaluation_config,
    failure,
    target,
    kpi_expression,
    conditions,
    placing,
    arrays,
    untyped,
    arrow_batch,
    arrow_values,
    around,
    as_of_join,
    as_of_tables,
    feature_rows,
    asked_rows,
    filed_rows,
    json_lines,
    keys,
    label_store,
    landed_objects,
    likely_column,
    object_tables,
    parquet_stretches,
    read_ahead,
    partition_rows,
    sent_rows,
    training_set,
    truths,
    validation_set,
    judge_rows,
    calibration,
    columns,
    differences,
    evaluate,
    intervals,
    judged,
    kpi,
    losses,
    measures,
    mistakes,
    pipeline,
    ranks,
    slice_cells,
    slice_evidence,
    slice_search,
    where,
    sys.modules[__name__],
)


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
