from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from slack_sdk.errors import SlackApiError

from infra.local.slack.local_slack import LocalSlack, http_delivery
from tests.unit.test_local_slack.room import ADA, CHANNEL, SECRET, TOKEN, Clock, Room, error_of


def test_a_report_is_uploaded_into_a_thread(room: Room) -> None:
    root = room.post("incident")

    room.client.files_upload_v2(
        channel=CHANNEL,
        thread_ts=root.ts,
        filename="report.md",
        title="The report",
        content="# What happened",
        initial_comment="Here it is.",
    )

    [reply] = room.slack.thread(CHANNEL, root.ts)
    file = room.slack.workspace.files[reply.file_ids[0]]
    assert reply.text == "Here it is."
    assert (file.title, file.content) == ("The report", b"# What happened")


def test_a_file_that_is_not_shared_is_seen_nowhere(room: Room) -> None:
    uploaded = room.client.files_upload_v2(filename="report.md", content="# What happened")

    assert uploaded["file"]["channels"] == []
    assert room.slack.messages(CHANNEL) == []


def test_an_upload_of_another_length_is_refused(room: Room) -> None:
    url = room.client.files_getUploadURLExternal(filename="a.md", length=3)["upload_url"]

    with pytest.raises(HTTPError) as refusal:
        urlopen(url, data=b"four")  # noqa: S310 - our own loopback address

    with refusal.value as error:
        assert error.code == 400


def test_an_upload_that_nobody_announced_is_refused(room: Room) -> None:
    with pytest.raises(HTTPError) as refusal:
        urlopen(f"{room.slack.workspace.address}/upload/F404", data=b"four")  # noqa: S310 - as above

    with refusal.value as error:
        assert error.read() == b"file_not_found"


def test_an_upload_without_bytes_cannot_be_completed(room: Room) -> None:
    file = room.client.files_getUploadURLExternal(filename="a.md", length=3)["file_id"]

    with pytest.raises(SlackApiError) as refusal:
        room.client.files_completeUploadExternal(files=[{"id": file, "title": "a"}])
    with pytest.raises(SlackApiError) as nothing:
        room.client.files_completeUploadExternal(files=[])

    assert error_of(refusal.value) == "file_not_found"
    assert error_of(nothing.value) == "invalid_arguments"


@contextmanager
def listening_app(status: int) -> Iterator[str]:
    """Serve an app over HTTP that answers everything so."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"said over HTTP")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/slack/events"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("status", [200, 500])
def test_an_app_can_be_reached_over_http(room: Room, status: int) -> None:
    with listening_app(status) as url:
        room.slack.connect(http_delivery(url))
        answer = room.slack.command("/watch", user=ADA, channel=CHANNEL)

    assert (answer.status, answer.body) == (status, "said over HTTP")
    assert len(room.slack.troubles) == (status == 500)


def test_without_an_app_there_is_nobody_to_click_for() -> None:
    clock = Clock()
    with LocalSlack(SECRET, TOKEN, now=clock.now, elapsed=clock.elapsed) as slack:
        slack.add_user(ADA, "Ada")
        with pytest.raises(RuntimeError, match="connect"):
            slack.command("/watch", user=ADA, channel="D1")
