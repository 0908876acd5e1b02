import json
from pathlib import Path

import pytest
import yaml

from core.domain.model_config import ModelConfig
from infra.local.config_file import BadConfig, read_config, schema
from tests.builders import a_config
from tests.watched_model import training

MODELS = Path(__file__).parents[2] / "infra/models"


def written(folder: Path, **changes: object) -> Path:
    file = folder / "model.yaml"
    stated = json.loads(a_config().model_dump_json(exclude_defaults=True))
    file.write_text(yaml.safe_dump(stated | changes))
    return file


def problems(file: Path) -> list[str]:
    with pytest.raises(BadConfig) as refused:
        read_config(file)
    return refused.value.problems


def test_every_model_of_the_repository_is_good() -> None:
    files = sorted(MODELS.glob("*.yaml"))

    assert [read_config(file).model for file in files] == [file.stem for file in files]


def test_a_config_that_was_read_says_what_was_written(tmp_path: Path) -> None:
    assert read_config(written(tmp_path)) == a_config()


def test_an_unknown_key_is_named_and_the_one_that_was_meant(tmp_path: Path) -> None:
    target = {"column": "late", "delay_days": 1, "mature_shar": 0.5}

    assert problems(written(tmp_path, target=target, alrts={})) == [
        "target.mature_shar: unknown key; did you mean `mature_share`?",
        "alrts: unknown key; did you mean `alerts`?",
    ]


def test_an_unknown_key_inside_a_column_is_found_too(tmp_path: Path) -> None:
    columns = {"distance": {"type": "number", "units": "mi"}}

    assert problems(written(tmp_path, columns=columns)) == [
        "columns.distance.units: unknown key; did you mean `unit`?"
    ]


RULE = {
    "column": "distance",
    "at_most": 6000,
    "owner": "U0ADA",
    "reason": "no flight is longer",
    "expires": "2014-01-31",
}


def test_a_rule_that_was_read_says_what_was_written(tmp_path: Path) -> None:
    [rule] = read_config(written(tmp_path, constraints=[RULE])).constraints

    assert (rule.in_words("mi"), f"{rule.expires}") == ("at most 6,000 mi", "2014-01-31")


def test_an_unknown_key_of_a_rule_is_named_and_the_one_that_was_meant(tmp_path: Path) -> None:
    rule = {**RULE, "at_mots": 1}

    assert problems(written(tmp_path, constraints=[rule])) == [
        "constraints.0.at_mots: unknown key; did you mean `at_most`?"
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"column": "distanse"}, "constraints: there is no feature `distanse`; did you mean"),
        ({"column": "carrier"}, "constraints: `at_most` fits numbers, and `carrier` is a category"),
        ({"at_least": 1}, "not `at_least` and `at_most`"),
        ({"expires": 20140131}, "constraints.0.expires: write the day as 2026-12-31"),
        ({"reason": None}, "constraints.0.reason: Input should be a valid string"),
    ],
)
def test_a_rule_that_fits_nothing_is_refused(
    tmp_path: Path, changes: dict[str, object], problem: str
) -> None:
    [found] = problems(written(tmp_path, constraints=[RULE | changes]))

    assert problem in found


def test_a_wrong_value_is_shown_beside_what_was_expected(tmp_path: Path) -> None:
    columns = {"distance": {"type": "nmber"}}

    assert problems(written(tmp_path, columns=columns, serving="there")) == [
        "serving: Input should be 'here' or 'elsewhere' (it says 'there')",
        "columns.distance.type: Input should be 'number' or 'category' (it says 'nmber')",
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sensitive": ["nobody"]}, "sensitive: there is no column `nobody`"),
        ({"serving": "elsewhere"}, "`predictions` goes with `serving: elsewhere`"),
        ({"columns": {"late": {"type": "number"}}}, "the target `late` cannot be a feature"),
        ({"columns": {"": {"type": "number"}}}, "a column cannot be named ''"),
        ({"columns": {"a`b": {"type": "number"}}}, "a column cannot be named 'a`b'"),
        ({"columns": {"a\nb": {"type": "number"}}}, "a column cannot be named 'a\\nb'"),
        ({"target": {"column": "flight_id", "delay_days": 1}}, "the key `flight_id` is the target"),
    ],
)
def test_a_config_that_contradicts_itself_is_refused(
    tmp_path: Path, changes: dict[str, object], problem: str
) -> None:
    [found] = problems(written(tmp_path, **changes))

    assert problem in found


def test_a_random_split_is_refused_with_the_reason(tmp_path: Path) -> None:
    stated = training(split="random")

    [found] = problems(written(tmp_path, training=stated))

    assert found.startswith("training.split: only `time`: the rows are ordered in time, and any o")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"trainer": "ours:train"}, "training: give one of `estimator` and `trainer`"),
        ({"estimator": None}, "training: give one of `estimator` and `trainer`"),
        ({"estimator": None, "trainer": "ours.train"}, "training.trainer: String should match"),
        (
            {
                "estimator": None,
                "trainer": "ours:train",
                "prepare": {"numbers": [{"use": "StandardScaler"}]},
            },
            "training: `prepare` goes with `estimator`: a trainer prepares its own columns",
        ),
    ],
)
def test_a_training_is_made_by_one_estimator_or_one_trainer(
    tmp_path: Path, changes: dict[str, object], problem: str
) -> None:
    [found] = problems(written(tmp_path, training=training(**changes)))

    assert problem in found


def test_data_cannot_lie_where_watchkeeper_itself_writes(tmp_path: Path) -> None:
    data = a_config().data.model_dump(exclude_none=True) | {"labels": "predictions/late"}

    [found] = problems(written(tmp_path, data=data))

    assert "`predictions/late` is taken: Watchkeeper itself writes there" in found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("a: [1,", "is not YAML"),
        ("- a", "is empty, or not a list of `key"),
        ("about: 2013-02-30", "is not YAML: day is out of range"),
        ("[" * 5000, "is not YAML"),
        ("access: 1\naccess: 2", "the key `access` stands twice"),
    ],
)
def test_a_file_that_is_no_config_is_refused_in_words(
    tmp_path: Path, text: str, problem: str
) -> None:
    file = tmp_path / "model.yaml"
    file.write_text(text)

    [found] = problems(file)

    assert problem in found


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"nowhere\.yaml: cannot be read: No such file"):
        read_config(tmp_path / "nowhere.yaml")


def test_a_changed_config_has_another_hash_and_the_same_one_the_same() -> None:
    assert a_config().hash == a_config().hash
    assert a_config().hash != a_config(about="Will it be early?").hash


def test_a_partition_is_complete_in_one_way_alone(tmp_path: Path) -> None:
    complete = {"marker": "_SUCCESS", "quiet_minutes": 5}
    data = json.loads(a_config().data.model_dump_json()) | {"complete": complete}

    [problem] = problems(written(tmp_path, data=data))

    assert problem.startswith("data.complete: one of `marker`, `manifest` and `quiet_minutes`")


def test_the_schema_that_editors_read_is_the_one_in_the_repository() -> None:
    assert (MODELS / "model.schema.json").read_text() == schema()
    assert json.loads(schema())["title"] == ModelConfig.__name__
