"""As much of WebSocket (RFC 6455) as one server needs for whole text messages."""

import struct
from base64 import b64encode
from hashlib import sha1
from io import BufferedIOBase
from itertools import cycle
from threading import Lock
from typing import Final

_MAGIC: Final = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # given by the RFC
_FINAL: Final = 0x80
_TEXT: Final = 0x1
_CLOSE: Final = 0x8
_PING: Final = 0x9
_PONG: Final = 0xA
_TWO_BYTE_LENGTH: Final = 126
_EIGHT_BYTE_LENGTH: Final = 127
_GOING_AWAY: Final = struct.pack("!H", 1001)


def handshake(key: str) -> bytes:
    """Write the answer that turns an HTTP connection into a WebSocket."""
    digest = sha1(f"{key}{_MAGIC}".encode(), usedforsecurity=False).digest()
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {b64encode(digest).decode()}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class WebSocket:
    """The server's end of one connection; sending is safe from any thread."""

    def __init__(self, reader: BufferedIOBase, writer: BufferedIOBase) -> None:
        self._reader = reader
        self._writer = writer
        self._writing = Lock()

    def shake_hands(self, key: str) -> None:
        """Answer the upgrade; nothing is sent before it."""
        self._write(handshake(key))

    def send(self, text: str) -> None:
        """Send one message."""
        self._write(_frame(_TEXT, text.encode()))

    def close(self) -> None:
        """Say goodbye; the other side closes."""
        self._write(_frame(_CLOSE, _GOING_AWAY))

    def receive(self) -> str | None:
        """Wait for the next message, answering pings; None when the other side is gone."""
        while True:
            opcode, content = self._read_frame()
            if opcode == _TEXT:
                return content.decode()
            if opcode == _PING:
                self._write(_frame(_PONG, content))
            if opcode == _CLOSE:
                return None

    def _read_frame(self) -> tuple[int, bytes]:
        try:
            head = self._read(2)
            length = head[1] & 0x7F
            if length == _TWO_BYTE_LENGTH:
                length = int.from_bytes(self._read(2))
            elif length == _EIGHT_BYTE_LENGTH:
                length = int.from_bytes(self._read(8))
            mask = self._read(4)  # a client always masks
            content = self._read(length)
        except OSError:
            return _CLOSE, b""
        unmasked = bytes(byte ^ key for byte, key in zip(content, cycle(mask), strict=False))
        return head[0] & 0x0F, unmasked

    def _read(self, size: int) -> bytes:
        content = self._reader.read(size)
        if len(content) < size:
            raise ConnectionResetError
        return content

    def _write(self, content: bytes) -> None:
        with self._writing:
            self._writer.write(content)
            self._writer.flush()


def _frame(opcode: int, content: bytes) -> bytes:
    length = len(content)
    if length < _TWO_BYTE_LENGTH:
        size = bytes([length])
    elif length < 1 << 16:
        size = struct.pack("!BH", _TWO_BYTE_LENGTH, length)
    else:
        size = struct.pack("!BQ", _EIGHT_BYTE_LENGTH, length)
    return bytes([_FINAL | opcode]) + size + content
