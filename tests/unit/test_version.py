from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.ids import VersionId
from core.domain.version import Artefact
from tests.builders import a_config
from tests.unit.manifests import a_manifest, used


def test_the_same_manifest_names_the_same_version() -> None:
    assert a_manifest().version == a_manifest().version
    assert a_manifest().version.startswith("ver_")


def test_the_order_in_which_libraries_are_named_does_not_matter() -> None:
    turned = {"numpy": "2.4.6", "scikit-learn": "1.9.1"}

    assert a_manifest(environment=turned).version == a_manifest().version


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "trains"},
        {"code_ref": "c0df"},
        {"config_hash": a_config(owner="U0GRACE").hash},
        {"partitions": (used("2013-01-01"),)},
        {"partitions": (used("2013-01-02", rows=800), used("2013-01-01"))},
        {"partitions": (used("2013-01-01", features_hash="g"), used("2013-01-02", rows=800))},
        {"partitions": (used("2013-01-01", labels_hash="m"), used("2013-01-02", rows=800))},
        {"seed": 8},
        {"environment": {"scikit-learn": "1.9.2", "numpy": "2.4.6"}},
        {"environment": {"scikit-learn": "1.9.1"}},
    ],
    ids=str,
)
def test_any_other_input_makes_another_version(changed: dict[str, Any]) -> None:
    assert a_manifest(**changed).version != a_manifest().version


@settings(max_examples=30)
@given(st.lists(st.text(max_size=3), min_size=4, max_size=4))
def test_inputs_never_run_into_each_other(hashes: list[str]) -> None:
    one = used("2013-01-01", features_hash=hashes[0], labels_hash=hashes[1])
    other = used("2013-01-01", features_hash=hashes[2], labels_hash=hashes[3])

    versions = {a_manifest(partitions=(each,)).version for each in (one, other)}

    assert len(versions) == (1 if one == other else 2)


def test_a_manifest_says_its_days_and_rows() -> None:
    manifest = a_manifest()

    assert (manifest.first_day, manifest.last_day) == ("2013-01-01", "2013-01-02")
    assert manifest.rows == 1700


def test_a_claim_belongs_to_one_version_of_one_model_and_its_bytes() -> None:
    artefact = Artefact(key="k", sha256="a", size_bytes=1, golden_key="g", golden_sha256="b")
    other_bytes = artefact.model_copy(update={"sha256": "c"})
    version = VersionId("ver_a")

    claims = {
        artefact.claim("flights", version),
        artefact.claim("flights", VersionId("ver_b")),
        artefact.claim("ferries", version),
        other_bytes.claim("flights", version),
    }

    assert len(claims) == 4
