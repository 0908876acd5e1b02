"""Trained pipelines in the object store: written once under a seal, and read back with care.

No pickle is ever read: skops builds only the types that are named here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
import skops.io
from pyarrow import parquet
from sklearn.pipeline import Pipeline

from core.domain.errors import NotThere
from core.domain.ids import VersionId
from core.domain.version import Artefact, Version
from core.ports import Objects, Signer
from functions.arrays import Floats
from functions.data.artefact_refused import (
    ChangedBytes,
    Gone,
    NotOurs,
    NotSkops,
    OtherPredictions,
    TooBig,
    UnknownTypes,
)
from functions.data.score_column import as_column, of_column

GOLDEN_ROWS: Final = 32
LARGEST_BYTES: Final = 128 * 2**20  # a forest of 100 deep trees has 5 MiB
_FAST: Final = 1  # zlib's level: 1.5 times the size of the best one in a fifth of its time
_ALLOWED_TYPES: Final = frozenset(  # beyond what skops trusts by itself
    {
        "numpy.dtype",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.tree._tree.Tree",
    }
)
_SCORE: Final = "`score`"  # no column of a config can have a backtick
_TOLERANCE: Final = 1e-12  # forests add up their trees in any order, which moves the last digit

Predict = Callable[[Pipeline, pd.DataFrame], Floats]


@dataclass(frozen=True)
class Golden:
    """A few rows with the scores that they got on the day the pipeline was made."""

    features: pd.DataFrame
    """As they came through `columns.select`."""
    scores: Floats
    """Shape (rows,), or (rows, classes)."""


def store(
    model: str, version: VersionId, pipeline: Pipeline, golden: Golden, objects: Objects
) -> Artefact:
    """Write a pipeline and its golden rows; what is there already is never overwritten.

    Both are named by their bytes, since skops writes other bytes each time: a run that is repeated
    after a crash leaves one unused object behind and never claims the bytes of another run.
    """
    body = skops.io.dumps(pipeline, compression=ZIP_DEFLATED, compresslevel=_FAST)
    rows = _golden_bytes(golden)
    digest, golden_digest = sha256(body).hexdigest(), sha256(rows).hexdigest()
    folder = f"models/{model}/{version}/{digest[:16]}"
    artefact = Artefact(
        key=f"{folder}/model.skops",
        sha256=digest,
        size_bytes=len(body),
        golden_key=f"{folder}/golden.parquet",
        golden_sha256=golden_digest,
    )
    objects.put_new(artefact.golden_key, rows)
    objects.put_new(artefact.key, body)
    return artefact


def load(
    model: str, version: Version, predict: Predict, objects: Objects, signer: Signer
) -> Pipeline:
    """Read a pipeline back: seal, sha256, size, types, load, golden rows; in this order.

    Args:
        model: for which model it is wanted, whatever the version's record says.
        version: as its record says.
        predict: gives the scores that are compared with those of the golden rows.
        objects: where the bytes are.
        signer: knows our seal.

    Raises:
        ArtefactRefused: one of them does not hold; nothing may be served from it.
    """
    if not signer.verify(version.artefact.claim(model, version.id), version.seal):
        raise NotOurs(version.id, model)
    body, golden = _bytes(version, objects)
    if len(body) > LARGEST_BYTES:
        raise TooBig(version.id, len(body), LARGEST_BYTES)
    pipeline = _pipeline(version.id, body)
    expected = _golden_rows(golden)
    scores = predict(pipeline, expected.features)
    if not _are_the_same(scores, expected.scores):
        raise OtherPredictions(version.id)
    return pipeline


def _are_the_same(scores: Floats, expected: Floats) -> bool:
    """Compare as shares of the largest score, which of a probability is never above 1."""
    if scores.shape != expected.shape:
        return False
    largest = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    return bool(np.allclose(scores, expected, rtol=0, atol=_TOLERANCE * largest))


def _bytes(version: Version, objects: Objects) -> tuple[bytes, bytes]:
    artefact = version.artefact
    try:
        body, golden = objects.get(artefact.key), objects.get(artefact.golden_key)
    except NotThere as error:
        raise Gone(version.id, error.key) from error
    if sha256(body).hexdigest() != artefact.sha256:
        raise ChangedBytes(version.id, artefact.key)
    if sha256(golden).hexdigest() != artefact.golden_sha256:
        raise ChangedBytes(version.id, artefact.golden_key)
    return body, golden


def types_not_allowed(body: bytes) -> list[str]:
    """Name the types in skops bytes that no pipeline of ours has; nothing is built."""
    return sorted(set(skops.io.get_untrusted_types(data=body)) - _ALLOWED_TYPES)


def open_allowed(body: bytes) -> Any:  # noqa: ANN401 - whatever it is, of these types
    """Build what skops bytes describe; bytes with other types are refused by skops."""
    return skops.io.loads(body, trusted=sorted(_ALLOWED_TYPES))


def _pipeline(version: VersionId, body: bytes) -> Pipeline:
    try:
        beyond = types_not_allowed(body)
    except (BadZipFile, KeyError, TypeError, ValueError) as error:
        raise NotSkops(version) from error
    if beyond:
        raise UnknownTypes(version, beyond)
    pipeline = open_allowed(body)
    if not isinstance(pipeline, Pipeline):
        raise UnknownTypes(version, [type(pipeline).__name__])
    return pipeline


def _golden_bytes(golden: Golden) -> bytes:
    table = pa.Table.from_pandas(golden.features, preserve_index=False)
    sink = BytesIO()
    parquet.write_table(table.append_column(_SCORE, as_column(golden.scores)), sink)
    return sink.getvalue()


def _golden_rows(body: bytes) -> Golden:
    table = parquet.read_table(BytesIO(body))
    features = table.drop_columns([_SCORE]).to_pandas()
    return Golden(features, of_column(table.column(_SCORE)))
