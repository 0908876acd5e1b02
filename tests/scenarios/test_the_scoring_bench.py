from typer import Typer
from typer.testing import CliRunner

from infra.local.function_call import imported_handler
from infra.local.score_bench.__main__ import main

imported_handler("score_request")  # its log keeps the stdout of now: CliRunner closes its own


def test_scoring_is_measured_beside_read_predict_and_write() -> None:
    app = Typer()
    app.command()(main)

    result = CliRunner().invoke(app, ["--rows", "0.5", "--runs", "1", "--requests", "3"])

    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    assert "3 warm requests of 100 rows: p50" in words
    cells = [[cell.strip() for cell in line.split("│")] for line in result.output.splitlines()]
    rows = [line for line in cells if "500" in line]
    assert [row[2] for row in rows] == ["wall", "processor"]
    assert all(float(row[5]) > 0 for row in rows)
