"""`watchkeeper init`: look at what lies there, write a first config, say what is to be decided."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shlex import quote

from core.domain.errors import Refusal
from infra.local.config_file import read_config
from infra.local.first_config.draft import Draft, decisions, draft, remarks
from infra.local.first_config.place import Place, place_of
from infra.local.first_config.sides import look
from infra.local.first_config.writing import written

Say = Callable[[str], None]


class FileIsThere(Refusal):
    """A file of this name is there: it may be somebody's work."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is there already, and stays as it is: name another with --out.")


class CannotWrite(Refusal):
    """The file cannot be made."""

    def __init__(self, file: Path, reason: str | None) -> None:
        super().__init__(f"{file} cannot be written: {reason}.")


def tell_first_config(said: str, out: Path | None, say: Say) -> None:
    """Write a first config for what lies somewhere.

    Args:
        said: a folder, or `s3://bucket/prefix`.
        out: the file to write; `None`: named for the model, in the working directory.
        say: hears what was written, and what has to be decided.

    Raises:
        FileIsThere, CannotWrite: nothing was written.
        Refusal, BadData: see `look`.
    """
    if out is not None and out.exists():
        raise FileIsThere(out)  # before minutes are spent on looking
    place = place_of(said)
    drafted = draft(look(place), place)
    file = out or Path(f"{drafted.model}.yaml")
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(written(drafted))
    except FileExistsError as error:
        raise FileIsThere(file) from error
    except OSError as error:
        raise CannotWrite(file, error.strerror) from error
    read_config(file)
    for line in _story(file, drafted, place):
        say(line)


def _story(file: Path, drafted: Draft, place: Place) -> list[str]:
    days, read = drafted.features.partitions, drafted.features.read
    looked = f"Looked at {len(read)} of {len(days)} partitions of {drafted.features.prefix}"
    said = f"{len(drafted.watched)} columns, leaves {len(drafted.left_out)} out,"
    return [
        f"{looked}, {days[0]} to {days[-1]}.",
        *(f"Note: {remark}." for remark in remarks(drafted)),
        f"{file} watches {said} and says why. You have to decide:",
        *(f"  {line}" for line in decisions(drafted)),
        f"Then: watchkeeper validate {quote(str(file))}",
        *_tried_out(file, place),
        *([f"Before you apply it: {place.lands}"] if place.lands else ()),
    ]


def _tried_out(file: Path, place: Place) -> Iterator[str]:
    """Say how to see what it would have alerted on; partitions in a bucket cannot be told so."""
    if place.is_folder:
        tried = f"watchkeeper backtest {quote(str(file))} {quote(place.shown)}"
        yield f"To see what would have alerted: {tried}"
