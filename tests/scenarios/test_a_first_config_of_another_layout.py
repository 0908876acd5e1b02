"""`watchkeeper init` on files that lie otherwise says how they have to lie."""

from pathlib import Path

import pandas as pd
import pytest

from tests.scenarios.orders import (
    DAYS,
    Write,
    as_csv,
    as_json_lines,
    as_parquet,
    orders,
    proposed,
    refusal_of,
)


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
