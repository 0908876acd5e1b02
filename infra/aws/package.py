"""Lays out what is deployed: the bot's zip, the data image's file tree, the emulator's zip.

`python -m infra.aws.package` makes all three and prints their sizes; `zips` leaves the tree out.
"""

import compileall
import py_compile
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "build"

BOT_MAX_BYTES: Final = 20 * 2**20  # unzipped; a cold start reads all of it
LIGHT_HANDLERS: Final = ("deliver", "refresh_people", "sweep")
RUNTIME_HAS: Final = {  # Lambda brings boto3; a second copy would only make the bot slower
    "boto3",
    "botocore",
    "python-dateutil",
    "s3transfer",
    "six",
    "urllib3",
}

PYTHON: Final = (3, 11)  # of Lambda, of the image and of the tests
_WHEELS: Final = ("--only-binary=:all:", "--implementation=cp", "--python-version=3.11")
_FOR_RUNTIME: Final = (  # Lambda's Python 3.11 runs on Amazon Linux 2, whose glibc is 2.26
    *_WHEELS,
    "--platform=manylinux2014_x86_64",
    "--platform=manylinux_2_17_x86_64",
    "--platform=manylinux_2_26_x86_64",
)
_FOR_IMAGE: Final = (  # numpy and pandas need 2.28, hence the image's own base of Debian 12, 2.36
    *_FOR_RUNTIME,
    "--platform=manylinux_2_27_x86_64",
    "--platform=manylinux_2_28_x86_64",
    "--platform=manylinux_2_34_x86_64",
)
_SAME_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first that a zip can tell
_READABLE: Final = 0o100644 << 16
_MIB: Final = 2**20


class TooBig(Exception):
    """The bot grew beyond what a cold start bears."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(
            f"The bot has {size_bytes / _MIB:.1f} MiB unzipped; {BOT_MAX_BYTES / _MIB:.0f} MiB is "
            "the most. Find out which dependency grew: infra/requirements/bot.txt."
        )


def main(arguments: list[str]) -> None:
    """Make the packages; fail when the bot is too big."""
    BUILD.mkdir(exist_ok=True)
    bot = lay_out_bot()
    zipped = zip_tree(bot, BUILD / "bot.zip")
    _say("bot.zip", f"{_mib(size_of(bot))} unzipped, {_mib(zipped.stat().st_size)} zipped")
    local = zip_tree(lay_out_local(), BUILD / "functions-local.zip")
    _say("functions-local.zip", f"{_mib(local.stat().st_size)} zipped; for the emulator only")
    if size_of(bot) > BOT_MAX_BYTES:
        raise TooBig(size_of(bot))
    if arguments != ["zips"]:
        _say("image", f"{_mib(size_of(lay_out_image()))} above its base image")


def lay_out_bot() -> Path:
    """Put bot, core and the light handlers beside the libraries that the runtime lacks."""
    tree = _emptied(BUILD / "bot")
    wanted = [
        line
        for line in (ROOT / "infra/requirements/bot.txt").read_text().splitlines()
        if line.partition("==")[0] not in RUNTIME_HAS
    ]
    pins = BUILD / "bot-without-runtime.txt"
    pins.write_text("\n".join(wanted) + "\n")
    # Pins are complete, and what they depend on must not bring boto3 back: hence --no-deps.
    _install(tree, [pins], *_FOR_RUNTIME, "--no-deps", "--no-compile")
    _copy_code(tree, light_code())
    _compile(tree, _loaded_at_start())
    return tree


def lay_out_image() -> Path:
    """Make the file tree that infra/aws/Dockerfile makes on top of its base image."""
    tree = _emptied(BUILD / "image")
    pins = [ROOT / "infra/requirements/data.txt", ROOT / "infra/aws/image-runtime.txt"]
    _install(tree, pins, *_FOR_IMAGE)
    _copy_code(tree, code_of("core", "functions"))
    for package in ("core", "functions"):
        compileall.compile_dir(tree / package, quiet=1)
    return tree


def lay_out_local() -> Path:
    """Put all our code together; its libraries are the emulator's."""
    tree = _emptied(BUILD / "functions-local")
    _copy_code(tree, code_of("bot", "core", "functions"))
    return tree


def light_code() -> Iterator[Path]:
    """Name what runs without arrays and frames."""
    yield from code_of("bot", "core")
    yield ROOT / "functions/__init__.py"
    yield ROOT / "functions/handlers/__init__.py"
    for handler in LIGHT_HANDLERS:
        yield ROOT / f"functions/handlers/{handler}.py"


def code_of(*packages: str) -> Iterator[Path]:
    """Name the modules of packages of ours."""
    for package in packages:
        yield from (ROOT / package).rglob("*.py")


def zip_tree(tree: Path, target: Path) -> Path:
    """Zip a tree so that the same files give the same bytes, whenever and by whomever."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files_of(tree):
            entry = zipfile.ZipInfo(file.relative_to(tree).as_posix(), _SAME_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is made: the mode is read as Unix's
            entry.external_attr = _READABLE
            archive.writestr(entry, file.read_bytes())
    return target


def files_of(tree: Path) -> list[Path]:
    """List the files of a tree, in the same order everywhere."""
    return sorted(path for path in tree.rglob("*") if path.is_file())


def size_of(tree: Path) -> int:
    """Add up the sizes of a tree's files."""
    return sum(file.stat().st_size for file in files_of(tree))


def _install(tree: Path, pins: Iterable[Path], *options: str) -> None:
    """Install wheels for where they will run, not for the machine that this runs on."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    listed = [f"--requirement={file}" for file in pins]
    command = [*pip, *options, f"--target={tree}", *listed]
    subprocess.run(command, check=True)  # noqa: S603 - pip of this environment, files of ours
    shutil.rmtree(tree / "bin", ignore_errors=True)  # scripts that name this machine's Python
    for record in tree.glob("*.dist-info/RECORD"):  # lists those scripts with their hashes
        record.unlink()


def _loaded_at_start() -> set[str]:
    """Name the modules that the light functions load, ours and others'."""
    entry, its_import = "bot.entry", "slack_bolt.adapter.aws_lambda"  # it connects at import
    imported = {_module_name(file) for file in light_code()} - {entry} | {its_import}
    program = f"import sys, {', '.join(sorted(imported))}; print(*sys.modules)"
    listed = subprocess.run(  # noqa: S603 - this Python, a program of ours
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {entry, *listed.stdout.split()}


def _compile(tree: Path, modules: Iterable[str]) -> None:
    """Compile what a cold start loads: from source it takes a second and a half of the three.

    Lambda's folder is read-only, so Python would compile the same modules at each cold start. The
    rest stays source, for its size. The result does not depend on when and where it was made.
    """
    if sys.version_info[:2] != PYTHON:
        _say("bot.zip", "not compiled, since this is not Python 3.11: cold starts will be slow")
        return
    for module in sorted(modules):
        stem = module.replace(".", "/")
        for source in (f"{stem}.py", f"{stem}/__init__.py"):
            if (tree / source).exists():
                py_compile.compile(
                    str(tree / source),
                    dfile=f"/var/task/{source}",
                    doraise=True,
                    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
                )


def _module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _copy_code(tree: Path, files: Iterable[Path]) -> None:
    for file in files:
        target = tree / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / _MIB:.1f} MiB"


def _say(what: str, size: str) -> None:
    sys.stdout.write(f"{what:<20} {size}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
