"""What a person types at a terminal: the command line, in this process."""

import sys

import pytest

from infra.local import cli


def ran(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Type a command; returns the code with which it ended."""
    monkeypatch.setattr(sys, "argv", ["watchkeeper", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> str:
    """Type a command that works; returns what it prints."""
    code = ran(monkeypatch, *words)
    said = capsys.readouterr()
    assert code == 0, said.err
    return said.out
