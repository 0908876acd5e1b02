import pickle
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pytest
import skops.io
from pyarrow import parquet
from pydantic import SecretStr
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from core.adapters.folder.objects import FolderObjects
from core.adapters.hmac_signer import HmacSigner
from core.domain.ids import VersionId
from core.domain.target import Target
from core.domain.version import Version
from functions.data import artefacts
from functions.data.artefact_refused import (
    ChangedBytes,
    Gone,
    NotOurs,
    NotSkops,
    OtherPredictions,
    TooBig,
    UnknownTypes,
)
from functions.data.artefacts import Golden
from functions.ml.training.pipeline import learn, made_for, predict
from functions.placing import MadeFor
from tests.builders import NOON
from tests.unit.manifests import a_manifest
from tests.unit.trainings import (
    ALL,
    BINARY,
    CLASSES,
    COLUMNS,
    NUMBER,
    REGRESSORS,
    a_training,
    some_rows,
)

VERSION: Final = VersionId("ver_0a1b2c3d4e5f")
OURS: Final = HmacSigner(SecretStr("the key that only we have, long enough"))
THEIRS: Final = HmacSigner(SecretStr("another key, just as long as that of ours"))


class Store:
    """An object store with one version in it."""

    def __init__(
        self, folder: Path, estimator: str = "LogisticRegression", target: Target = BINARY
    ) -> None:
        features, labels = some_rows()
        self.objects = FolderObjects(folder)
        self.pipeline = learn(a_training(estimator), COLUMNS, features, labels, target)
        self.features = features
        golden = Golden(features.head(32), predict(self.pipeline, features.head(32)))
        self.artefact = artefacts.store("flights", VERSION, self.pipeline, golden, self.objects)

    def version(self, signer: HmacSigner = OURS, **changes: Any) -> Version:
        """Seal the artefact, with what the test changes in it."""
        artefact = self.artefact.model_copy(update=changes)
        return Version(
            id=VERSION,
            manifest=a_manifest(),
            artefact=artefact,
            seal=signer.sign(artefact.claim("flights", VERSION)),
            reference_key="reference",
            parent=None,
            made_at=NOON,
            asked_by="watchkeeper",
            reason="cadence",
        )

    def sealed_with(self, body: bytes) -> Version:
        """Put other bytes in place of the model, and seal them with our own key."""
        self.objects.put(self.artefact.key, body)
        return self.version(sha256=sha256(body).hexdigest(), size_bytes=len(body))

    def load(self, version: Version, model: str = "flights") -> Pipeline:
        """Load it as scoring does."""
        return artefacts.load(model, version, predict, self.objects, OURS)


@pytest.mark.parametrize(
    "estimator",
    [
        "HistGradientBoostingClassifier",
        "LogisticRegression",
        "RandomForestClassifier",
        "DecisionTreeClassifier",
        "DummyClassifier",
    ],
)
def test_what_is_loaded_predicts_what_was_stored(tmp_path: Path, estimator: str) -> None:
    store = Store(tmp_path, estimator)

    loaded = store.load(store.version())

    scores = predict(store.pipeline, store.features)
    np.testing.assert_allclose(predict(loaded, store.features), scores, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("estimator", "target"),
    [*((name, CLASSES) for name in ALL), *((name, NUMBER) for name in REGRESSORS)],
)
def test_what_is_loaded_predicts_what_was_stored_for_every_kind_of_target(
    tmp_path: Path, estimator: str, target: Target
) -> None:
    store = Store(tmp_path, estimator, target)

    loaded = store.load(store.version())

    assert made_for(loaded) == MadeFor.target(target)
    predictions = predict(store.pipeline, store.features)
    np.testing.assert_allclose(predict(loaded, store.features), predictions, rtol=0, atol=1e-12)


@pytest.mark.parametrize("target", [CLASSES, NUMBER], ids=["classes", "number"])
def test_golden_rows_of_another_shape_or_with_another_number_are_refused(
    tmp_path: Path, target: Target
) -> None:
    store = Store(tmp_path, "DummyClassifier" if target.classes else "DummyRegressor", target)
    golden = predict(store.pipeline, store.features.head(32))
    moved = golden.copy()
    moved[7] += 1e-11

    for other in (moved, golden[:16].repeat(2, axis=0)[:, None].repeat(5, axis=1).reshape(32, -1)):
        changed = artefacts.store(
            "flights",
            VERSION,
            store.pipeline,
            Golden(store.features.head(32), other),
            store.objects,
        )
        store.artefact = changed
        with pytest.raises(OtherPredictions):
            store.load(store.version())


