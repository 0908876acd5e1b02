"""`watchkeeper init`, on folders and buckets as people have them."""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pandas as pd
import pyarrow as pa
import pytest
from moto import mock_aws
from pyarrow import parquet

from infra.local.config_file import read_config
from infra.local.flights import days
from tests.terminal import ran
from tests.watched_model import parquet_of, some_flights

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
from tests.scenarios.laid_out import labels_of, put, written
from tests.watched_model import day

FLIGHTS = Path(__file__).parents[2] / "infra/models/flights.yaml"


def test_the_flights_get_nearly_the_config_that_a_person_wrote(tmp_path: Path) -> None:
    for one in days("2013-01-01", "2013-01-20"):
        put(tmp_path / "flights/features", one.name, one.features)
        put(tmp_path / "flights/labels", one.name, one.labels)

    config, said = written(tmp_path / "flights", tmp_path / "flights.yaml")

    by_hand = read_config(FLIGHTS)
    assert (config.model, config.data, config.target) == (
        by_hand.model,
        by_hand.data,
        by_hand.target,
    )
    kinds = {name: column.type for name, column in config.columns.items()}
    assert kinds == {name: column.type for name, column in by_hand.columns.items()}
    assert config.sensitive == by_hand.sensitive
    decide = [line.split(":")[0].strip() for line in said if line.startswith("  ")]
    assert decide == ["about", "owner", "channel", "target.delay_days"]


def test_the_written_file_is_valid_at_once_and_says_what_is_open(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    few_flights: Path,
) -> None:
    file = tmp_path / "trips.yaml"

    assert ran(monkeypatch, "init", str(few_flights), "--out", str(file)) == 0
    assert ran(monkeypatch, "validate", str(file)) == 0

    said = capsys.readouterr().out
    assert "Looked at 4 of 4 partitions of trips/features, 2013-01-01 to 2013-01-04." in said
    assert f"watchkeeper backtest {file} {few_flights}" in said
    assert f'cp -r {few_flights} "$WATCHKEEPER_FOLDER/objects/trips"' in said
    assert "in place of U0DECIDE" in said
    assert "good. `trips`, 2 columns" in said
    assert file.read_text().count("DECIDE: a ") == 2


def test_a_file_that_is_there_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    few_flights: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("trips.yaml").write_text("mine")

    assert ran(monkeypatch, "init", str(few_flights)) == 1
    assert ran(monkeypatch, "init", str(few_flights), "--out", "trips.yaml") == 1

    assert capsys.readouterr().err.count("trips.yaml is there already") == 2
    assert Path("trips.yaml").read_text() == "mine"


def test_a_file_that_cannot_be_made_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    few_flights: Path,
) -> None:
    out = tmp_path / "nowhere" / "trips.yaml"

    assert ran(monkeypatch, "init", str(few_flights), "--out", str(out)) == 1

    assert f"{out} cannot be written: No such file or directory." in capsys.readouterr().err


def test_a_folder_of_one_prefix_alone_is_the_features(tmp_path: Path, few_flights: Path) -> None:
    config, said = written(few_flights / "features", tmp_path / "x.yaml")

    assert config.data.features == "features"
    assert config.target.column == "DECIDE_TARGET"
    assert config.training.every_days is None
    assert any(line.startswith("  data.labels: where labels will land") for line in said)


def test_a_folder_within_the_objects_of_a_box_is_named_as_it_lies_there(
    tmp_path: Path,
) -> None:
    put(tmp_path / "objects/a/b/features", day(0), parquet_of(some_flights(day(0))))

    config, _ = written(tmp_path / "objects/a", tmp_path / "x.yaml")

    assert config.data.features == "a/b/features"
    assert config.model == "b"


def test_a_key_for_which_only_its_values_speak_is_asked_for(tmp_path: Path) -> None:
    codes = pd.DataFrame({"passage": [f"p{i}" for i in range(40)], "x": [1.0, 2.0] * 20})
    put(tmp_path / "trips", day(0), parquet_of(codes))

    config, said = written(tmp_path / "trips", tmp_path / "x.yaml")

    assert config.data.key == "passage"
    assert "  data.key: which column names a row: passage is a guess" in said


def nasty(name: str, *, newest: bool) -> bytes:
    """Mixed types, odd names, no key, nested, empty, personal."""
    rows = 60
    table = pa.table(
        {
            "Unit Price (€)": [1.5, 2.5] * 30,
            "yes": ["a", "b"] * 30,
            "a: b # c": ["x", "x", "y"] * 20,
            "mixed": pa.array([1, 2] * 30) if newest else pa.array(["1", "two"] * 30),
            "basket": [{"sku": i} for i in range(rows)],
            "nothing": pa.nulls(rows),
            "contact": ["ada@example.org", "grace@example.org"] * 30,
            "note": [f"free text {name} {i}" for i in range(rows)],
            "line\nbreak": [1] * rows,
            "null": [1, 2] * 30,
        }
    )
    sink = BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


