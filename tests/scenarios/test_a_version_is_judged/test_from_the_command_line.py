"""Filing, judging and repeating from the command line."""

from datetime import timedelta

import pytest

from core.domain.serving import short
from core.wiring import use
from tests.scenarios.test_a_version_is_judged.judging import (
    NUMBER,
    ROW,
    judged_by,
    retrained,
    two_versions,
    was_made_with,
)
from tests.terminal import printed, ran
from tests.trained import evaluations
from tests.watched_model import WatchedModel


def test_a_person_files_a_row_and_judges_a_version_from_the_command_line(
    watched: WatchedModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = two_versions(watched)
    use(watched.ports)
    watched.now += timedelta(minutes=1)

    filed = printed(monkeypatch, capsys, "flag", "flights", ROW[:10], ROW, "--label", "1")
    said = printed(monkeypatch, capsys, "evaluate", "flights", short(second.version))
    newest = evaluations(watched, second.version)[-1]
    repeated = printed(monkeypatch, capsys, "evaluate", "flights", newest.id)

    assert filed == f"`{ROW}` of 2013-01-10 is filed: later versions are judged by it.\n"
    assert f"version {short(second.version)} beside champion {short(first.version)}" in said
    assert "Brier score" in said
    assert "better by" in said
    assert "filed failures (1 row)" in said
    assert said.splitlines() == repeated.splitlines()[:-1]
    assert repeated.splitlines()[-1] == "Repeated: the same numbers."


def test_a_version_that_cannot_be_judged_is_refused_on_the_command_line(
    watched: WatchedModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.lived_through(12)
    version = retrained(watched).version
    was_made_with(watched, version, NUMBER)
    use(watched.ports)

    code = ran(monkeypatch, "evaluate", "flights", version)

    assert code == 1
    assert "an open alert of `flights` says why" in capsys.readouterr().err


def test_who_repeats_an_evaluation_hears_that_the_evaluator_has_changed(
    watched: WatchedModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.lived_through(12)
    evaluation = retrained(watched)
    watched.apply(judged_by(cut=0.4))
    use(watched.ports)

    said = printed(monkeypatch, capsys, "evaluate", "flights", evaluation.id)

    assert said.splitlines()[-2].startswith("The evaluator has changed since")
    assert said.splitlines()[-1] == "Repeated: *other* numbers."


@pytest.mark.parametrize("name", ["evl_x", "ver_x"])
def test_what_nobody_knows_is_refused_on_the_command_line(
    watched: WatchedModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    use(watched.ports)

    code = ran(monkeypatch, "evaluate", "flights", name)

    assert code == 1
    assert f"named `{name}`" in capsys.readouterr().err
