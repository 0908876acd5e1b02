"""AWS on this machine: starts ministack on loopback, with IAM enforced, and stops it again."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

_HOST: Final = "127.0.0.1"
_REGION: Final = "eu-central-1"
_ROOT_KEY: Final = "test"  # the emulator's own root, which may do everything; functions have roles
_STARTS_WITHIN_S: Final = 30
_STOPS_WITHIN_S: Final = 20
_LOOKS_EVERY_S: Final = 0.05
_PROGRAM: Final = ("-m", "ministack")


class DidNotStart(Exception):
    """The emulator ended, or never answered."""

    def __init__(self, log: str) -> None:
        super().__init__(f"The emulator did not start. It said:\n{log}")


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    endpoint: str
    log: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a program must find in its environment to talk to the emulator as its root."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": _ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": _ROOT_KEY,
            "AWS_REGION": _REGION,
            "AWS_DEFAULT_REGION": _REGION,
        }

    def function_url(self, url: str) -> str:
        """Turn the address of a function URL into one that reaches it on this machine."""
        host = url.split("/")[2]
        return f"{self.endpoint}/_aws/lambda-url/{host.split('.')[0]}/"


@contextmanager
def emulated_aws(program: Sequence[str] = _PROGRAM) -> Iterator[Emulator]:
    """Lend an empty AWS; all that it kept is gone afterwards.

    Functions run in this Python's own environment, so that they find their libraries there.

    Args:
        program: what this Python runs as the emulator; its folder is that of the log.

    Raises:
        DidNotStart: it ended early, or did not answer in time.
    """
    with TemporaryDirectory(prefix="emulator-") as folder:
        port = _free_port()
        emulator = Emulator(f"http://{_HOST}:{port}", Path(folder, "log.txt"))
        with emulator.log.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - this Python, and what our own code names
                [sys.executable, *program],
                env=_environment(folder, port),
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            _await_health(emulator, process)
            yield emulator
        finally:
            _stop(process)


def _environment(folder: str, port: int) -> dict[str, str]:
    """Say all that the emulator needs; nothing of ours leaks into it and its functions."""
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}",
        "HOME": folder,
        "TMPDIR": folder,  # it leaves the code of functions there
        "STATE_DIR": f"{folder}/state",
        "S3_DATA_DIR": f"{folder}/s3",
        "BIND_HOST": _HOST,
        "MINISTACK_HOST": _HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": _REGION,
        "LAMBDA_EXECUTOR": "local",
        "IOT_MTLS_ENABLED": "0",  # would listen on every interface
        "AUTH": "true",  # a function may do what its role allows, and nothing else
        "AWS_ACCESS_KEY_ID": _ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": _ROOT_KEY,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _await_health(emulator: Emulator, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        if _is_healthy(emulator):
            return
        time.sleep(_LOOKS_EVERY_S)
    raise DidNotStart(emulator.log.read_text(errors="replace"))


def _is_healthy(emulator: Emulator) -> bool:
    try:
        with urlopen(f"{emulator.endpoint}/_ministack/health", timeout=1) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own number
    except (URLError, OSError):
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
