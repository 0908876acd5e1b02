import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.aws import package

RUNTIME = ("boto3", "botocore", "s3transfer", "dateutil", "six", "urllib3")
HEAVY = ("numpy", "pandas", "scipy", "sklearn", "joblib", "pyarrow", "skops")
LIGHT_DOORS = ("bot.app", *(f"functions.handlers.{name}" for name in package.LIGHT_HANDLERS))


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    """Lay out a folder with what Lambda's own Python brings, and nothing else of this machine."""
    folder = tmp_path / "runtime"
    folder.mkdir()
    for name in RUNTIME:
        module = sys.modules.get(name) or __import__(name)
        origin = Path(str(module.__file__))
        origin = origin.parent if origin.name == "__init__.py" else origin
        (folder / origin.name).symlink_to(origin)
    return folder


def test_the_bots_zip_runs_by_itself(zips: Path, runtime: Path, tmp_path: Path) -> None:
    code = tmp_path / "task"
    zipfile.ZipFile(zips / "bot.zip").extractall(code)
    program = (
        f"import sys, json; sys.path[:0] = [{str(code)!r}, {str(runtime)!r}]; "
        f"import {', '.join(LIGHT_DOORS)}, slack_bolt.adapter.aws_lambda; "
        "print(json.dumps({name: getattr(module, '__file__', None) or '' "
        "for name, module in sys.modules.items()}))"
    )

    ran = subprocess.run(  # isolated, without site-packages: only the zip and the runtime
        [sys.executable, "-I", "-S", "-c", program], check=True, capture_output=True, text=True
    )

    loaded = json.loads(ran.stdout)
    assert loaded["bot.app"].startswith(str(code))
    assert loaded["pydantic"].startswith(str(code))
    assert set(HEAVY).isdisjoint(loaded)


def test_the_bots_zip_is_light(zips: Path) -> None:
    tree = zips / "bot"

    top = {path.name for path in tree.iterdir()}

    assert package.size_of(tree) <= package.BOT_MAX_BYTES
    assert top.isdisjoint({*HEAVY, *RUNTIME})


def test_a_bot_that_grew_too_big_is_refused() -> None:
    with pytest.raises(package.TooBig, match=r"25\.0 MiB unzipped; 20 MiB is the most"):
        raise package.TooBig(25 * 2**20)


def test_a_cold_start_compiles_nothing(zips: Path, runtime: Path) -> None:
    tree = zips / "bot"
    program = (
        f"import sys, os; sys.path[:0] = [{str(tree)!r}, {str(runtime)!r}]; "
        f"import {', '.join(LIGHT_DOORS)}, slack_bolt.adapter.aws_lambda; "
        "print(*(m.__file__ for m in sys.modules.values() "
        f"if (getattr(m, '__file__', None) or '').startswith({str(tree)!r}) "
        "and m.__file__.endswith('.py') and not os.path.exists(m.__cached__)))"
    )

    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program],
        check=True,
        capture_output=True,
        text=True,
    )

    assert ran.stdout.split() == []


def test_the_same_files_make_the_same_zip(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for tree, names in ((first, ("b.py", "a/c.py")), (second, ("a/c.py", "b.py"))):
        for name in names:
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(f"{name} says this")

    zipped = [
        package.zip_tree(tree, tmp_path / f"{tree.name}.zip").read_bytes()
        for tree in (first, second)
    ]

    assert zipped[0] == zipped[1]


def test_the_image_has_the_pins_of_the_functions_and_our_code_without_the_bot() -> None:
    dockerfile = (package.ROOT / "infra/aws/Dockerfile").read_text()

    assert "infra/requirements/data.txt infra/aws/image-runtime.txt" in dockerfile
    assert "COPY core core" in dockerfile
    assert "COPY functions functions" in dockerfile
    assert "bot" not in dockerfile
