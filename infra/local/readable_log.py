"""How one box tells what it does: a line to read in the terminal, and everything in a file."""

import json
import logging
from collections.abc import Iterator
from io import TextIOBase
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self, TextIO, cast

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from core.domain.serving import short

_MOST_BYTES: Final = 20_000_000  # of one file
_EARLIER_FILES: Final = 4  # log.jsonl.1 is the newest of them
_IN_THE_FILE_ONLY: Final = {
    "cold_start",
    "correlation_id",
    "exception",
    "exception_name",
    "function_arn",
    "function_memory_size",
    "function_name",
    "function_request_id",
    "job_id",
    "level",
    "location",
    "message",
    "service",
    "stack_trace",
    "timestamp",
    "xray_trace_id",
}


_FOUND_BY_STANDING_WORK: Final = (
    *("channels", "partitions"),  # of a sweep
    "messages",  # of a delivery
    *("groups", "asked", "ideas_answered", "unwatched_models"),  # of people refreshed
)


class ReadableLog:
    """Sends what the functions log to a file as it is, and to a terminal as a line each.

    A function's logger is made when its library is loaded, at its first call: `follow` again then.
    A file that grew too large is put aside under a number, and the oldest of them goes.
    """

    def __init__(self, file: Path, terminal: TextIO, most_bytes: int = _MOST_BYTES) -> None:
        self._path, self._terminal, self._most_bytes = file, terminal, most_bytes
        self._one_at_a_time = Lock()

    def __enter__(self) -> Self:
        self._file = _NumberedFiles(self._path, self._most_bytes)
        self.follow()
        return self

    def __exit__(self, *_raised: object) -> None:
        for logger, structured in _loggers():
            structured.setStream(self._terminal)
            for readable in _readable(logger):
                logger.removeHandler(readable)
        self._file.close()

    def follow(self) -> None:
        """Take over the loggers that were made since the last time."""
        with self._one_at_a_time:
            for logger, structured in _loggers():
                if not _readable(logger):
                    structured.setStream(cast("TextIO", self._file))  # it is one to write to
                    readable = logging.StreamHandler(self._terminal)
                    readable.setFormatter(_OneLine(structured))
                    readable.addFilter(_is_news)
                    logger.addHandler(readable)


class _NumberedFiles(TextIOBase):
    """Writes lines to a file, and goes on in an empty one when it is full."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        super().__init__()
        self._files = RotatingFileHandler(
            path, maxBytes=most_bytes, backupCount=_EARLIER_FILES, encoding="utf-8"
        )

    def write(self, lines: str, /) -> int:
        self._files.handle(logging.makeLogRecord({"msg": lines.removesuffix("\n")}))
        return len(lines)

    def close(self) -> None:
        self._files.close()
        super().close()


class _OneLine(logging.Formatter):
    """Writes the time, what happened, and the facts of an event."""

    def __init__(self, structured: logging.Handler) -> None:
        super().__init__(datefmt="%H:%M:%S")
        self._structured = structured

    def format(self, record: logging.LogRecord) -> str:
        formatter = self._structured.formatter
        assert isinstance(formatter, LambdaPowertoolsFormatter)  # noqa: S101 - looked for below
        known: dict[str, Any] = json.loads(formatter.format(record))
        facts = ", ".join(
            f"{name.replace('_', ' ')} {_said(fact)}"
            for name, fact in known.items()
            if name not in _IN_THE_FILE_ONLY and fact not in (None, [], {}, "")
        )
        line = f"{self.formatTime(record, self.datefmt)}  {record.getMessage()}"
        return f"{line}: {facts}" if facts else line


def _is_news(record: logging.LogRecord) -> bool:
    """Leave out standing work that found nothing to do: a sweep each minute, an idle delivery."""
    found = [getattr(record, name) for name in _FOUND_BY_STANDING_WORK if hasattr(record, name)]
    return any(found) or not found


def _said(fact: object) -> str:
    if isinstance(fact, list):
        return " and ".join(_said(one) for one in fact)
    if isinstance(fact, float):
        return f"{fact:.2f}"
    text = " ".join(str(fact).split())
    return short(text) if text.startswith("ver_") else text


def _loggers() -> Iterator[tuple[logging.Logger, logging.StreamHandler[TextIO]]]:
    """List the loggers of our functions, each with the handler that writes its JSON."""
    for name in list(logging.Logger.manager.loggerDict):
        logger = logging.getLogger(name)
        for handler in logger.handlers[:]:
            if isinstance(handler, logging.StreamHandler) and isinstance(
                handler.formatter, LambdaPowertoolsFormatter
            ):
                yield logger, handler


def _readable(logger: logging.Logger) -> list[logging.Handler]:
    return [handler for handler in logger.handlers if isinstance(handler.formatter, _OneLine)]