def test_a_nasty_folder_gets_a_valid_config_that_names_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "Größe 2"
    for ahead in range(3):
        put(folder, day(ahead), nasty(day(ahead), newest=ahead == 2))
        put(folder, day(ahead), b"no parquet at all", "part-1.parquet")
    put(folder, "2013-13-77", b"")

    config, said = written(folder, tmp_path / "x.yaml")

    assert config.data.features == "Gr-e-2"
    assert (config.data.key, config.data.event_time) == ("DECIDE_KEY", "DECIDE_TIME")
    kinds = {name: column.type for name, column in config.columns.items()}
    assert kinds == {
        "Unit Price (€)": "number",
        "yes": "category",
        "a: b # c": "category",
        "mixed": "category",
        "contact": "category",
        "null": "number",
    }
    assert config.sensitive == ("contact",)
    comments = (tmp_path / "x.yaml").read_text()
    assert "#   basket: holds something nested" in comments
    assert "#   nothing: holds nothing but nulls so far" in comments
    assert "#   note: hardly ever repeats a value" in comments
    assert (
        "#   line\N{REPLACEMENT CHARACTER}break: has a name that no sentence can hold" in comments
    )
    assert "contact  # it holds e-mail addresses" in comments
    assert any("cannot be read as what its name says" in line for line in said)
    assert any("data: partitions have to lie under Gr-e-2/" in line for line in said)


def test_a_model_of_which_nothing_is_worth_watching_still_gets_a_valid_config(
    tmp_path: Path,
) -> None:
    put(tmp_path / "x", day(0), parquet_of(pd.DataFrame({"id": ["a", "b", "c"]})))

    config, said = written(tmp_path / "x", tmp_path / "x.yaml")

    assert list(config.columns) == ["DECIDE_COLUMN"]
    assert any(line.startswith("  columns: which columns to watch") for line in said)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ((), r"data is empty, or names there hold more than letters"),
        (("flights/notes.txt",), "found instead, for example: flights/notes.txt"),
        (("features/dt=2013-01-01/part-0.parquet",), r"part-0.parquet is no Parquet\.$"),
        (("features/dt=2013-01-01/part-0.json",), r"part-0.json is no JSON lines\. .* in UTF-8"),
        (("labels/dt=2013-01-01/part-0.parquet",), r"there are no features, only .*labels"),
        (
            ("a/features/dt=2013-01-01/p.parquet", "b/features/dt=2013-01-01/p.parquet"),
            r"lie features of 2 models \(data/a/features, data/b/features\)",
        ),
    ],
)
def test_what_cannot_be_configured_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    files: Sequence[str],
    sentence: str,
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for file in files:
        (folder / file).parent.mkdir(parents=True)
        (folder / file).write_bytes(b"not Parquet")
    monkeypatch.chdir(tmp_path)

    assert ran(monkeypatch, "init", str(folder)) == 1

    said = capsys.readouterr().err
    assert re.search(sentence, said), said
    assert "Traceback" not in said
    assert not list(tmp_path.glob("*.yaml"))


def test_a_folder_that_is_not_there_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert ran(monkeypatch, "init", str(tmp_path / "nowhere")) == 1

    assert f"There is no folder {tmp_path / 'nowhere'}" in capsys.readouterr().err


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> "Iterator[S3Client]":
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="lake")
        yield client


def test_a_bucket_is_looked_at_as_a_folder_is(bucket: "S3Client", tmp_path: Path) -> None:
    for ahead in range(3):
        name = day(ahead)
        for side, body in (
            ("features", parquet_of(some_flights(name))),
            ("labels", labels_of(name)),
        ):
            bucket.put_object(
                Bucket="lake", Key=f"ml/trips/{side}/dt={name}/part-0.parquet", Body=body
            )
    bucket.put_object(Bucket="lake", Key="ml/trips-old/features/dt=2013-01-01/p.parquet", Body=b"")

    config, said = written("s3://lake/ml/trips", tmp_path / "trips.yaml")

    assert (config.data.features, config.data.labels) == ("ml/trips/features", "ml/trips/labels")
    assert (config.model, config.data.key, config.target.column) == ("trips", "flight_id", "late")
    assert said[0].startswith("Looked at 3 of 3 partitions of ml/trips/features")


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, "init", "s3://pond/x") == 1

    assert "S3 refused a call: NoSuchBucket, there" in capsys.readouterr().err
