"""What holds of the folder alone: foreign files, whole files, and who may read them."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from core.adapters.folder.objects import FolderObjects
from core.adapters.folder.second_route import FileSecondRoute
from core.adapters.folder.secrets import folder_secrets
from core.config import OneBoxSettings, Secrets, WrongSettings
from core.domain.errors import Unavailable
from tests.builders import NOON


def test_a_file_that_somebody_copies_into_the_folder_is_an_object(tmp_path: Path) -> None:
    (tmp_path / "flights").mkdir()
    (tmp_path / "flights/part-0.parquet").write_bytes(b"bytes")

    [found] = FolderObjects(tmp_path).list("flights/")

    assert (found.key, found.size_bytes) == ("flights/part-0.parquet", 5)
    assert FolderObjects(tmp_path).get(found.key) == b"bytes"


def test_files_that_cannot_be_objects_are_passed_over(tmp_path: Path) -> None:
    for name in (".DS_Store", "my|file.parquet", ".git"):
        (tmp_path / name).write_bytes(b"")

    assert list(FolderObjects(tmp_path).list("")) == []


def test_a_file_that_vanishes_while_one_lists_is_passed_over(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    for key in ("a", "b", "c"):
        objects.put(key, b"")

    listing = objects.list("")
    seen = [next(listing).key]
    (tmp_path / "b").unlink()
    seen += [found.key for found in listing]

    assert seen == ["a", "c"]


def test_nothing_but_the_object_is_left_in_the_folder(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)

    objects.put("a", b"1")
    objects.put_new("a", b"2")
    objects.put("a", b"3")

    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0  # for the owner only


def test_a_folder_that_does_not_take_it_says_so(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    objects.put("a", b"")

    with pytest.raises(Unavailable, match="did not take or give a/b: "):
        objects.put("a/b", b"")


def numbers() -> Callable[[int], int]:
    """Return random numbers that are not."""
    counter = count(1)
    return lambda _bits: next(counter)


def a_box(folder: Path, **given: str) -> OneBoxSettings:
    return OneBoxSettings.model_validate({"WATCHKEEPER_FOLDER": folder, **given})


def shown(known: Secrets) -> list[str | None]:
    app_token = known.slack_app_token
    return [
        known.slack_bot_token.get_secret_value(),
        known.slack_signing_secret.get_secret_value(),
        known.artefact_key.get_secret_value(),
        app_token.get_secret_value() if app_token else None,
    ]


def test_secrets_are_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    chance = numbers()
    first = folder_secrets(a_box(tmp_path), chance)

    second = folder_secrets(a_box(tmp_path), chance)

    assert second == first
    bot_token, signing_secret, artefact_key, app_token = shown(first)
    assert len({bot_token, signing_secret, artefact_key}) == 3
    assert (bot_token or "").startswith("xoxb-")
    assert app_token is None
    files = list((tmp_path / "secrets").iterdir())
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_secrets_that_are_given_are_taken_and_not_kept(tmp_path: Path) -> None:
    box = a_box(
        tmp_path,
        SLACK_BOT_TOKEN="xoxb-1",  # noqa: S106 - opens nothing
        SLACK_SIGNING_SECRET="sign",  # noqa: S106 - opens nothing
        SLACK_APP_TOKEN="xapp-1",  # noqa: S106 - opens nothing
    )

    known = folder_secrets(box, numbers())

    bot_token, signing_secret, _, app_token = shown(known)
    assert (bot_token, signing_secret, app_token) == ("xoxb-1", "sign", "xapp-1")
    assert [file.name for file in (tmp_path / "secrets").iterdir()] == ["artefact_key"]


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    folder_secrets(a_box(tmp_path), numbers())
    (tmp_path / "secrets/artefact_key").chmod(0o640)

    with pytest.raises(WrongSettings, match=r"others can read .*artefact_key; `chmod 600` it"):
        folder_secrets(a_box(tmp_path), numbers())


def test_what_takes_the_second_route_is_a_line_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "second_route.jsonl"

    for headline in ("Slack is down", "Slack is still\ndown"):
        FileSecondRoute(path, lambda: NOON).tell(headline, "2 alerts wait for Zoë.")

    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["headline"] for line in lines] == ["Slack is down", "Slack is still\ndown"]
    assert lines[0] == {
        "at": "2013-02-08T12:00:00+00:00",
        "headline": "Slack is down",
        "text": "2 alerts wait for Zoë.",
    }


def test_a_second_route_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="The second route failed: "):
        FileSecondRoute(tmp_path / "no folder/file", lambda: NOON).tell("Slack is down", "")
