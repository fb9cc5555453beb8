"""The server's side of WebSocket (RFC 6455): as much as one well-behaved client needs."""

import base64
import hashlib
import struct
from collections.abc import Iterator
from io import BufferedIOBase

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
MORE, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FINAL = 0x80


def accept_key(key: str) -> str:
    """Return what the client expects in Sec-WebSocket-Accept."""
    return base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()


class WebSocket:
    """One connection after its handshake: messages in, messages out."""

    def __init__(self, reader: BufferedIOBase, writer: BufferedIOBase) -> None:
        self._reader = reader
        self._writer = writer

    def messages(self) -> Iterator[str | bytes]:
        """Yield whole messages until the client leaves."""
        kind, whole = MORE, b""
        for final, code, payload in self._frames():
            if code in {TEXT, BINARY, MORE}:
                kind, whole = code or kind, whole + payload
                if final:
                    yield whole.decode() if kind == TEXT else whole
                    whole = b""
            elif code == PING:
                self._send(PONG, payload)
            elif code == CLOSE:
                self._send(CLOSE, payload)
                return

    def _frames(self) -> Iterator[tuple[bool, int, bytes]]:
        while len(head := self._reader.read(2)) == 2:
            size = head[1] & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", self._reader.read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self._reader.read(8))
            mask = self._reader.read(4)
            payload = self._reader.read(size)
            yield bool(head[0] & FINAL), head[0] & 0x0F, unmask(payload, mask)

    def send(self, message: str) -> None:
        """Send one text."""
        self._send(TEXT, message.encode())

    def _send(self, code: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            length = bytes([size])
        elif size < 1 << 16:
            length = struct.pack(">BH", 126, size)
        else:
            length = struct.pack(">BQ", 127, size)
        self._writer.write(bytes([FINAL | code]) + length + payload)
        self._writer.flush()


def unmask(payload: bytes, mask: bytes) -> bytes:
    """Return the payload as it was before the client masked it."""
    repeated = (mask * (len(payload) // 4 + 1))[: len(payload)]
    plain = int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")
    return plain.to_bytes(len(payload), "big")
