import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.failure import Failure, WrongLabel, truth_of
from core.domain.target import Target
from tests.unit.judged_rows import BINARY, CLASSES, NUMBER


@pytest.mark.parametrize(
    ("label", "target", "truth"),
    [("1", BINARY, 1), ("0", BINARY, 0), ("c", CLASSES, 2), ("-3.5", NUMBER, -3.5)],
)
def test_a_label_is_read_as_the_evaluator_does(label: str, target: Target, truth: float) -> None:
    assert truth_of(label, target) == truth


@pytest.mark.parametrize(
    ("label", "target", "offered"),
    [
        ("2", BINARY, "0 or 1"),
        ("yes", BINARY, "0 or 1"),
        ("d", CLASSES, "one of a, b, c"),
        ("nan", NUMBER, "a number"),
        ("inf", NUMBER, "a number"),
        ("late", NUMBER, "a number"),
    ],
)
def test_a_label_that_the_target_has_not_is_refused_with_those_it_has(
    label: str, target: Target, offered: str
) -> None:
    with pytest.raises(WrongLabel, match=f"`{label}` is no label of .*: it is {offered}"):
        truth_of(label, target)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(label: str) -> None:
    for target in (BINARY, CLASSES, NUMBER):
        try:
            truth_of(label, target)
        except WrongLabel as refused:
            assert "is no label of" in str(refused)  # noqa: PT017 - either of the two may happen


def test_each_row_has_one_failure() -> None:
    ids = {Failure.id_of("flights", "2013-01-01", key) for key in ("a", "b", "a")}

    assert len(ids) == 2
