from threading import Event

import pytest

from functions.flows.scoring.time_limit import TooSlow, within


def test_what_is_quick_enough_returns_or_raises_as_if_nothing_were_around_it() -> None:
    assert within(60, "Version a", lambda: 7) == 7

    with pytest.raises(ZeroDivisionError):
        within(60, "Version a", lambda: 1 // 0)


def test_what_hangs_is_left_behind_and_not_started_a_second_time_beside_itself() -> None:
    started, ended = list[str](), Event()

    def hang() -> bool:
        started.append("once")
        return ended.wait(60)

    for _ in range(2):
        with pytest.raises(TooSlow, match=r"Version hung took longer than 0\.05 s"):
            within(0.05, "Version hung", hang)
    ended.set()

    assert started == ["once"]


def test_no_time_at_all_starts_nothing() -> None:
    with pytest.raises(TooSlow):
        within(0, "Version b", lambda: pytest.fail("it was started"))
