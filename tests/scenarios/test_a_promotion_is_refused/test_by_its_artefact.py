"""Bytes that are gone, were changed, or that somebody else sealed, are never promoted."""

import pytest

from core.adapters.slack.actions import PROMOTE
from tests.builders import ADA
from tests.scenarios.scene import Scene
from tests.scenarios.test_a_promotion_is_refused.promoting import B, passes, refused
from tests.staged import store_version


def test_a_version_whose_artefact_is_gone_is_not_promoted(scene: Scene) -> None:
    passes(scene)
    (scene.folder / "objects/models/flights/ver_b/model.skops").unlink()

    scene.click(PROMOTE, ADA)

    refused(scene, "Version b cannot serve: its artefact is gone. Nothing was moved.")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"other bytes", "its artefact is not what was stored."),
        (b"pipelinE", "its artefact is not what was stored."),
    ],
)
def test_a_version_whose_artefact_was_changed_is_not_promoted(
    scene: Scene, body: bytes, why: str
) -> None:
    passes(scene)
    scene.ports.objects.put("models/flights/ver_b/model.skops", body)

    scene.click(PROMOTE, ADA)

    refused(scene, why)


def test_a_version_without_its_golden_rows_is_not_promoted(scene: Scene) -> None:
    passes(scene)
    (scene.folder / "objects/models/flights/ver_b/golden.parquet").unlink()

    scene.click(PROMOTE, ADA)

    refused(scene, "its golden rows are gone.")


def test_a_version_that_somebody_else_sealed_is_not_promoted(scene: Scene) -> None:
    scene.ports.objects.put("models/flights/ver_b/model.skops", b"pipeline")
    store_version("ver_b", scene.ports, seal="of somebody else")
    passes(scene)

    scene.click(PROMOTE, ADA)

    refused(scene, "its seal is not ours.")


def test_a_large_artefact_is_known_by_its_size(scene: Scene) -> None:
    body = bytes(16 * 2**20 + 1)
    store_version("ver_b", scene.ports, body)
    passes(scene)
    scene.ports.objects.put("models/flights/ver_b/model.skops", b"x" * len(body))

    scene.click(PROMOTE, ADA)

    assert scene.pointer().champion == B
