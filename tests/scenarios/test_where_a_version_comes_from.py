from datetime import date
from pathlib import Path

import pytest

from core.adapters.slack.cards import card_of
from core.domain.challenge import Challenge
from core.domain.difference import Difference
from core.domain.idea import Proposal
from core.domain.ids import VersionId
from core.domain.model_config import InForce, StoredConfig
from core.domain.person import Person
from core.domain.serving import short
from core.domain.version import Version
from core.flows.apply_config import apply_config
from core.flows.model_state import model_state
from core.flows.propose_idea import idea_of, propose_idea
from core.ports import changed, new
from core.wiring import use
from tests.builders import ADA, a_config
from tests.terminal import ran
from tests.trained import promoted, retrained
from tests.watched_model import WatchedModel, training


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    watched = WatchedModel(tmp_path)
    use(watched.ports)
    return watched


def applied(watched: WatchedModel, **changes: object) -> None:
    watched.config = a_config(training=training(**changes))
    apply_config(watched.config, Person.command_line(), watched.ports)


def trained(watched: WatchedModel) -> Version:
    return watched.version(retrained(watched).version)


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    ran(monkeypatch, *words)
    told = capsys.readouterr()
    return told.out + told.err


def made_of(watched: WatchedModel, version: Version) -> str | None:
    challenge = watched.ports.records.get(Challenge, Challenge.id_of("flights", version.id))
    assert challenge is not None
    return challenge.made_of


def test_a_change_of_one_config_key_is_named_on_the_card(watched: WatchedModel) -> None:
    applied(watched, parameters={"max_iter": 120})
    watched.lived_through(12)
    first = trained(watched)
    applied(watched, parameters={"max_iter": 200})

    second = trained(watched)

    assert made_of(watched, first) is None
    assert made_of(watched, second) == "training.parameters.max_iter 120 → 200"
    challenge = watched.ports.records.get(Challenge, Challenge.id_of("flights", second.id))
    assert challenge is not None
    assert "training.parameters.max_iter 120 → 200" in str(card_of(challenge).blocks)


def test_newer_days_alone_are_data_only(watched: WatchedModel) -> None:
    applied(watched)
    watched.lived_through(12)
    trained(watched)
    watched.lived_through(15)

    second = trained(watched)

    assert made_of(watched, second) == "data only: 3 newer days"


