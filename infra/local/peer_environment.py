"""Where the benches keep things, and environments for programs that want other versions."""

import json
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CACHE: Final = ROOT / ".bench"

_VERSIONS: Final = """
import json, sys
from importlib.metadata import version
print(json.dumps({name: version(name) for name in sys.argv[1:]}))
"""


@dataclass(frozen=True)
class PeerEnvironment:
    """A virtual environment for a peer, made once in a cache folder."""

    name: str
    requires: tuple[str, ...]
    alone: tuple[str, ...] = ()
    """Installed without what they depend on: for peers that ask for gigabytes they do not use."""

    def python(self, cache: Path) -> Path:
        """Return its Python; make the environment unless it is there as it is described now."""
        folder = cache / "environments" / self.name
        python, stamp = folder / "bin" / "python", folder / "made-of.json"
        made_of = json.dumps([self.requires, self.alone])
        if not stamp.exists() or stamp.read_text() != made_of:
            venv.create(folder, clear=True, with_pip=bool(self.requires or self.alone))
            if self.requires:
                self._install(python, *self.requires)
            if self.alone:
                self._install(python, "--no-deps", *self.alone)
            stamp.write_text(made_of)
        return python

    def _install(self, python: Path, *what: str) -> None:
        pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        subprocess.run((*pip, *what), check=True)  # noqa: S603 - pip of the environment just made


def versions(python: Path | str, packages: tuple[str, ...]) -> dict[str, str]:
    """Say which versions of some packages a Python has."""
    program = (str(python), "-c", _VERSIONS, *packages)
    listed = subprocess.run(program, check=True, capture_output=True)  # noqa: S603 - the text above
    said: dict[str, str] = json.loads(listed.stdout)
    return said


def this_python() -> Path:
    """Return the Python that runs now."""
    return Path(sys.executable)
