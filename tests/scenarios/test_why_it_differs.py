"""`explain A B`: one list of causes for two windows or two versions, the likeliest first."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np
import pytest

from core.domain.cohort import Cohort, Outcome
from core.domain.curve import Curve
from core.domain.ids import VersionId
from core.domain.partition import days_before
from core.domain.partition_check import PartitionCheck
from core.domain.verdict import Basis, Blame, ErrorClass, Verdict
from core.wiring import use
from functions.ml.judging.said_bins import curve_of
from tests.builders import ADA, CHANNEL, NOON, a_challenge, a_config
from tests.scenarios.scene import Scene
from tests.staged import a_manifest, a_used, store_version
from tests.terminal import printed
from tests.unit.judged_rows import BINARY

A, B = VersionId("ver_a"), VersionId("ver_b")
BEFORE, AFTER = "2013-02-01..2013-02-03", "2013-02-04..2013-02-06"
FIRST, THEN = [f"2013-02-0{n}" for n in (1, 2, 3)], [f"2013-02-0{n}" for n in (4, 5, 6)]


@pytest.fixture(autouse=True)
def handed_over(scene: Scene) -> Iterator[None]:
    use(scene.ports)
    yield
    use(None)


def said(scene: Scene, text: str) -> list[str]:
    """Ask in Slack; return the headline and the causes."""
    scene.slack.command("/watch", f"explain {text}", user=ADA.id, channel=CHANNEL)
    shown = scene.slack.whispers(ADA.id)[-1]
    return f"{shown.text}\n{scene.words(shown)}".replace("Watchkeeper: explain\n", "").splitlines()


def a_check(day: str, *blamed: Blame, rows: int = 900) -> PartitionCheck:
    classes = [of.error_class for of in blamed]
    return PartitionCheck(
        id=PartitionCheck.id_of("flights", day),
        model="flights",
        partition=day,
        fingerprint="f",
        rows=rows,
        verdict=Verdict(
            basis=Basis.REFERENCE, error_class=classes[0] if classes else None, blamed=blamed
        ),
        reference_key=None,
        checked_at=NOON,
    )


def broken(column: str, kind: ErrorClass, score: float) -> Blame:
    return Blame(column=column, score=score, error_class=kind, sentence=f"`{column}`: wrong")


def learned(seed: int, flipped: float = 0.0) -> Curve:
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0, 0.6, 400)
    truths = (rng.uniform(0, 1, 400) < chance).astype(np.float64)
    return curve_of(
        BINARY, 0.5, chance, np.where(rng.uniform(0, 1, 400) < flipped, 1 - truths, truths)
    )


def a_cohort(
    day: str, outcomes: Sequence[tuple[VersionId, Curve]], share: float = 1.0, unmatched: int = 0
) -> Cohort:
    return Cohort(
        id=Cohort.id_of("flights", day),
        model="flights",
        partition=day,
        outcomes=tuple(
            Outcome(
                version=version,
                stage="champion" if at == 0 else "shadow",
                key="k",
                predicted=400,
                labelled=400,
                loss=sum(curve.losses) / curve.labelled,
                curve=curve,
            )
            for at, (version, curve) in enumerate(outcomes)
        ),
        labels_hash="l",
        labels_key="l",
        labelled_share=share,
        unmatched=unmatched,
        corrections=0,
        known_until=NOON,
        matures_at=NOON,
    )


def two_windows(scene: Scene) -> None:
    """In B some labels come true the other way, and one column is broken on two of three days."""
    for at, day in enumerate(FIRST):
        scene.store(a_check(day))
        scene.store(a_cohort(day, [(A, learned(at))]))
    for at, day in enumerate(THEN):
        wrong = [broken("wind", ErrorClass.HARD, 4)] if at else [broken("fog", ErrorClass.DRIFT, 9)]
        scene.store(a_check(day, *wrong))
        scene.store(a_cohort(day, [(A, learned(10 + at, flipped=0.2))]))


def test_the_change_of_the_loss_is_parted_and_broken_columns_follow(scene: Scene) -> None:
    two_windows(scene)

    headline, first, second, *causes = said(scene, f"flights {BEFORE} {AFTER}")

    assert f"{BEFORE}, then {AFTER}: the loss of what was served is 0.1" in headline
    assert "on 1,200 and 1,200 labelled rows" in headline
    assert "what the model says comes true in another way" in first
    assert "other rows came" in second
    assert [line.split(" (")[0] for line in causes] == ["• `wind`: wrong", "• `fog`: wrong"]
    assert "hard; on 2 of 3 partitions, before on 0 of 3" in causes[0]


def test_without_labels_the_headline_says_so_and_the_columns_are_named(scene: Scene) -> None:
    scene.store(a_check(FIRST[0]))
    scene.store(a_check(THEN[0], broken("wind", ErrorClass.SOFT, 2)))

    headline, cause = said(scene, f"flights {FIRST[0]} {THEN[0]}")

    assert "how much worse it is is not known, labels are missing" in headline
    assert "`wind`: wrong (soft; on 1 of 1 partition, before on 0 of 1)" in cause


def test_another_version_is_weighed_where_both_predicted(scene: Scene) -> None:
    scene.store(a_cohort(FIRST[0], [(A, learned(1))]))
    scene.store(a_cohort(THEN[0], [(B, learned(2, flipped=0.3)), (A, learned(2))]))

    _, *causes = said(scene, f"flights {FIRST[0]} {THEN[0]}")

    [other] = [cause for cause in causes if "serves in place of" in cause]
    assert "version b serves in place of a, on 400 rows that both predicted" in other
    assert other.startswith("• +0.")


def test_amounts_labels_and_configs_are_named(scene: Scene) -> None:
    scene.store(a_check(FIRST[0], rows=900))
    scene.store(a_check("2013-02-09", rows=300))
    scene.store(a_cohort(FIRST[0], [(A, learned(1))]))
    scene.store(a_cohort("2013-02-09", [(A, learned(2))], share=0.4, unmatched=17))
    scene.ports.sleep(timedelta(days=1).total_seconds())
    scene.applied(a_config(owner="U0GRACE"))

    words = "\n".join(said(scene, "flights 2013-02-08 2013-02-09"))
    amounts = "\n".join(said(scene, f"flights {FIRST[0]} 2013-02-09"))

    assert "other config since 2013-02-09: `owner`" in words
    assert "a partition has 300 rows in the middle, before 900" in amounts
    assert "40 % of the rows have a label, before 100 %" in amounts
    assert "17 labels belong to rows that were never predicted" in amounts


def test_where_nothing_differs_that_is_said(scene: Scene) -> None:
    for day in (FIRST[0], THEN[0]):
        scene.store(a_check(day))

    assert said(scene, f"flights {FIRST[0]} {THEN[0]}")[-1] == (
        "Nothing that is written down differs."
    )


def test_two_versions_are_explained_by_what_made_them(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    libraries = {"python": "3.12"}
    data = (a_used("2013-01-02"), a_used(days_before("2013-01-02", -1)))
    store_version("ver_aaaa", scene.ports)
    made = a_manifest(code_ref="other", environment=libraries, partitions=data)
    store_version("ver_bbbb", scene.ports, manifest=made, made_at=NOON + timedelta(hours=1))
    scene.store(a_challenge("ver_bbbb", against="ver_aaaa", worst_slices=("JFK loses 0.02 more",)))

    out = printed(monkeypatch, capsys, "explain", "flights", "aaaa", "bbbb")

    headline, *causes = out.splitlines()
    assert headline.startswith("Version aaaa, then bbbb: there is no evaluation of both")
    assert [cause.split(". ")[1] for cause in causes] == [
        "other code reads the rows or trains",
        "library: python 3.11 \N{RIGHTWARDS ARROW} 3.12",
        "other rows to learn from: 1 newer day",
        "JFK loses 0.02 more",
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("flights", "Please name the A as well"),
        ("trains 2013-02-01 2013-02-02", "I know no model named `trains`."),
        ("flights 2013-02-01 aaaa", "`aaaa` is no window"),
        ("flights 2013-02-31 2013-02-01", "`2013-02-31` is no window"),
        ("flights zzzz yyyy", "I know no version named `zzzz`."),
    ],
)
def test_what_cannot_be_explained_is_said_in_a_sentence(
    scene: Scene, text: str, answer: str
) -> None:
    assert answer in "\n".join(said(scene, text))
