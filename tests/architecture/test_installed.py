"""What an ordinary installation of the package holds, away from its sources."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from infra.local.demo.season import CONFIG
from infra.local.desk.desk import STATIC
from infra.local.run import MANIFEST
from infra.local.slack.validation.structure import SCHEMA_FILE

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns("node_modules", "__pycache__", "*.pyc", "build")


def test_an_installed_package_holds_what_the_desk_and_the_demo_read(tmp_path: Path) -> None:
    copy = tmp_path / "watchkeeper"
    for name in ("bot", "core", "functions", "infra"):
        shutil.copytree(ROOT / name, copy / name, ignore=NOT_COPIED)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)

    offline = ("--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--quiet")
    pip = [sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", str(tmp_path), str(copy)]
    subprocess.run(pip, check=True, capture_output=True)

    [wheel] = tmp_path.glob("*.whl")
    read = {CONFIG, MANIFEST, SCHEMA_FILE, *(file for file in STATIC.iterdir() if file.is_file())}
    missing = {file.relative_to(ROOT).as_posix() for file in read} - set(ZipFile(wheel).namelist())
    assert missing == set()
