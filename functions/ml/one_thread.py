"""Small matrices in one thread: several of them wait for each other longer than they work."""

from functools import partial

from threadpoolctl import ThreadpoolController

one_thread = partial(ThreadpoolController().limit, limits=1, user_api="blas")
"""A context; setting it takes microseconds."""
