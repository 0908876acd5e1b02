import json
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from core.adapters.folder.objects import FolderObjects
from core.domain.finding import Kind
from core.domain.model_config import ModelConfig
from core.domain.verdict import Basis, Blame, ErrorClass, Severity, Verdict
from functions.flows.backtest import Checked, TooShort, backtest
from functions.flows.checking.trace import Trace
from functions.ml.checking.explain import usual_span
from infra.local.backtest_pictures import alert_picture, period_picture
from infra.local.backtesting import NoPictures, tell_backtest
from tests.builders import a_config
from tests.checked_model import flights
from tests.watched_model import day, parquet_of

CONFIG = a_config(training={**a_config().training.model_dump(), "window_days": 14})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty days; on the 17th distances are in metres, on the 18th a column is missing."""
    for ahead in range(20):
        frame = flights(day(ahead))
        if ahead == 16:
            frame = frame.assign(distance=frame["distance"] * 1609)
        if ahead == 17:
            frame = frame.drop(columns="distance")
        put(tmp_path / "features", day(ahead), parquet_of(frame))
    return tmp_path / "features"


def put(folder: Path, name: str, body: bytes) -> None:
    place = folder / f"dt={name}"
    place.mkdir(parents=True)
    (place / "part-0.parquet").write_bytes(body)


def test_each_alert_is_told_and_their_number(folder: Path) -> None:
    said: list[str] = []

    tell_backtest(CONFIG, folder, said.append, as_json=False)

    assert [line.split()[0] for line in said[:-1]] == [day(16), day(17)]
    assert said[1].endswith("`distance` is missing")
    assert said[-1].startswith("With this config you would have had 2 alerts in 6 partitions")


def test_a_folder_above_the_features_will_do_too(folder: Path) -> None:
    (folder.parent / "flights").mkdir()
    folder.rename(folder.parent / "flights/features")
    of_model, of_all = list[str](), list[str]()

    tell_backtest(CONFIG, folder.parent / "flights", of_model.append, as_json=False)
    tell_backtest(CONFIG, folder.parent, of_all.append, as_json=False)

    assert of_model == of_all
    assert of_model[-1].startswith("With this config you would have had 2 alerts in 6 partitions")


def test_programs_get_one_object_for_each_partition(folder: Path) -> None:
    said: list[str] = []

    tell_backtest(CONFIG, folder, said.append, as_json=True)

    told = [json.loads(line) for line in said]
    assert [one["partition"] for one in told] == [day(ahead) for ahead in range(14, 20)]
    assert [one["severity"] != "ok" for one in told] == [False, False, True, True, False, False]


def test_what_moved_for_good_alerts_until_it_is_adopted(tmp_path: Path) -> None:
    for ahead in range(30):
        frame = flights(day(ahead))
        if ahead >= 16:
            frame = frame.assign(distance=frame["distance"] * 1.6)
        put(tmp_path / "features", day(ahead), parquet_of(frame))
    said: list[str] = []

    tell_backtest(CONFIG, tmp_path / "features", said.append, as_json=False)

    alerted = [line.split()[0] for line in said[:-1]]
    assert day(16) in alerted
    assert day(29) not in alerted


def test_too_few_partitions_are_refused_with_both_numbers(folder: Path) -> None:
    long = a_config(training={**CONFIG.training.model_dump(), "window_days": 60})

    with pytest.raises(TooShort, match="20 partitions, but 60 are learned from"):
        tell_backtest(long, folder, print, as_json=True)


def traced(
    tmp_path: Path, spoil: Callable[[pd.DataFrame], pd.DataFrame], config: ModelConfig = CONFIG
) -> tuple[Checked, Trace | None]:
    """Backtest twenty days of which the last is spoilt; returns the last, and its trace."""
    for ahead in range(20):
        frame = flights(day(ahead))
        put(tmp_path / "features", day(ahead), parquet_of(spoil(frame) if ahead == 19 else frame))
    *_, last = backtest(config, "features", FolderObjects(tmp_path))
    return last, last.trace


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda rows: rows.assign(distance=rows["distance"].mask(rows.index < 90)), Kind.NULLS),
        (lambda rows: rows.assign(distance=rows["distance"] * -1), Kind.NEGATIVE),
        (lambda rows: rows.assign(distance=rows["distance"] * 1.4), Kind.HIGH),
        (lambda rows: rows.assign(distance=500.0), Kind.PEAK),
        (lambda rows: rows.assign(distance=rows["distance"].iloc[:40].tolist() * 5), Kind.DISTINCT),
        (lambda rows: rows.assign(carrier=rows["carrier"].replace("AA", "UA")), Kind.SHAPE),
        (lambda rows: rows.assign(carrier="XX"), Kind.UNSEEN),
        (lambda rows: rows.assign(carrier="UA"), Kind.PEAK),
        (lambda rows: rows.assign(flight_id=rows["flight_id"].iloc[0]), Kind.DUPLICATES),
        (lambda rows: rows.head(60), Kind.ROWS),
    ],
)
def test_an_alert_is_traced_back_to_the_number_it_names(
    tmp_path: Path, spoil: Callable[[pd.DataFrame], pd.DataFrame], kind: Kind
) -> None:
    last, trace = traced(tmp_path, spoil)

    assert trace is not None, last.verdict
    assert trace.finding.kind is kind
    assert trace.finding.sentence == last.verdict.blamed[0].sentence
    assert trace.partitions[-1] == last.partition
    assert len(trace.partitions) == len(trace.numbers)
    assert trace.numbers[-1] == pytest.approx(trace.finding.seen)
    assert usual_span(trace.numbers[:-1]) == pytest.approx(trace.finding.usual)


def test_what_is_no_number_and_what_is_sensitive_has_no_trace(tmp_path: Path) -> None:
    _, missing = traced(tmp_path / "a", lambda rows: rows.drop(columns="distance"))
    hidden = CONFIG.model_copy(update={"sensitive": ("distance",)})
    last, sensitive = traced(
        tmp_path / "b", lambda rows: rows.assign(distance=rows["distance"] * 1.4), hidden
    )

    assert last.verdict.blamed[0].column == "distance"
    assert (missing, sensitive) == (None, None)


def test_each_alert_gets_a_picture_and_the_whole_another(folder: Path, tmp_path: Path) -> None:
    said: list[str] = []

    tell_backtest(CONFIG, folder, said.append, as_json=False, plots=tmp_path / "new/pictures")

    drawn = {file.name: file.read_bytes() for file in (tmp_path / "new/pictures").iterdir()}
    assert set(drawn) == {"period.png", f"{day(16)}.png", f"{day(17)}.png"}
    assert all(body.startswith(b"\x89PNG") for body in drawn.values())
    assert (
        said[-1] == f"3 pictures are in {tmp_path / 'new/pictures'}, the whole of it in period.png."
    )


def test_a_picture_of_an_alert_shows_its_sentence_its_number_and_what_is_usual(
    tmp_path: Path,
) -> None:
    last, trace = traced(tmp_path, lambda rows: rows.assign(distance=rows["distance"] * 1.4))
    assert trace is not None

    [axes] = alert_picture([last]).axes

    assert (
        axes.get_title(loc="left") == f"{last.partition}: {last.verdict.sentence.replace('`', '')}"
    )
    before, alert = axes.lines
    assert np.asarray(before.get_ydata()).tolist() == trace.numbers[:-1].tolist()
    assert np.asarray(alert.get_ydata()).tolist() == [pytest.approx(trace.finding.seen)]
    [usual] = axes.patches
    assert usual.get_window_extent().transformed(axes.transData.inverted()).y0 == pytest.approx(
        (trace.finding.usual or (0.0, 0.0))[0]
    )
    assert axes.get_ylabel() == "distance: largest value"


def a_check(ahead: int, error_class: ErrorClass | None = None, score: float = 0.3) -> Checked:
    blame = Blame(column="$x$", score=score, error_class=ErrorClass.SOFT, sentence="`$x$` is odd")
    verdict = Verdict(
        basis=Basis.REFERENCE,
        error_class=error_class,
        severity=Severity.of(error_class),
        score=score,
        blamed=(blame,) if error_class else (),
    )
    return Checked(day(ahead), 100, {}, verdict)


def test_the_picture_of_the_whole_names_each_alert_by_its_date_and_no_names_overlap() -> None:
    broken = {3: ErrorClass.SOFT, 40: ErrorClass.HARD, 42: ErrorClass.DRIFT, 43: ErrorClass.SOFT}
    checks = [
        a_check(ahead, broken.get(ahead), 40.0 if ahead in broken else 0.3) for ahead in range(300)
    ]

    figure = period_picture("flights", checks)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()

    [axes] = figure.axes
    names = [text for text in axes.texts if text.get_text() != "limit"]
    assert [name.get_text() for name in names] == ["4 Jan", "10 Feb", "12 Feb", "13 Feb"]
    boxes = [name.get_window_extent() for name in names]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(axes.get_window_extent().x0 <= box.x0 for box in boxes)
    legend = axes.get_legend()
    assert legend is not None
    shown = [text.get_text() for text in legend.get_texts()]
    assert shown == ["nothing unusual", "hard", "soft", "drift"]


def test_a_quiet_time_is_a_picture_too(tmp_path: Path) -> None:
    figure = period_picture("flights", [a_check(ahead) for ahead in range(3)])

    figure.savefig(tmp_path / "quiet.png")

    assert figure.axes[0].get_title(loc="left").startswith("flights: 0 alerts in 3 partitions")


def test_an_alert_that_names_no_number_is_shown_by_its_score(tmp_path: Path) -> None:
    figure = alert_picture([a_check(0), a_check(1, ErrorClass.HARD, 1000.0)])

    figure.savefig(tmp_path / "alert.png")  # what looks like a formula is written as it is

    assert figure.axes[0].get_title(loc="left") == f"{day(1)}: $x$ is odd"
    assert figure.axes[0].get_ylabel() == "score, 1 is the limit"


def test_without_the_library_a_person_is_told_how_to_get_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delitem(sys.modules, "infra.local.backtest_pictures")
    for name in [module for module in sys.modules if module.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    said: list[str] = []

    with pytest.raises(NoPictures, match=r"python\S* -m pip install matplotlib$"):
        tell_backtest(CONFIG, folder, said.append, as_json=False, plots=tmp_path / "pictures")

    assert not said


def test_what_goes_on_is_told_but_not_counted_again(tmp_path: Path) -> None:
    for ahead in range(18):
        frame = flights(day(ahead))
        if ahead >= 16:
            frame = frame.assign(distance=frame["distance"] * 1.6)
        put(tmp_path / "features", day(ahead), parquet_of(frame))
    said: list[str] = []
    told: list[str] = []

    tell_backtest(CONFIG, tmp_path / "features", said.append, as_json=False)
    tell_backtest(CONFIG, tmp_path / "features", told.append, as_json=True)

    assert said[1].endswith(f"(goes on since {day(16)}: no alert of its own)")
    assert said[-1].startswith("With this config you would have had 1 alert in 4 partitions")
    assert [json.loads(one)["goes_on_since"] for one in told] == [None, None, None, day(16)]
