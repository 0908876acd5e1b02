import json
from pathlib import Path

import pytest

from core.adapters.slack.actions import MORE, REPORT_CHOICE, MenuChoice
from core.domain.incident import Incident
from core.domain.model_config import InForce
from core.wiring import use
from tests.builders import ADA, an_alert
from tests.scenarios.scene import Scene
from tests.terminal import ran

pytestmark = pytest.mark.usefixtures("handed_over")

FLIGHTS = Path(__file__).parents[2] / "infra/models/flights.yaml"


def test_a_good_config_is_called_good(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, "validate", str(FLIGHTS)) == 0

    assert "good. `flights`, 17 columns" in capsys.readouterr().out


def test_a_bad_config_is_refused_in_words_and_not_with_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "model.yaml"
    file.write_text("modle: flights")

    assert ran(monkeypatch, "validate", str(file)) == 1

    said = capsys.readouterr().err
    assert f"{file}: modle: unknown key; did you mean `model`?" in said
    assert "Traceback" not in said


def test_a_config_that_cannot_be_trained_is_refused_before_it_is_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "model.yaml"
    file.write_text(FLIGHTS.read_text().replace("HistGradientBoostingClassifier", "Oracle"))

    assert ran(monkeypatch, "validate", str(file)) == 1

    assert "Oracle" in capsys.readouterr().err


def test_a_config_that_is_applied_is_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], scene: Scene
) -> None:
    assert ran(monkeypatch, "apply", str(FLIGHTS)) == 0
    assert ran(monkeypatch, "apply", str(FLIGHTS)) == 0

    said = capsys.readouterr().out.splitlines()
    first, second = (line for line in said if not line.startswith("Note: "))
    assert first.endswith("is in force now")
    assert second.endswith("was in force already")
    in_force = scene.ports.records.get(InForce, "flights")
    assert in_force is not None
    assert len(in_force.config.columns) == 17


def test_the_schema_is_printed_for_editors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, "schema") == 0

    assert json.loads(capsys.readouterr().out)["title"] == "ModelConfig"


def test_a_report_is_printed_as_markdown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], scene: Scene
) -> None:
    scene.raised(an_alert())
    scene.click(MORE, ADA, choice=MenuChoice(alert=an_alert().id, choice=REPORT_CHOICE))
    scene.slack.submit(ADA.id)
    [incident] = scene.ports.records.query(Incident, "incidents:flights")

    assert ran(monkeypatch, "report", incident.id) == 0

    assert capsys.readouterr().out.startswith("# flights on 2013-02-08")


def test_the_contract_of_a_model_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, "contract", "flights") == 0
    assert "What the data of `flights` must keep" in capsys.readouterr().out

    assert ran(monkeypatch, "contract", "ferries") == 1
    assert "I know no model named `ferries`." in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    use(None)
    (tmp_path / "file").touch()
    monkeypatch.setenv("WATCHKEEPER_FOLDER", str(tmp_path / "file/watch"))

    assert ran(monkeypatch, "versions", "flights") == 1

    assert capsys.readouterr().err == f"{tmp_path}/file/watch cannot be used: Not a directory.\n"


def test_a_report_that_nobody_wrote_is_said_to_be_unknown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, "report", "inc_0") == 1

    assert "I know no incident named `inc_0`." in capsys.readouterr().err
