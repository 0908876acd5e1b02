"""Socket Mode: addresses, the open sockets, envelopes sent through the newest, their acks."""

import json
from io import BufferedIOBase
from queue import Empty, Queue

from infra.local.slack.envelope import ACK_WITHIN_S, Envelope
from infra.local.slack.records import APP_ID, Json
from infra.local.slack.signing import Answer
from infra.local.slack.websocket import WebSocket
from infra.local.slack.workspace import Workspace


class SocketMode:
    """The open sockets of the app under test; while there is one, nothing goes over HTTP."""

    def __init__(self, ack_within_s: float = ACK_WITHIN_S) -> None:
        self.ack_within_s = ack_within_s
        self._sockets: list[WebSocket] = []
        self._tickets: set[str] = set()
        self._acks: dict[str, Queue[Answer]] = {}

    @property
    def is_open(self) -> bool:
        """Say whether an app is connected."""
        return bool(self._sockets)

    def open_connection(self, workspace: Workspace, _arguments: Json) -> Json:
        """Serve `apps.connections.open`: an address that works once."""
        ticket = workspace.next_id("S")
        self._tickets.add(ticket)
        return {"url": f"{workspace.address.replace('http', 'ws', 1)}/socket/{ticket}"}

    def admit(self, ticket: str) -> bool:
        """Say whether this address was handed out, and take it back."""
        was_issued = ticket in self._tickets
        self._tickets.discard(ticket)
        return was_issued

    def serve(self, key: str, reader: BufferedIOBase, writer: BufferedIOBase) -> None:
        """Talk to one app until it goes away."""
        socket = WebSocket(reader, writer)
        self._sockets.append(socket)  # before the handshake: who is connected is reachable
        try:
            socket.shake_hands(key)
            socket.send(self._hello())
            while (message := socket.receive()) is not None:
                self._take_ack(json.loads(message))
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)

    def send(self, envelope: Envelope, envelope_id: str) -> Answer:
        """Send an envelope and wait for its ack; 504 when none comes in time."""
        acks = self._acks[envelope_id] = Queue()
        message: Json = {
            "envelope_id": envelope_id,
            "type": envelope.kind,
            "payload": envelope.payload,
            "accepts_response_payload": envelope.kind != "events_api",
        }
        if envelope.kind == "events_api":
            reason = "http_error" if envelope.retry else ""
            message |= {"retry_attempt": envelope.retry, "retry_reason": reason}
        self._sockets[-1].send(json.dumps(message))
        try:
            return acks.get(timeout=self.ack_within_s)
        except Empty:
            return Answer(504)
        finally:
            del self._acks[envelope_id]

    def refresh(self) -> None:
        """Ask the apps to connect anew, as Slack does every few hours."""
        for socket in list(self._sockets):
            socket.send(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    def close(self) -> None:
        """Close all sockets."""
        for socket in list(self._sockets):
            socket.close()

    def _hello(self) -> str:
        hello = {
            "type": "hello",
            "num_connections": len(self._sockets),
            "connection_info": {"app_id": APP_ID},
        }
        return json.dumps(hello)

    def _take_ack(self, message: Json) -> None:
        waiting = self._acks.get(str(message.get("envelope_id")))
        if waiting is not None:
            payload = message.get("payload")
            waiting.put(Answer(200, body=json.dumps(payload) if payload else ""))