def test_the_versions_of_a_model_are_listed_with_what_is_known_of_them(
    watched: WatchedModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "No version yet" in said(monkeypatch, capsys, "versions", "flights")
    applied(watched)
    watched.lived_through(12)
    first = trained(watched)
    watched.lived_through(15)
    second = trained(watched)
    promoted(watched, second.id)

    heading, newest, oldest = said(monkeypatch, capsys, "versions", "flights").splitlines()

    assert heading.split()[0] == "version"
    assert newest.startswith(short(second.id))
    assert "2013-01-06 to 2013-01-12, 280 rows" in newest
    assert newest.endswith("2013-01-17 12:00 to now")
    assert "champion" in newest
    assert oldest.startswith(short(first.id))
    assert oldest.endswith("2013-01-14 12:00 to 2013-01-17 12:00")


def test_two_versions_are_compared_by_their_short_ids_in_any_order(
    watched: WatchedModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    applied(watched, seed=1)
    watched.lived_through(12)
    first = trained(watched)
    watched.it_is("2013-01-15")
    applied(watched, seed=2)
    second = trained(watched)

    words = said(monkeypatch, capsys, "diff", short(second.id), short(first.id))

    assert words.startswith(f"{short(first.id)} to {short(second.id)}: 1 config key\n")
    assert "  training.seed  1  →  2" in words
    assert "Libraries: the same" in words
    assert "Data: the same rows; 280 rows, then 280 (+0)" in words
    assert "Metrics on the same rows" in words
    assert "Brier score" in words


def test_versions_judged_on_other_rows_are_not_compared_by_their_metrics(
    watched: WatchedModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    applied(watched)
    watched.lived_through(12)
    first = trained(watched)
    watched.lived_through(13)
    second = trained(watched)

    words = said(monkeypatch, capsys, "diff", first.id, second.id)

    assert "data only" in words
    assert "  added    2013-01-10" in words
    assert "  removed  2013-01-03" in words
    assert "Metrics: not comparable" in words


@pytest.mark.parametrize(
    ("given", "answer"),
    [("ffffffff", "I know no version named `ffffffff`."), ("ve", "I know no version named `ve`.")],
)
def test_a_version_that_nobody_made_is_said_so(
    watched: WatchedModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: str,
    answer: str,
) -> None:
    assert watched.config is not None

    assert answer in said(monkeypatch, capsys, "diff", given, given)


def test_a_short_id_that_fits_two_versions_is_asked_about(
    watched: WatchedModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    applied(watched)
    watched.lived_through(12)
    first = trained(watched)
    twin = first.model_copy(update={"id": VersionId(first.id[:12] + "0" * 12)})
    watched.ports.records.commit(new(twin))

    words = said(monkeypatch, capsys, "diff", short(first.id), first.id)

    assert "fits several versions" in words


def test_what_served_at_a_moment_is_one_question(
    watched: WatchedModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    applied(watched)
    watched.lived_through(12)
    first = trained(watched)
    watched.lived_through(15)
    second = trained(watched)
    promoted(watched, second.id)

    before = said(monkeypatch, capsys, "served", "flights", "--at", "2013-01-14")
    between = said(monkeypatch, capsys, "served", "flights", "--at", "2013-01-15")
    now = said(monkeypatch, capsys, "served", "flights")

    assert "nothing served for `flights` yet" in before
    assert f"{short(first.id)} served: first version" in between
    assert f"{short(second.id)} served: promoted by U0ADA" in now


def test_the_size_of_a_change_says_all_that_changed(watched: WatchedModel) -> None:
    applied(watched)
    watched.lived_through(12)
    first = trained(watched)
    manifest = first.manifest.model_copy(
        update={"code_ref": "other", "environment": {"numpy": "1"}, "config_hash": "unknown"}
    )
    other = first.model_copy(update={"id": VersionId("ver_other"), "manifest": manifest})
    stored = watched.ports.records.get(StoredConfig, first.manifest.config_hash)
    assert stored is not None

    difference = Difference.between(first, other, (stored.config, None))

    assert difference.size == "code, libraries and 1 config key"
    assert difference.sentence == difference.size
    assert Difference.between(first, first, (stored.config, stored.config)).size == "nothing"


def test_days_whose_rows_were_corrected_are_told_from_new_ones(watched: WatchedModel) -> None:
    applied(watched)
    watched.lived_through(12)
    first = trained(watched)
    used = first.manifest.partitions
    corrected = (used[0].model_copy(update={"labels_hash": "x"}), *used[1:-1])
    other = first.model_copy(
        update={"manifest": first.manifest.model_copy(update={"partitions": corrected})}
    )
    assert watched.ports.records.commit(changed(other))

    difference = Difference.between(first, other, (watched.config, watched.config))

    assert difference.changed == ("2013-01-03",)
    assert difference.removed == ("2013-01-09",)
    assert difference.sentence == "data only: 1 day less, 1 day corrected"


def test_a_training_that_was_asked_for_with_an_idea_is_tied_to_it(watched: WatchedModel) -> None:
    watched.lived_through(12)
    written = Proposal(
        hypothesis="Wind tells more",
        owner=ADA.id,
        expected="Brier score lower by 0.005",
        kill_by=date(2013, 3, 1),
    )
    idea = propose_idea("flights", written, "V1", ADA, watched.ports)
    asked = {"model": "flights", "reason": "a person asked", "asked_by": ADA.id, "idea": idea.id}

    done = watched.call("retrain", asked)

    assert idea_of(idea.id, watched.ports).versions == (done["version"],)
    challenge = watched.ports.records.get(Challenge, Challenge.id_of("flights", done["version"]))
    assert challenge is not None
    assert challenge.idea == "Wind tells more"


def test_a_config_that_is_applied_for_an_idea_is_tied_to_it(
    watched: WatchedModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = Path(__file__).parents[2] / "infra/models/flights.yaml"
    written = Proposal(
        hypothesis="Deeper trees", owner=ADA.id, expected="more", kill_by=date(2013, 3, 1)
    )
    idea = propose_idea("flights", written, "V1", ADA, watched.ports)

    words = said(monkeypatch, capsys, "apply", str(file), "--idea", idea.id)

    in_force = watched.ports.records.get(InForce, "flights")
    assert in_force is not None
    assert idea_of(idea.id, watched.ports).configs == (in_force.config.hash,)
    assert "is in force now" in words
    assert "I know no idea" in said(monkeypatch, capsys, "apply", str(file), "--idea", "ide_0")


def test_the_next_card_names_the_keys_that_never_mattered(watched: WatchedModel) -> None:
    watched.lived_through(12)
    for seed in (1, 2, 3):
        applied(watched, seed=seed)
        trained(watched)
    applied(watched, seed=4)

    fourth = trained(watched)

    challenge = watched.ports.records.get(Challenge, Challenge.id_of("flights", fourth.id))
    assert challenge is not None
    assert challenge.never_mattered == ("training.seed",)
    assert "Changed before, never with a gain: `training.seed`" in str(card_of(challenge).blocks)
    facts = dict(model_state("flights", watched.ports).facts(watched.now))
    assert facts["Keys that never mattered"] == "`training.seed`"
