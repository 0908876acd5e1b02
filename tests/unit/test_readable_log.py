import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_lambda_powertools import Logger

from infra.local.readable_log import ReadableLog


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[io.StringIO]:
    terminal = io.StringIO()
    with ReadableLog(tmp_path / "log.jsonl", terminal) as log:
        Logger(service="score_of_the_test").thread_safe_clear_keys()  # of what ran in this thread
        log.follow()
        log.follow()  # as before the next call
        yield terminal


def test_an_event_is_one_line_that_a_person_can_read(terminal: io.StringIO) -> None:
    logger = Logger(service="score_of_the_test")
    logger.append_keys(model="flights")

    logger.info(
        "scored", decision="scored", versions=["ver_0123456789ab", "ver_ba98"], share=0.987654
    )

    [line] = terminal.getvalue().splitlines()
    said = "scored: model flights, decision scored, versions 01234567 and ba98, share 0.99"
    assert line.split("  ", 1)[1] == said


def test_the_file_keeps_all_of_it(terminal: io.StringIO, tmp_path: Path) -> None:
    mistake = KeyError("model")

    Logger(service="score_of_the_test").warning("job failed", reason="a", exc_info=mistake)

    [line] = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["exception_name"] == "KeyError"
    assert terminal.getvalue().endswith("  job failed: model flights, reason a\n")


def test_a_file_that_is_full_is_put_aside_and_the_oldest_one_goes(tmp_path: Path) -> None:
    logger = Logger(service="writes_a_lot")
    with ReadableLog(tmp_path / "log.jsonl", io.StringIO(), most_bytes=1_000) as log:
        log.follow()
        for turn in range(100):
            logger.info("scored", turn=turn)

    names = sorted(file.name for file in tmp_path.iterdir())
    newest = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert names == ["log.jsonl", *(f"log.jsonl.{number}" for number in range(1, 5))]
    assert newest[-1]["turn"] == 99
    assert all(file.stat().st_size <= 1_000 for file in tmp_path.iterdir())


def test_a_sweep_that_found_nothing_is_no_news(terminal: io.StringIO) -> None:
    logger = Logger(service="score_of_the_test")
    logger.info("swept", channels=[], partitions=[])
    logger.info("swept", channels=["C0ALERTS"], partitions=[])
    logger.info("swept", channels=[], partitions=["flights 2013-02-08"])

    [channel, partition] = terminal.getvalue().splitlines()
    assert "swept: model flights, channels C0ALERTS" in channel
    assert "swept: model flights, partitions flights 2013-02-08" in partition


def test_an_idle_delivery_and_an_hourly_look_at_people_are_no_news(
    terminal: io.StringIO, tmp_path: Path
) -> None:
    logger = Logger(service="score_of_the_test")
    logger.info("delivered", channel="C0ALERTS", messages=0)
    logger.info("people refreshed", groups=0, asked=0, ideas_answered=0, unwatched_models=0)
    logger.info("delivered", channel="C0ALERTS", messages=2)
    logger.info("people refreshed", groups=0, asked=1, ideas_answered=0, unwatched_models=0)

    delivered, refreshed = terminal.getvalue().splitlines()
    assert delivered.endswith("messages 2")
    assert "asked 1" in refreshed
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 4


def test_at_the_end_the_functions_log_to_the_terminal_as_before(tmp_path: Path) -> None:
    logger, terminal = Logger(service="outlives_the_box"), io.StringIO()
    with ReadableLog(tmp_path / "log.jsonl", terminal):
        pass

    logger.info("scored")

    assert json.loads(terminal.getvalue())["message"] == "scored"
    assert (tmp_path / "log.jsonl").read_text() == ""
