import json
import shutil
import subprocess
from pathlib import Path

import pytest

from infra.local.slack.validation.structure import SCHEMA_FILE

HOME = SCHEMA_FILE.parent
NODE = shutil.which("node") or ""
HAS_GENERATOR = bool(NODE) and (HOME / "node_modules" / "ts-json-schema-generator").is_dir()


@pytest.mark.skipif(not HAS_GENERATOR, reason="needs Node and `npm ci` in infra/local/slack_schema")
def test_the_committed_schema_is_the_one_that_slacks_types_give(tmp_path: Path) -> None:
    made = tmp_path / "made.json"

    subprocess.run([NODE, "build-schema.mjs", made], cwd=HOME, check=True, timeout=120)

    assert json.loads(made.read_text()) == json.loads(SCHEMA_FILE.read_text())


def test_the_lock_file_names_versions_and_no_place_to_fetch_them_from() -> None:
    lock = json.loads((HOME / "package-lock.json").read_text())

    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert all("version" in package and "integrity" in package for package in packages)
    assert not any("resolved" in package for package in packages)
