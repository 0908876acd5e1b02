"""Reading goes on while what was read is worked on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

Item = TypeVar("Item")

_NO_MORE: Final[Any] = object()


def one_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Make the next item in a thread of its own while the last one is used; never more than one."""
    with ThreadPoolExecutor(1, "read-ahead") as thread:
        coming = thread.submit(next, items, _NO_MORE)
        while (item := coming.result()) is not _NO_MORE:
            coming = thread.submit(next, items, _NO_MORE)
            yield item