def test_an_artefact_is_never_overwritten(tmp_path: Path) -> None:
    store = Store(tmp_path)
    before = store.objects.get(store.artefact.key)
    other = Golden(store.features.head(32), np.zeros(32))

    again = artefacts.store("flights", VERSION, store.pipeline, other, store.objects)

    assert store.objects.get(store.artefact.key) == before
    assert store.load(store.version()) is not None
    assert again.golden_sha256 != store.artefact.golden_sha256


def test_a_record_that_somebody_else_sealed_is_not_ours(tmp_path: Path) -> None:
    store = Store(tmp_path)

    with pytest.raises(
        NotOurs, match="0a1b2c3d is refused: its record does not carry our seal for `flights`"
    ):
        store.load(store.version(THEIRS))


def test_a_record_that_was_changed_after_it_was_sealed_is_not_ours(tmp_path: Path) -> None:
    store = Store(tmp_path)
    sealed = store.version()
    artefact = sealed.artefact.model_copy(update={"sha256": "0" * 64})

    with pytest.raises(NotOurs):
        store.load(sealed.model_copy(update={"artefact": artefact}))


def test_an_artefact_that_we_sealed_for_another_version_is_not_ours(tmp_path: Path) -> None:
    store = Store(tmp_path)
    sealed = store.version()

    with pytest.raises(NotOurs):
        store.load(sealed.model_copy(update={"id": VersionId("ver_other")}))


def test_an_artefact_that_we_sealed_for_another_model_is_not_ours(tmp_path: Path) -> None:
    store = Store(tmp_path)

    with pytest.raises(NotOurs, match=r"our seal for `ferries`, so .* made for another model"):
        store.load(store.version(), model="ferries")


def test_an_object_that_is_gone_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path)

    with pytest.raises(Gone, match=r"models/flights/nowhere is gone"):
        store.load(store.version(key="models/flights/nowhere"))


@pytest.mark.parametrize("changed", ["key", "golden_key"])
def test_one_flipped_bit_is_seen(tmp_path: Path, changed: str) -> None:
    store = Store(tmp_path)
    key = getattr(store.artefact, changed)
    body = bytearray(store.objects.get(key))
    body[len(body) // 2] ^= 1
    store.objects.put(key, bytes(body))

    with pytest.raises(ChangedBytes, match=f"the bytes of {key} were changed"):
        store.load(store.version())


def test_an_artefact_too_big_for_the_function_is_not_opened(tmp_path: Path) -> None:
    store = Store(tmp_path)
    version = store.sealed_with(bytes(artefacts.LARGEST_BYTES + 1))

    with pytest.raises(TooBig, match="134,217,729 bytes, and 134,217,728 is the most we load"):
        store.load(version)


class _Trap:
    """Says so when a pickle of it is opened."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[Any, tuple[Path, str]]:
        return (Path.write_text, (self.witness, "opened"))


def test_a_planted_pickle_is_refused_unopened_even_under_our_own_seal(tmp_path: Path) -> None:
    store = Store(tmp_path / "objects")
    witness = tmp_path / "witness"

    with pytest.raises(NotSkops, match="it is not a skops file"):
        store.load(store.sealed_with(pickle.dumps(_Trap(witness))))

    assert not witness.exists()


def test_a_planted_pickle_without_our_seal_does_not_get_that_far(tmp_path: Path) -> None:
    store = Store(tmp_path / "objects")
    store.objects.put(store.artefact.key, pickle.dumps(_Trap(tmp_path / "witness")))

    with pytest.raises(ChangedBytes):
        store.load(store.version())


def test_a_type_that_no_pipeline_of_ours_has_is_refused_by_name(tmp_path: Path) -> None:
    store = Store(tmp_path)
    stranger = Pipeline([("shout", FunctionTransformer(print))])

    with pytest.raises(UnknownTypes, match=r"types that are not allowed: .*print"):
        store.load(store.sealed_with(skops.io.dumps(stranger)))


def test_something_else_than_a_pipeline_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)

    with pytest.raises(UnknownTypes, match="dict"):
        store.load(store.sealed_with(skops.io.dumps({"a": 1})))


def test_a_model_that_scores_its_golden_rows_otherwise_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    frame = parquet.read_table(BytesIO(store.objects.get(store.artefact.golden_key))).to_pandas()
    frame["`score`"] += 2e-12
    sink = BytesIO()
    parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink)
    store.objects.put(store.artefact.golden_key, sink.getvalue())

    with pytest.raises(OtherPredictions, match="scores its golden rows otherwise"):
        store.load(store.version(golden_sha256=sha256(sink.getvalue()).hexdigest()))


def test_the_seal_is_looked_at_before_anything_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path)

    with pytest.raises(NotOurs):
        store.load(store.version(THEIRS, key="models/flights/nowhere"))
