"""Where a person's partitions lie now, and how a config would name these places."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from shlex import quote
from typing import Final

from pydantic import TypeAdapter, ValidationError

from core.adapters.folder.objects import FolderObjects
from core.domain.data_config import OUR_OWN, Complete, KeyPrefix
from core.domain.errors import Refusal
from core.domain.partition import format_of, split_key
from core.ports import ObjectInfo, Objects
from infra.local.first_config.completing import complete_by, file_of
from infra.local.first_config.no_partitions import NoPartitions, NothingThere

MOST_OBJECTS: Final = 100_000
"""As many are listed; what lies behind them is not seen."""
_S3: Final = "s3://"
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")  # as S3 asks
_OBJECTS: Final = "objects"  # the folder of one box whose content config and bucket name alike
_NOT_IN_A_PREFIX: Final = re.compile(r"[^A-Za-z0-9_-]+")
_PREFIX: Final = TypeAdapter[str](KeyPrefix)


class NoBucket(Refusal):
    """What was said names no bucket."""

    def __init__(self, said: str) -> None:
        super().__init__(f"{said} names no bucket: write s3://bucket/prefix.")


class NoSuchFolder(Refusal):
    """There is no such folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"There is no folder {folder}; for a bucket write s3://bucket/prefix.")


@dataclass(frozen=True)
class Landed:
    """All partitions under one prefix."""

    prefix: str
    """As a config names it."""
    partitions: dict[str, list[ObjectInfo]]
    """Objects with data by partition, oldest first."""
    complete: Complete = field(default_factory=Complete)
    """What shows in each of them that it is complete."""


@dataclass(frozen=True)
class Listing:
    """What lies in a place."""

    landed: list[Landed]
    """By prefix."""
    is_whole: bool
    """Whether all of it was listed."""


@dataclass(frozen=True)
class Place:
    """A folder or a part of a bucket that somebody pointed at."""

    objects: Objects
    listed: str
    """The keys that belong to it begin so."""
    shown: str
    """How the person named it."""
    landing: str | None = None
    """What a config writes in front of a key; `None` where keys already are what it needs."""
    is_renamed: bool = False
    """The folder's own name cannot stand in a config, so its partitions have to move."""
    lands: str | None = None
    """Where it has to lie before the config is applied; `None` where it does already."""

    @property
    def is_folder(self) -> bool:
        """Whether it is on this machine."""
        return not self.shown.startswith(_S3)

    def listing(self) -> Listing:
        """Find the prefixes that hold partitions.

        Raises:
            NothingThere, NoPartitions: there is none.
        """
        found: dict[str, dict[str, list[ObjectInfo]]] = defaultdict(lambda: defaultdict(list))
        example: str | None = None
        listed = self.objects.list(self.listed)
        for stored in islice(listed, MOST_OBJECTS):
            split = split_key(self._named(stored.key))
            if split is not None and _is_prefix(split[0]):
                found[split[0]][split[1]].append(stored)
            elif example is None or not format_of(example):
                example = stored.key
        landed = [
            _landed(prefix, dict(sorted(partitions.items())), self.objects)
            for prefix, partitions in sorted(found.items())
        ]
        landed = [one for one in landed if one.partitions]
        if not landed and example is None:
            raise NothingThere(self.shown)
        if not landed and example is not None:
            raise NoPartitions(
                self.shown,
                example,
                self._named(example),
                self.objects,
                is_folder=self.is_folder,
            )
        return Listing(landed, is_whole=next(listed, None) is None)

    def _named(self, key: str) -> str:
        return f"{self.landing}/{key}" if self.landing else key


def place_of(said: str) -> Place:
    """Open what a person named: a folder, or `s3://bucket/prefix`.

    Raises:
        NoSuchFolder, NoBucket: there is no such place.
        NoPartitions: it is a file.
    """
    if said.startswith(_S3):
        bucket, _, prefix = said.removeprefix(_S3).partition("/")
        if not _BUCKET.fullmatch(bucket):
            raise NoBucket(said)
        from core.adapters.aws_clients import AwsClients  # noqa: PLC0415 - no boto3 for a folder
        from core.adapters.s3.objects import S3Objects  # noqa: PLC0415 - the same

        below = f"{prefix.rstrip('/')}/" if prefix else ""
        of_aws = f"{said} has to be in the bucket of the deployment, by the same names"
        return Place(S3Objects(AwsClients().s3, bucket), below, said, lands=of_aws)
    folder = Path(said)
    if folder.is_file():
        above = folder.parent
        raise NoPartitions(str(above), folder.name, folder.name, FolderObjects(above.resolve()))
    if not folder.is_dir():
        raise NoSuchFolder(folder)
    whole = folder.resolve()
    landing, is_renamed = _landing(whole)
    store = f"$WATCHKEEPER_FOLDER/{_OBJECTS}"
    copied = f'mkdir -p "{store}" && cp -r {quote(said)} "{store}/{landing}"'
    of_box = f"{said} has to lie at {store}/{landing}, on one box:\n  {copied}"
    lands = None if _OBJECTS in whole.parts else of_box
    return Place(FolderObjects(whole), "", said, landing, is_renamed, lands)


def _landing(folder: Path) -> tuple[str | None, bool]:
    """Say where in the objects of one box a folder lies, or should lie."""
    parts = list(folder.parts)
    if _OBJECTS in parts:
        below = parts[len(parts) - parts[::-1].index(_OBJECTS) :]
        return "/".join(below) or None, False
    plain = _NOT_IN_A_PREFIX.sub("-", folder.name).strip("-") or "data"
    name = f"my-{plain}" if plain in OUR_OWN else plain
    return name, name != folder.name


def _is_prefix(name: str) -> bool:
    try:
        _PREFIX.validate_python(name)
    except ValidationError:
        return False
    return name.split("/", maxsplit=1)[0] not in OUR_OWN


def _landed(prefix: str, stored: dict[str, list[ObjectInfo]], objects: Objects) -> Landed:
    """Tell data from what only says that it is complete."""
    complete = complete_by(stored, objects)
    data = {
        name: [one for one in found if format_of(one.key) and file_of(one) != complete.manifest]
        for name, found in stored.items()
    }
    return Landed(prefix, {name: found for name, found in data.items() if found}, complete)


def spread(names: list[str], most: int) -> Iterator[str]:
    """Pick the newest, the oldest, and some between them at even distances; oldest first.

    >>> list(spread(["a", "b", "c", "d", "e"], 3))
    ['a', 'c', 'e']
    """
    last = len(names) - 1
    if last < most:
        yield from names
        return
    yield from (names[round(i * last / (most - 1))] for i in range(most))
