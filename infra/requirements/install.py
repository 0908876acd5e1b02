"""Install a requirements file with pip and show how far it is; nothing but Python is there yet."""  # noqa: INP001 - a script

import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Final, TextIO

_WIDTH: Final = 40
_DRAW_EACH_S: Final = 0.2
_COLLECTED: Final = ("Collecting ", "Requirement already satisfied: ")
_SHOWN_OF_A_FAILURE: Final = 20  # lines of pip's output


_PIP: Final = (
    *(sys.executable, "-m", "pip", "install", "--disable-pip-version-check"),
    *("--progress-bar=off", "--requirement"),
)


def main(file: Path, terminal: TextIO, pip: Sequence[str] = _PIP) -> int:
    """Install what the file pins, and return pip's exit code.

    In a terminal a bar counts each package twice, once fetched and once installed; elsewhere, in
    the log of a build, nothing is drawn. What pip says is shown when it fails.
    """
    before, said = _installed(), list[str]()

    def done() -> int:
        return sum(line.startswith(_COLLECTED) for line in said) + _installed() - before

    code = 0
    with _drawn(done, 2 * len(pins(file.read_text())), terminal):
        for command in (*_pip_itself(), [*pip, str(file)]):
            code = code or _heard(command, said)
    if code:
        terminal.writelines(said[-_SHOWN_OF_A_FAILURE:])
    return code


def _heard(command: Sequence[str], said: list[str]) -> int:
    """Run a command, note what it says line by line, and return its exit code."""
    with subprocess.Popen(  # noqa: S603 - pip itself, on a file of ours
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        said.extend(iter(running.stdout or ()))
    return running.returncode


def _pip_itself() -> list[list[str]]:
    """Say how to get pip where an environment was made without it, to show how that goes too."""
    if find_spec("pip") is not None:
        return []
    return [[sys.executable, "-m", "ensurepip", "--default-pip"]]


def pins(requirements: str) -> list[str]:
    """List the packages that a requirements file names."""
    lines = (line.strip() for line in requirements.splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def bar(done: int, total: int, took_s: float) -> str:
    """Draw how much is done; more than all counts as all."""
    share = min(done / max(total, 1), 1.0)
    full = int(share * _WIDTH)
    return f"[{'=' * full}{' ' * (_WIDTH - full)}] {share:4.0%} {took_s:4.0f} s"


def _installed() -> int:
    return len(list(Path(sysconfig.get_path("purelib")).glob("*.dist-info")))


@contextmanager
def _drawn(done: Callable[[], int], total: int, terminal: TextIO) -> Iterator[None]:
    """Draw the bar anew a few times a second, and wipe it away at the end."""
    if not terminal.isatty():
        yield
        return
    is_over, began_s = Event(), monotonic()

    def draw() -> None:
        while not is_over.wait(_DRAW_EACH_S):
            terminal.write(f"\r{bar(done(), total, monotonic() - began_s)}")
            terminal.flush()

    drawing = Thread(target=draw, daemon=True)
    drawing.start()
    try:
        yield
    finally:
        is_over.set()
        drawing.join()
        terminal.write(f"\r{' ' * len(bar(total, total, 0))}\r")
        terminal.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.stderr))
