"""The loopback HTTP server: Web API, response urls, uploads, sockets. It routes and decodes."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.local.slack.methods.files import receive_upload
from infra.local.slack.records import ApiError, Json
from infra.local.slack.response_urls import respond, status_of
from infra.local.slack.socket_mode import SocketMode
from infra.local.slack.web_api import Reply, WebApi
from infra.local.slack.workspace import Workspace

_POLL_S = 0.02  # how soon a stop is noticed


class SlackServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1 and nowhere else."""

    daemon_threads = True

    def __init__(self, api: WebApi, sockets: SocketMode, workspace: Workspace, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler, bind_and_activate=False)
        self.server_bind()  # the address is known at once; who calls too early is refused
        self.api = api
        self.sockets = sockets
        self.workspace = workspace
        self._thread = Thread(target=self.serve_forever, args=(_POLL_S,), daemon=True)

    @property
    def address(self) -> str:
        """Say where it listens, such as `http://127.0.0.1:40123`."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        self.server_activate()
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self.sockets.close()
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: SlackServer
    wbufsize = -1  # one packet per answer: headers and body apart wait for each other
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._route()

    def do_POST(self) -> None:
        self._route()

    def log_message(self, *_: object) -> None:
        """Keep quiet: the calls are in the log of the Web API."""

    def _route(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind, _, name = urlsplit(self.path).path.strip("/").partition("/")
        match kind:
            case "api":
                self._send(self._call(name, body))
            case "response":
                self._send(self._respond(name, body))
            case "socket" if self.server.sockets.admit(name):
                key = self.headers.get("Sec-WebSocket-Key", "")
                self.server.sockets.serve(key, self.rfile, self.wfile)
            case "upload":
                self._send(self._upload(name, body))
            case _:
                self._send(Reply(404, "no such page"))

    def _call(self, method: str, body: bytes) -> Reply | None:
        arguments = self._arguments(body)
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        token = str(arguments.pop("token", bearer))
        return self.server.api.answer(method, token, arguments)

    def _respond(self, name: str, body: bytes) -> Reply:
        try:
            respond(self.server.workspace, name, self._arguments(body))
        except ApiError as error:
            return Reply(status_of(error), json.dumps({"ok": False, "error": error.code}))
        return Reply(200, "ok", {"Content-Type": "text/plain"})

    def _upload(self, file_id: str, body: bytes) -> Reply:
        try:
            receive_upload(self.server.workspace, file_id, body)
        except ApiError as error:
            return Reply(400, error.code)
        return Reply(200, f"OK - {len(body)}", {"Content-Type": "text/plain"})

    def _arguments(self, body: bytes) -> Json:
        arguments: dict[str, Any] = dict(parse_qsl(urlsplit(self.path).query))
        if "json" in self.headers.get("Content-Type", ""):
            return arguments | dict(json.loads(body or b"{}"))
        return arguments | dict(parse_qsl(body.decode(), keep_blank_values=True))

    def _send(self, reply: Reply | None) -> None:
        if reply is None:
            self.close_connection = True
            return
        content = reply.body.encode()
        self.send_response(reply.status)
        headers = {"Content-Type": "application/json; charset=utf-8"} | reply.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
