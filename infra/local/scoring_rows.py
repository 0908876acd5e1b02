"""`watchkeeper score`: rows of a file go through the handler that answers requests on AWS."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.domain.errors import Refusal
from core.domain.score_request import MOST_ROWS
from core.ports import Ports
from core.wiring import use
from infra.local.front_door import CallContext
from infra.local.function_call import Handler, imported_handler

_OK = 200


class NotJsonLines(Refusal):
    """A line of the file is not a JSON object."""

    def __init__(self, file: Path, line: int) -> None:
        super().__init__(f"{file}, line {line}: each line is one JSON object, a row.")
        self.line = line


class NoSuchRows(Refusal):
    """The file cannot be read."""

    def __init__(self, file: Path, reason: str | None) -> None:
        super().__init__(f"{file} cannot be read: {reason}.")


def tell_scores(model: str, file: Path, ports: Ports, say: Callable[[str], None]) -> int:
    """Print one JSON object for each prediction, then for each row that was refused.

    Returns:
        The exit code: 1 when a row, or all of them, were refused.
    """
    rows, exit_code = _rows(file), 0
    for first in range(0, len(rows), MOST_ROWS):
        answer = _answer(model, rows[first : first + MOST_ROWS], ports)
        if "error" in answer:
            say(str(answer["error"]))
            return 1
        for one in (*answer["predictions"], *answer["refused"]):
            say(json.dumps(one | {"row": one["row"] + first}))
        exit_code = 1 if answer["refused"] else exit_code
    return exit_code


@contextmanager
def quiet_handler(ports: Ports) -> Iterator[Handler]:
    """Lend the handler of requests, connected to these ports, without its lines in the log."""
    handler, log = imported_handler("score_request"), logging.getLogger("score_request")
    before = log.level
    log.setLevel(logging.WARNING)
    use(ports)
    try:
        yield handler
    finally:
        use(None)
        log.setLevel(before)


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NoSuchRows(file, error.strerror) from error
    except UnicodeDecodeError as error:
        raise NotJsonLines(file, 1) from error
    return [_row(file, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _row(file: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise NotJsonLines(file, number) from error
    if not isinstance(row, dict):
        raise NotJsonLines(file, number)
    return row


def _answer(model: str, rows: list[dict[str, Any]], ports: Ports) -> dict[str, Any]:
    with quiet_handler(ports) as answer_to:
        event = {"body": json.dumps({"model": model, "rows": rows})}
        answer = answer_to(event, CallContext("score_request"))
    body: dict[str, Any] = json.loads(answer["body"])
    return body
