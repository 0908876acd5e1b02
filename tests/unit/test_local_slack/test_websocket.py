from io import BytesIO

import pytest

from infra.local.slack.websocket import WebSocket, handshake

MASK = b"\x01\x02\x03\x04"


def from_client(opcode: int, content: bytes) -> bytes:
    """Write a frame as a client does: masked."""
    size = len(content)
    if size < 126:
        head = bytes([0x80 | opcode, 0x80 | size])
    elif size < 1 << 16:
        head = bytes([0x80 | opcode, 0x80 | 126]) + size.to_bytes(2)
    else:
        head = bytes([0x80 | opcode, 0x80 | 127]) + size.to_bytes(8)
    masked = bytes(byte ^ MASK[index % 4] for index, byte in enumerate(content))
    return head + MASK + masked


def test_the_handshake_is_the_one_in_the_rfc() -> None:
    answer = handshake("dGhlIHNhbXBsZSBub25jZQ==")

    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_message_of_any_length_is_read(length: int) -> None:
    socket = WebSocket(BytesIO(from_client(0x1, b"x" * length)), BytesIO())

    assert socket.receive() == "x" * length


@pytest.mark.parametrize(
    ("length", "head"),
    [
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_message_of_any_length_is_sent(length: int, head: bytes) -> None:
    sent = BytesIO()

    WebSocket(BytesIO(), sent).send("x" * length)

    assert sent.getvalue() == head + b"x" * length


def test_a_ping_is_answered_and_a_pong_is_passed_over() -> None:
    sent = BytesIO()
    frames = from_client(0x9, b"are you there") + from_client(0xA, b"") + from_client(0x1, b"hi")

    message = WebSocket(BytesIO(frames), sent).receive()

    assert message == "hi"
    assert sent.getvalue() == b"\x8a\x0dare you there"


@pytest.mark.parametrize("frames", [from_client(0x8, b""), b"", b"\x81", b"\x81\x85\x01\x02"])
def test_a_goodbye_or_a_broken_line_ends_the_talk(frames: bytes) -> None:
    assert WebSocket(BytesIO(frames), BytesIO()).receive() is None


def test_a_goodbye_says_that_the_server_goes_away() -> None:
    sent = BytesIO()

    WebSocket(BytesIO(), sent).close()

    assert sent.getvalue() == b"\x88\x02\x03\xe9"
