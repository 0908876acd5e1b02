import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets
from sklearn.utils import Bunch

from core.adapters.folder.objects import FolderObjects
from core.domain.data_config import Complete
from core.domain.errors import OpsError
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from functions.data.training_set import collect
from functions.flows.backtest import backtest
from infra.local.config_file import read_config
from infra.local.first_config.telling import tell_first_config
from tests.builders import NOON
from tests.watched_model import FIRST_DAY

DAYS = [days_before(FIRST_DAY, -ahead) for ahead in range(30)]
Write = Callable[[pd.DataFrame, Path], None]


def as_csv(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_csv(folder / "part-0.csv", index=False)


def as_csv_gz(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_csv(folder / "part-0.csv.gz", index=False)


def as_json_lines(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_json(folder / "part-0.jsonl", orient="records", lines=True)


def as_json_lines_gz(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_json(folder / "part-0.jsonl.gz", orient="records", lines=True)


def as_parquet(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_parquet(folder / "part-0.parquet", index=False)


def put(rows: pd.DataFrame, folder: Path, day: str, write: Write = as_csv) -> None:
    place = folder / f"dt={day}"
    place.mkdir(parents=True, exist_ok=True)
    write(rows, place)


def orders(day: str, rows: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(DAYS.index(day))
    at = pd.Timestamp(day) + pd.to_timedelta(np.sort(rng.integers(0, 86_400, rows)), unit="s")
    return pd.DataFrame(
        {
            "order_no": [f"{day}-{i}" for i in range(rows)],
            "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "amount": rng.gamma(2, 10, rows).round(2),
            "items": rng.integers(1, 9, rows),
            "is_gift": rng.random(rows) < 0.1,
            "zip": rng.choice(["01067", "50667"], rows),
        }
    )


def returned(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"order_no": rows["order_no"], "returned": np.arange(len(rows)) % 2})


def lay_out(folder: Path, writes: Iterator[Write]) -> Path:
    for day in DAYS:
        write, rows = next(writes), orders(day)
        put(rows, folder / "features", day, write)
        put(returned(rows), folder / "labels", day, write)
    return folder


def again_and_again(*writes: Write) -> Iterator[Write]:
    while True:
        yield from writes


def proposed(folder: Path) -> tuple[ModelConfig, list[str]]:
    """Write a first config beside a folder; returns it, and what was said."""
    said: list[str] = []
    out = folder.parent / f"{folder.name}.yaml"
    tell_first_config(str(folder), out, said.append)
    return read_config(out), said


def refusal_of(place: Path) -> str:
    with pytest.raises(OpsError) as refused:
        proposed(place)
    return str(refused.value)


@pytest.mark.parametrize(
    "writes",
    [
        (as_csv,),
        (as_csv_gz,),
        (as_json_lines,),
        (as_json_lines_gz,),
        (as_parquet, as_csv, as_json_lines),
    ],
)
def test_whatever_format_partitions_have_the_config_is_the_same_and_works(
    tmp_path: Path, writes: tuple[Write, ...]
) -> None:
    lay_out(tmp_path / "shop", again_and_again(*writes))

    config, _ = proposed(tmp_path / "shop")

    kinds = {name: column.type for name, column in config.columns.items()}
    assert kinds == {
        "amount": "number",
        "items": "number",
        "is_gift": "number",
        "zip": "category",
    }
    assert (config.data.key, config.data.event_time) == ("order_no", "at")
    assert (config.target.column, config.target.task) == ("returned", "binary")
    objects = FolderObjects(tmp_path)
    checks = list(backtest(config, config.data.features, objects))
    assert [check.partition for check in checks] == DAYS[config.training.window_days :]
    assert all(not check.verdict.is_broken for check in checks)
    rows = collect(config, objects, now=NOON.replace(year=2030), up_to=None)
    assert rows.rows == 40 * config.training.window_days


@pytest.mark.parametrize(
    ("load", "task", "columns"),
    [
        (datasets.load_breast_cancer, "binary", 30),
        (datasets.load_wine, "multiclass", 13),
        (datasets.load_diabetes, "regression", 10),
    ],
)
def test_a_real_set_as_csv_gets_the_task_that_it_is_known_for(
    tmp_path: Path, load: Callable[..., Bunch], task: str, columns: int
) -> None:
    known = load(as_frame=True)
    parts = np.array_split(np.random.default_rng(0).permutation(len(known.data)), len(DAYS))
    for day, part in zip(DAYS, parts, strict=True):
        rows = known.data.iloc[part].assign(row_id=[f"r{i}" for i in part], at=f"{day}T08:00:00Z")
        put(rows, tmp_path / "real/features", day)
        labels = pd.DataFrame({"row_id": rows["row_id"], "found": known.target.iloc[part]})
        put(labels, tmp_path / "real/labels", day)

    config, _ = proposed(tmp_path / "real")

    assert (config.target.column, config.target.task) == ("found", task)
    assert (config.data.key, config.data.event_time) == ("row_id", "at")
    assert {column.type for column in config.columns.values()} == {"number"}
    assert len(config.columns) == columns


def test_times_that_are_counted_since_1970_are_times_and_no_numbers(tmp_path: Path) -> None:
    for day in DAYS[:3]:
        at = pd.to_datetime(orders(day)["at"]).astype("datetime64[s, UTC]").astype("int64")
        rows = orders(day).assign(at=at, loaded=int(day.replace("-", "")))
        put(rows, tmp_path / "shop", day)

    config, _ = proposed(tmp_path / "shop")

    assert config.data.event_time == "at"
    assert not {"at", "loaded"} & set(config.columns)


def test_times_as_a_country_writes_them_are_named_and_not_watched(tmp_path: Path) -> None:
    for day in DAYS[:3]:
        local = pd.to_datetime(orders(day)["at"]).dt.strftime("%d.%m.%Y %H:%M")
        put(orders(day).assign(at=local), tmp_path / "shop", day, as_csv_gz)

    config, said = proposed(tmp_path / "shop")

    assert config.data.event_time == "DECIDE_TIME"
    assert "at" not in config.columns
    assert any("for at is not written like 2013-02-08T05:40:00Z" in line for line in said)


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ([0] * 40, "for returned is 0 in all rows that were read"),
        (["no", "yes"] * 20, "for returned holds no and yes, not 0 and 1"),
    ],
)
def test_labels_that_say_nothing_are_named_where_no_target_was_recognised(
    tmp_path: Path, labels: list[int | str], why: str
) -> None:
    for day in DAYS[:3]:
        put(orders(day), tmp_path / "shop/features", day)
        put(returned(orders(day)).assign(returned=labels), tmp_path / "shop/labels", day)

    config, said = proposed(tmp_path / "shop")

    assert config.target.column == "DECIDE_TARGET"
    assert any("target.column" in line and why in line for line in said)


def test_a_key_that_is_there_twice_is_named_where_none_was_recognised(tmp_path: Path) -> None:
    for day in DAYS[:3]:
        rows = orders(day).assign(order_no=[f"{day}-{i // 2}" for i in range(40)])
        put(rows, tmp_path / "shop/features", day)
        put(returned(rows), tmp_path / "shop/labels", day)

    config, said = proposed(tmp_path / "shop")

    assert config.data.key == "DECIDE_KEY"
    assert any("for order_no is empty, or there twice, in some partition" in line for line in said)


def test_labels_that_lie_among_the_features_are_no_column_that_nobody_named(
    tmp_path: Path,
) -> None:
    for day in DAYS:
        put(orders(day).assign(returned=[0, 1] * 20), tmp_path / "shop", day)

    config, _ = proposed(tmp_path / "shop")

    assert config.data.labels == config.data.features == "shop"
    [check, *_] = backtest(config, "shop", FolderObjects(tmp_path))
    assert check.unwatched == {}


def test_partitions_without_rows_are_said_to_be_a_guess(tmp_path: Path) -> None:
    put(orders(DAYS[0]).iloc[:0], tmp_path / "shop", DAYS[0])

    _, said = proposed(tmp_path / "shop")

    assert "Note: there is hardly a row in what was read, so all of this is a guess." in said


def test_labels_that_come_weeks_later_are_said_to_come_so_late(tmp_path: Path) -> None:
    mondays = DAYS[::7]
    for day in mondays:
        put(orders(day), tmp_path / "shop/features", day)
    for day in mondays[:-2]:
        put(returned(orders(day)), tmp_path / "shop/labels", day)

    config, _ = proposed(tmp_path / "shop")

    assert config.target.delay_days == 14


def test_the_index_that_pandas_writes_into_csv_names_no_rows(tmp_path: Path) -> None:
    for day in DAYS[:3]:
        rows = orders(day)
        put(rows, tmp_path / "shop/features", day, lambda r, f: r.to_csv(f / "part-0.csv"))
        put(returned(rows), tmp_path / "shop/labels", day, lambda r, f: r.to_csv(f / "p.csv"))

    config, _ = proposed(tmp_path / "shop")

    assert config.data.key == "order_no"
    assert "" not in config.columns


def test_a_number_that_is_missing_here_and_there_stays_a_number(tmp_path: Path) -> None:
    for day in DAYS[:3]:
        put(orders(day).assign(amount=["NA", "", "3.5", "7"] * 10), tmp_path / "shop", day)

    config, _ = proposed(tmp_path / "shop")

    assert config.columns["amount"].type == "number"


@pytest.mark.parametrize(
    ("name", "body", "complete"),
    [
        ("_SUCCESS", "", Complete(marker="_SUCCESS")),
        ("manifest.json", '{"files": ["part-0.csv"]}', Complete(manifest="manifest.json")),
    ],
)
def test_what_shows_in_each_partition_that_it_is_complete_is_waited_for(
    tmp_path: Path, name: str, body: str, complete: Complete
) -> None:
    for day in DAYS[:3]:
        put(orders(day), tmp_path / "shop", day)
        (tmp_path / f"shop/dt={day}" / name).write_text(body)

    config, _ = proposed(tmp_path / "shop")

    assert config.data.complete == complete
    assert "amount" in config.columns


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("a;b\n1;2,5\n", "are parted by semicolons, and only commas are read"),
        ("a\tb\n1\t2\n", "are parted by tabs"),
        ("1,2.5,x\n2,3.5,y\n", "names no columns: it begins with `1`"),
        ("größe,b\n1,2\n", r"is no CSV\. It has to be written in UTF-8"),
    ],
)
def test_csv_of_another_kind_is_refused_with_what_to_do(
    tmp_path: Path, body: str, sentence: str
) -> None:
    folder = tmp_path / f"shop/dt={DAYS[0]}"
    folder.mkdir(parents=True)
    (folder / "part-0.csv").write_bytes(body.encode("latin-1"))

    said = refusal_of(tmp_path / "shop")

    assert re.search(sentence, said), said


@pytest.mark.parametrize(
    ("folder", "remedy"),
    [
        ("features/year=2013/month=02/day=08", "directly in shop/features/dt=2013-02-08/"),
        ("features/date=2013-02-08", "directly in shop/features/dt=2013-02-08/"),
        ("20130208", "directly in shop/dt=2013-02-08/"),
        ("dt=2013-W06", "directly in shop/dt=2013-02-04/"),
        ("dt=2013-02-08T05", "for a partition is a whole day of UTC"),
        ("dt=2013-02-08/hour=05", "for a partition is a whole day of UTC"),
    ],
)
def test_a_folder_that_is_named_otherwise_is_told_its_name(
    tmp_path: Path, folder: str, remedy: str
) -> None:
    (tmp_path / "shop" / folder).mkdir(parents=True)
    as_csv(orders(DAYS[0]), tmp_path / "shop" / folder)

    said = refusal_of(tmp_path / "shop")

    assert f"{folder}/part-0.csv" in said
    assert remedy in said


@pytest.mark.parametrize(
    "path",
    ["{day}/data.csv", "year={y}/month={m}/day={d}/part-0.csv", "orders_{y}{m}{d}.csv"],
)
def test_days_in_other_folders_or_names_are_laid_out_by_the_program_that_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for day in DAYS[:3]:
        year, month, of_month = day.split("-")
        file = tmp_path / "shop" / path.format(day=day, y=year, m=month, d=of_month)
        file.parent.mkdir(parents=True, exist_ok=True)
        orders(day).to_csv(file, index=False)
    monkeypatch.chdir(tmp_path)

    said = refusal_of(Path("shop"))
    _, _, program = said.partition("\n")
    code, _, then = program.partition("\nThen: ")
    exec(code, {})  # noqa: S102 - what a person would paste

    assert then == "watchkeeper init shop-by-day"
    config, _ = proposed(tmp_path / "shop-by-day")
    assert config.data.event_time == "at"
    assert sorted(part.name for part in (tmp_path / "shop-by-day").iterdir()) == [
        f"dt={day}" for day in DAYS[:3]
    ]


@pytest.mark.parametrize("write", [as_csv, as_json_lines, as_parquet])
@pytest.mark.parametrize("names_the_file", [True, False])
def test_a_flat_file_is_laid_out_by_the_program_that_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write, *, names_the_file: bool
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    write(pd.concat([orders(day) for day in DAYS[:3]]), folder)
    [file] = folder.iterdir()
    monkeypatch.chdir(tmp_path)

    said = refusal_of(Path("shop", file.name) if names_the_file else Path("shop"))
    _, _, program = said.partition("\n")
    exec(program.rpartition("\n")[0], {})  # noqa: S102 - what a person would paste

    config, _ = proposed(folder / "features")
    assert config.data.event_time == "at"
    kinds = {name: column.type for name, column in config.columns.items()}
    assert kinds == {
        "amount": "number",
        "items": "number",
        "is_gift": "number",
        "zip": "category",
    }
    assert sorted(part.name for part in (folder / "features").iterdir()) == [
        f"dt={day}" for day in DAYS[:3]
    ]
