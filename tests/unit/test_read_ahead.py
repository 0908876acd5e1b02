from collections.abc import Iterator
from threading import Event, active_count

import pytest

from functions.data.read_ahead import one_ahead

SOON = 10  # seconds, until a test that hangs fails


def test_what_is_read_ahead_comes_in_its_order() -> None:
    assert list(one_ahead(iter(range(100)))) == list(range(100))
    assert list(one_ahead(iter(()))) == []


def test_the_next_item_is_made_while_the_last_one_is_used_and_no_further_one() -> None:
    made, begun = list[int](), [Event() for _ in range(4)]

    def items() -> Iterator[int]:
        for i, event in enumerate(begun):
            made.append(i)
            event.set()
            yield i

    ahead = one_ahead(items())

    assert next(ahead) == 0
    assert begun[1].wait(SOON)
    assert made == [0, 1]
    assert list(ahead) == [1, 2, 3]


def test_what_reading_raises_comes_after_what_was_read() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("damaged")

    ahead = one_ahead(items())

    assert next(ahead) == 1
    with pytest.raises(ValueError, match="damaged"):
        next(ahead)


def test_whoever_stops_early_leaves_no_thread_behind() -> None:
    before = active_count()

    for item in one_ahead(iter(range(100))):
        if item == 1:
            break

    assert active_count() == before
