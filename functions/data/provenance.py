"""What made a number: the source of our own code, and the libraries under it."""

import inspect
import platform
from importlib import import_module
from importlib.metadata import version
from typing import Final

from core.domain.ids import content_hash

_LIBRARIES: Final = ("numpy", "pandas", "pyarrow", "scikit-learn", "scipy", "skops")


def environment() -> dict[str, str]:
    """Name the versions of Python and of the libraries that have a say in the numbers."""
    return {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}


def source_hash(*modules: str) -> str:
    """Name code by its source: the same on every machine, and other as soon as a line changes."""
    sources = (inspect.getsource(import_module(name)) for name in modules)
    return content_hash("\n".join(sources).encode())
