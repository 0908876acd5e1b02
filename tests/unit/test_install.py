"""How `make demo` shows that it installs."""

import io
import sys
from pathlib import Path

import pytest

from infra.requirements.install import bar, main, pins


def test_packages_are_counted_and_comments_and_options_are_not() -> None:
    assert pins("# a word\n-c other.txt\n\nrich==15.0\nnumpy==2.3 ; python_version > '3'\n") == [
        "rich==15.0",
        "numpy==2.3 ; python_version > '3'",
    ]


def test_the_bar_grows_to_its_full_length_and_not_beyond() -> None:
    assert bar(0, 10, 0.4) == f"[{' ' * 40}]   0%    0 s"
    assert bar(5, 10, 3.0) == f"[{'=' * 20}{' ' * 20}]  50%    3 s"
    assert bar(12, 10, 61.0) == f"[{'=' * 40}] 100%   61 s"
    assert bar(0, 0, 0.0).endswith("0%    0 s")


def a_pip(says: str, code: int = 0) -> list[str]:
    return [sys.executable, "-c", f"print({says!r}); raise SystemExit({code})"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text("rich==15.0\n")
    return file


def test_the_log_of_a_build_stays_empty_when_all_goes_well(file: Path) -> None:
    log = io.StringIO()

    assert main(file, log, a_pip("Collecting rich")) == 0

    assert log.getvalue() == ""


def test_when_it_fails_its_last_words_and_its_exit_code_are_handed_on(file: Path) -> None:
    log = io.StringIO()

    assert main(file, log, a_pip("No matching distribution found", 3)) == 3

    assert log.getvalue() == "No matching distribution found\n"


def test_a_terminal_is_clean_again_at_the_end(file: Path) -> None:
    terminal = Terminal()

    assert main(file, terminal, a_pip("Collecting rich")) == 0

    assert terminal.getvalue().split("\r")[-2:] == [" " * 54, ""]
