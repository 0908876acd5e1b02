from collections.abc import Iterator

import pytest

from core.ports import Records
from tests.adapters.places import dynamo_records, sqlite_records


@pytest.fixture(params=[sqlite_records, dynamo_records])
def records(request: pytest.FixtureRequest) -> Iterator[Records]:
    with request.param() as records:
        yield records
