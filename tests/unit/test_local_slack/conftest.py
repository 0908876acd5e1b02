from collections.abc import Iterator

import pytest

from tests.unit.test_local_slack.room import Room, new_room


@pytest.fixture
def room() -> Iterator[Room]:
    """A running local Slack in which nothing happened yet."""
    with new_room() as room:
        yield room
