"""The desk's requests: what is let in, what goes out; nothing is decided here."""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from pydantic import ValidationError

from infra.local.desk.deeds import parse_deed
from infra.local.slack.records import Json

if TYPE_CHECKING:
    from infra.local.desk.desk import Desk

_PAGE: Final = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/desk.js": ("desk.js", "text/javascript; charset=utf-8"),
    "/desk.css": ("desk.css", "text/css; charset=utf-8"),
    "/favicon.svg": ("favicon.svg", "image/svg+xml"),
}
_JSON: Final = "application/json; charset=utf-8"
_MAX_BODY_BYTES: Final = 1_000_000
_HEARTBEAT_S: Final = 10.0  # a page that went away is noticed by then

# The page asks nobody but us, and nobody else's page shows it in a frame.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Door(BaseHTTPRequestHandler):
    """Answers one connection."""

    server_version = "desk"

    def __init__(self, desk: "Desk", static: Path, *connection: Any) -> None:
        self._desk = desk
        self._static = static
        super().__init__(*connection)

    def do_GET(self) -> None:
        """Serve the page, its state, its news and the uploaded files."""
        address = urlsplit(self.path)
        if not self._is_for_us():
            return
        if address.path in _PAGE:
            name, kind = _PAGE[address.path]
            self._answer(HTTPStatus.OK, (self._static / name).read_bytes(), kind)
        elif address.path == "/state":
            asked = {key: values[-1] for key, values in parse_qs(address.query).items()}
            state = self._desk.state(asked.get("user"), asked.get("channel"))
            self._answer_json(HTTPStatus.OK, state)
        elif address.path == "/events":
            self._tell_changes()
        elif address.path.startswith("/files/"):
            self._answer_file(address.path.removeprefix("/files/"))
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "There is nothing here.")

    def do_POST(self) -> None:
        """Let a person act."""
        if not self._is_for_us():
            return
        if self.headers.get("Origin") != f"http://{self.headers['Host']}":
            self._refuse(HTTPStatus.FORBIDDEN, "Only the desk's own page may act.")
        elif self.path != "/act":
            self._refuse(HTTPStatus.NOT_FOUND, "There is nothing here.")
        else:
            self._act()

    def log_message(self, *_line: object) -> None:
        """Say nothing: the terminal belongs to whoever started the desk."""

    def _act(self) -> None:
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal() or int(size) > _MAX_BODY_BYTES:
            self._refuse(HTTPStatus.BAD_REQUEST, "The desk did not understand how long that is.")
            return
        try:
            deed = parse_deed(self.rfile.read(int(size)))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "the body"
            sentence = f"The desk did not understand that: {first['msg']} ({place})."
            self._refuse(HTTPStatus.BAD_REQUEST, sentence)
            return
        self._answer_json(HTTPStatus.OK, self._desk.act(deed).model_dump(exclude_none=True))

    def _is_for_us(self) -> bool:
        """Refuse names that an outside page could have pointed at the loopback interface."""
        port = self._desk.port
        if self.headers.get("Host") in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            return True
        self._refuse(HTTPStatus.FORBIDDEN, "The desk answers on the loopback interface only.")
        return False

    def _tell_changes(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        changes = self._desk.changes
        seen = changes.number
        try:
            self.wfile.write(b"retry: 1000\n\n")
            while not changes.is_over:
                number = changes.wait_beyond(seen, _HEARTBEAT_S)
                news = (
                    f"event: changed\ndata: {number}\n\n" if number > seen else ": still here\n\n"
                )
                self.wfile.write(news.encode())
                self.wfile.flush()
                seen = number
        except ConnectionError:
            return  # the page was closed: nobody is left to tell

    def _answer_file(self, file_id: str) -> None:
        found = self._desk.file(file_id)
        if found is None:
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such file.")
            return
        name, content = found
        # Anything but a picture is saved and never opened: an upload is no page of ours.
        kind = "image/png" if name.endswith(".png") else "application/octet-stream"
        self._answer(HTTPStatus.OK, content, kind)

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        self._answer_json(status, {"error": sentence})

    def _answer_json(self, status: HTTPStatus, body: Json) -> None:
        self._answer(status, json.dumps(body).encode(), _JSON)

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Security-Policy", _POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            return  # the page did not wait for the answer
