"""Small matrices in one thread: several of them wait for each other longer than they work."""

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """Multiply in one thread as long as this is entered; entering it takes microseconds."""
    found: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return found


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()  # those that are loaded when it is first asked for
