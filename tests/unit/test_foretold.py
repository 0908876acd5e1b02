import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.curve import BINS, Curve, Said, scale_of
from core.domain.foretold import Foretold, Unlabelled
from core.domain.ids import VersionId
from core.domain.target import Target
from functions.arrays import Floats
from functions.ml.judging.said_bins import curve_of, said_bins
from functions.ml.judging.turned_out import turned_out
from tests.unit.judged_rows import BINARY, CLASSES, NUMBER

A = VersionId("ver_a")
QUANTILE = Target.model_validate(
    NUMBER.model_dump() | {"loss": "pinball", "quantile": 0.9, "task": "regression"}
)
counts = st.lists(st.integers(0, 500), min_size=BINS, max_size=BINS).map(tuple)


def drawn(rows: int, seed: int, *, centre: float = 0.5) -> tuple[Floats, Floats]:
    """What a model says that is overconfident, and what comes true; around another centre."""
    rng = np.random.default_rng(seed)
    chance = np.clip(rng.normal(centre, 0.2, rows), 0.01, 0.99)
    said = np.clip(0.5 + 1.4 * (chance - 0.5), 0, 1)
    return said, (rng.uniform(0, 1, rows) < chance).astype(np.float64)


def said_of(target: Target, predictions: Floats, day: str = "2013-02-09") -> Said:
    return Said(
        id=Said.id_of("flights", day),
        model="flights",
        partition=day,
        version=A,
        scale=scale_of(target),
        rows=said_bins(target, predictions),
    )


def foretold(target: Target, curve: Curve, *unlabelled: Unlabelled) -> Foretold:
    return Foretold.of(target, curve, "2013-02-08", unlabelled)


@pytest.mark.parametrize("centre", [0.35, 0.5, 0.65])
def test_what_is_estimated_without_a_label_is_near_what_comes_true(centre: float) -> None:
    learned, truths = drawn(20_000, 1)
    curve = curve_of(BINARY, 0.5, learned, truths)
    said, became = drawn(20_000, 2, centre=centre)

    estimated = foretold(
        BINARY, curve, Unlabelled(said=said_of(BINARY, said), known=None)
    ).estimated

    true = turned_out(BINARY, 0.5, said, became)
    assert estimated is not None
    assert estimated.accuracy == pytest.approx(true.accuracy, abs=0.01)
    assert estimated.brier == pytest.approx(true.loss, abs=0.005)
    naive = float(np.mean(np.maximum(said, 1 - said)))  # believing an overconfident model
    assert abs(naive - (true.accuracy or 0)) > 0.02


def test_several_classes_and_numbers_are_estimated_by_the_same_means() -> None:
    rng = np.random.default_rng(3)
    for target in (CLASSES, NUMBER, QUANTILE):
        if target.classes:
            said = rng.dirichlet([1, 1, 1], 9_000)
            truths = np.array([rng.choice(3, p=row) for row in said], np.float64)
        else:
            low, high = target.between or (0.0, 1.0)
            said = rng.uniform(low, high, 9_000)
            truths = said + rng.normal(0, (high - low) / 20, 9_000)
        half = len(said) // 2
        curve = curve_of(target, 0.5, said[:half], truths[:half])
        rest = Unlabelled(said=said_of(target, said[half:]), known=None)

        found = foretold(target, curve, rest).estimated

        true = turned_out(target, 0.5, said[half:], truths[half:])
        assert found is not None
        for name in ("accuracy", "mean_absolute_error", "mean_pinball_loss"):
            expected = getattr(true, name)
            if expected is not None:
                assert getattr(found, name) == pytest.approx(expected, rel=0.06)


def test_with_all_labels_the_provisional_number_is_what_came_true() -> None:
    said, truths = drawn(500, 4)
    known = curve_of(BINARY, 0.5, said, truths)
    other = curve_of(BINARY, 0.5, *drawn(500, 5))

    found = foretold(BINARY, other, Unlabelled(said=said_of(BINARY, said), known=known))

    assert found.provisional is not None
    assert found.provisional.brier == pytest.approx(turned_out(BINARY, 0.5, said, truths).loss)
    assert (found.labelled_share, found.estimated) == (1, None)


def test_labels_that_come_early_for_the_sure_rows_do_not_make_it_look_better() -> None:
    curve = curve_of(BINARY, 0.5, *drawn(20_000, 6))
    said, truths = drawn(8_000, 7)
    is_sure = np.abs(said - 0.5) > 0.3
    known = curve_of(BINARY, 0.5, said[is_sure], truths[is_sure])

    found = foretold(BINARY, curve, Unlabelled(said=said_of(BINARY, said), known=known)).provisional

    true = turned_out(BINARY, 0.5, said, truths).accuracy
    of_known = turned_out(BINARY, 0.5, said[is_sure], truths[is_sure]).accuracy
    assert found is not None
    assert found.accuracy == pytest.approx(true, abs=0.015)
    assert (of_known or 0) > (true or 1) + 0.05


@given(counts, counts)
def test_curves_add_up_in_any_order(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    first, second = (
        Curve(
            scale="s",
            rows=rows,
            losses=tuple(float(count) / 4 for count in rows),
            mistakes=tuple(float(count) / 2 for count in rows),
        )
        for rows in (one, other)
    )

    assert first.joined_by(second) == second.joined_by(first)
    assert first.joined_by(second).labelled == sum(one) + sum(other)


@given(counts.filter(lambda rows: sum(rows) > 0), counts, st.integers(0, 2**32))
def test_what_is_expected_lies_between_the_best_and_the_worst_bin(
    known: tuple[int, ...], rows: tuple[int, ...], seed: int
) -> None:
    means = np.random.default_rng(seed).uniform(0, 1, BINS)
    losses = tuple(float(count * mean) for count, mean in zip(known, means, strict=True))
    curve = Curve(scale="s", rows=known, losses=losses, mistakes=losses)

    lost, _ = curve.expected(rows)

    filled = means[np.array(known) > 0]
    assert sum(rows) * filled.min() - 1e-6 <= lost <= sum(rows) * filled.max() + 1e-6


def test_a_bin_of_which_little_is_known_counts_with_its_neighbours() -> None:
    rows = [0] * BINS
    rows[9], rows[10], rows[11] = 10, 5, 15
    losses = [0.0] * BINS
    losses[9], losses[10], losses[11] = 1.0, 5.0, 3.0
    curve = Curve(scale="s", rows=tuple(rows), losses=tuple(losses), mistakes=tuple(losses))
    one = tuple(int(place == 10) for place in range(BINS))

    assert curve.expected(one)[0] == pytest.approx(9 / 30)


def test_without_a_partition_nothing_is_said() -> None:
    found = foretold(BINARY, curve_of(BINARY, 0.5, *drawn(100, 8)))

    assert (found.provisional, found.estimated) == (None, None)


def test_the_ends_of_the_scale_fall_into_the_first_and_the_last_bin() -> None:
    rows = said_bins(BINARY, np.array([0.0, 1.0, 0.5, 1.5, -1.0]))

    assert (rows[0], rows[10], rows[-1]) == (2, 1, 2)
