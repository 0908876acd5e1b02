"""A file of rows is answered on the command line."""

import json
from pathlib import Path

import pytest

from infra.local.scoring_rows import NoSuchRows, NotJsonLines, tell_scores
from tests.scenarios.test_a_request_of_rows.requested import ROWS
from tests.watched_model import WatchedModel


def test_a_file_of_rows_is_answered_on_the_command_line(
    watched: WatchedModel, tmp_path: Path
) -> None:
    file, said = tmp_path / "rows.jsonl", list[str]()
    file.write_text("\n".join(json.dumps(row) for row in [*ROWS, {"distance": 1}]))

    exit_code = tell_scores("flights", file, watched.ports, said.append)

    first, second, refused = (json.loads(line) for line in said)
    assert (first["id"], second["id"], refused["row"]) == ("a", "b", 2)
    assert exit_code == 1


@pytest.mark.parametrize("line", ["{", "[]", "7"])
def test_a_line_that_is_no_row_is_refused_in_words(
    watched: WatchedModel, tmp_path: Path, line: str
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{json.dumps(ROWS[0])}\n{line}")

    with pytest.raises(NotJsonLines, match="line 2: each line is one JSON object"):
        tell_scores("flights", file, watched.ports, print)


def test_a_file_that_is_not_there_is_said_to_be_missing(
    watched: WatchedModel, tmp_path: Path
) -> None:
    with pytest.raises(NoSuchRows, match=r"rows\.jsonl cannot be read: No such file"):
        tell_scores("flights", tmp_path / "rows.jsonl", watched.ports, print)


def test_a_model_that_is_unknown_is_a_sentence_on_the_command_line(
    watched: WatchedModel, tmp_path: Path
) -> None:
    file, said = tmp_path / "rows.jsonl", list[str]()
    file.write_text(json.dumps(ROWS[0]))

    assert tell_scores("nobody", file, watched.ports, said.append) == 1

    assert said == ["I know no model named `nobody`. In force: `flights`."]
