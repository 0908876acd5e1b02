"""What is built once for all tests of the deployment: the zips, and the templates."""

from pathlib import Path

import pytest

from infra.aws import package
from tests.aws.osls import Template


@pytest.fixture(scope="session")
def zips() -> Path:
    """Build what is deployed as zips."""
    package.main(["zips"])
    return package.BUILD


@pytest.fixture(scope="session")
def template(zips: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Package an environment on AWS."""
    assert zips.exists()
    return Template.packaged("dev", tmp_path_factory.mktemp("dev"))


@pytest.fixture(scope="session")
def local_template(zips: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Package the environment of the emulator."""
    assert zips.exists()
    return Template.packaged("local", tmp_path_factory.mktemp("local"))
