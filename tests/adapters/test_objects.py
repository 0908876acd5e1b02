import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.adapters.s3.objects import S3Objects
from core.domain.errors import NotThere
from core.ports import ObjectInfo, Objects
from tests.adapters.places import folder_objects, s3_objects


@pytest.fixture(params=[folder_objects, s3_objects])
def objects(request: pytest.FixtureRequest) -> Iterator[Objects]:
    with request.param() as objects:
        yield objects


def info(objects: Objects, key: str) -> ObjectInfo:
    [found] = [found for found in objects.list(key) if found.key == key]
    return found


@pytest.mark.parametrize("body", [b"", b"bytes", bytes(range(256)) * 4000])
def test_what_is_read_is_what_was_stored(objects: Objects, body: bytes) -> None:
    objects.put("models/flights/v1.skops", body)

    assert objects.get("models/flights/v1.skops") == body
    assert info(objects, "models/flights/v1.skops").size_bytes == len(body)


def test_an_object_is_stored_in_place_of_the_one_before(objects: Objects) -> None:
    objects.put("a", b"first")

    objects.put("a", b"second")

    assert objects.get("a") == b"second"


def test_a_new_object_leaves_alone_what_is_there(objects: Objects) -> None:
    assert objects.put_new("a/b", b"first")
    assert not objects.put_new("a/b", b"second")

    assert objects.get("a/b") == b"first"


def test_of_many_writers_of_a_new_object_one_wins(objects: Objects) -> None:
    if isinstance(objects, S3Objects):
        pytest.skip("moto takes no lock: of writers at the same moment it lets two win")
    bodies = [str(number).encode() for number in range(20)]

    with ThreadPoolExecutor(20) as pool:
        won = list(pool.map(lambda body: objects.put_new("once", body), bodies))

    assert won.count(True) == 1
    assert objects.get("once") == bodies[won.index(True)]


def test_an_object_that_is_not_there_has_its_own_error(objects: Objects) -> None:
    objects.put("a/b", b"")

    with pytest.raises(NotThere, match="There is no object a/c"):
        objects.get("a/c")
    with pytest.raises(NotThere, match="There is no object a/c"), objects.local_copy("a/c"):
        pass


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".hidden", "a|b", "a\n", "ä"]
)
def test_a_key_that_leads_elsewhere_is_refused(objects: Objects, key: str) -> None:
    for act in (lambda: objects.put(key, b""), lambda: objects.put_new(key, b"")):
        with pytest.raises(ValueError, match="cannot be the key"):
            act()
    with pytest.raises(ValueError, match="cannot be the key"):
        objects.get(key)
    with pytest.raises(ValueError, match="cannot be the key"), objects.local_copy(key):
        pass


KEYS = [
    "flights/dt=2013-02-08/part-0.parquet",
    "flights/dt=2013-02-08/part-1.parquet",
    "flights/dt=2013-02-09/part-0.parquet",
    "flights_old/part-0",
    "models/v1",
]


def test_objects_are_listed_by_key_below_a_prefix(objects: Objects) -> None:
    for key in reversed(KEYS):
        objects.put(key, b"")

    listed = {
        prefix: [found.key for found in objects.list(prefix)]
        for prefix in ("", "flights", "flights/", "flights/dt=2013-02-08/part-1", "nothing/")
    }

    assert listed == {
        "": KEYS,
        "flights": KEYS[:4],
        "flights/": KEYS[:3],
        "flights/dt=2013-02-08/part-1": KEYS[1:2],
        "nothing/": [],
    }


def test_a_listing_goes_on_after_a_key(objects: Objects) -> None:
    for key in KEYS:
        objects.put(key, b"")

    def after(key: str) -> list[str]:
        return [found.key for found in objects.list("flights/", after=key)]

    assert after(KEYS[0]) == KEYS[1:3]
    assert after("flights/dt=2013-02-08/part-5") == KEYS[2:3]
    assert after("z") == []


def test_a_listing_in_an_empty_place_is_empty(objects: Objects) -> None:
    assert list(objects.list("")) == []


def test_an_etag_changes_when_the_bytes_change_and_not_when_they_are_read(objects: Objects) -> None:
    etags = []
    for body in (b"one", b"two", b"six"):  # of one size, and as fast as the disk can
        objects.put("a", body)
        etags.append(info(objects, "a").etag)

    objects.get("a")

    assert len(set(etags)) == 3
    assert info(objects, "a").etag == etags[-1]


def test_an_object_says_when_it_was_written(objects: Objects) -> None:
    objects.put("a", b"bytes")

    written = info(objects, "a").modified_at

    assert written.utcoffset() == timedelta(0)
    assert abs(written.timestamp() - time.time()) < 60


def test_an_object_is_lent_as_a_file(objects: Objects) -> None:
    objects.put("a/b.parquet", b"bytes")

    with objects.local_copy("a/b.parquet") as path:
        assert path.read_bytes() == b"bytes"
        assert path.name == "b.parquet"

    assert objects.get("a/b.parquet") == b"bytes"
