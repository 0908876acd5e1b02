"""`watchkeeper score`: rows of a file go through the handler that answers requests on AWS."""

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.domain.errors import Refusal
from core.domain.score_request import MOST_ROWS
from core.ports import Ports
from core.wiring import use
from infra.local.front_door import CallContext
from infra.local.function_call import imported_handler

_OK = 200


class NotJsonLines(Refusal):
    """A line of the file is not a JSON object."""

    def __init__(self, file: Path, line: int) -> None:
        super().__init__(f"{file}, line {line}: each line is one JSON object, a row.")
        self.line = line


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


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
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
    answer_to, logs = imported_handler("score_request"), logging.getLogger("score_request")
    for stream in logs.handlers:
        if isinstance(stream, logging.StreamHandler):
            stream.setStream(sys.stderr)  # answers alone are printed
    use(ports)
    try:
        event = {"body": json.dumps({"model": model, "rows": rows})}
        answer = answer_to(event, CallContext("score_request"))
    finally:
        use(None)
    body: dict[str, Any] = json.loads(answer["body"])
    return body
