"""The secrets of one box: files that only their owner can read."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from core.adapters.folder.atomic import write_once
from core.config import OneBoxSettings, Secrets, WrongSettings

_OTHERS: Final = 0o077  # the permission bits of the group and of everybody else
_BITS: Final = 256


def folder_secrets(settings: OneBoxSettings, random_bits: Callable[[int], int]) -> Secrets:
    """Take the secrets that are given, read the others, and make those that are not there yet.

    Raises:
        WrongSettings: others can read a secret's file.
    """

    def kept(name: str, beginning: str = "") -> SecretStr:
        path = settings.secrets_folder / name
        if not path.exists():
            write_once(path, f"{beginning}{random_bits(_BITS):064x}".encode())
        return _read(path)

    return Secrets(
        slack_bot_token=settings.slack_bot_token or kept("slack_bot_token", "xoxb-"),
        slack_signing_secret=settings.slack_signing_secret or kept("slack_signing_secret"),
        artefact_key=kept("artefact_key"),
        slack_app_token=settings.slack_app_token,
    )


def _read(path: Path) -> SecretStr:
    if path.stat().st_mode & _OTHERS:
        raise WrongSettings(f"others can read {path}; `chmod 600` it and change the secret")
    return SecretStr(path.read_text().strip())
