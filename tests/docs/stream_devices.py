"""The devices of the examples for bytes: a console, and what frames in ways of its own."""

import asyncio
import re
from typing import Any, ClassVar, override

from tests.tcp import Connection

from .devices import TcpDevice


class Console(TcpDevice):
    """A prompt; it repeats what is typed wrongly."""

    id = "CON7"
    first: ClassVar[dict[str, Any]] = {"on": False, "locked": False}
    password = ""

    @override
    async def _attend(self, connection: Connection) -> None:
        connection.write(b"Console 1.0\nlogin: ")
        async for line in connection.lines():
            if line.decode() != f"admin {self.password}\n":
                connection.write(b"denied: " + line + b"\n> ")
                return
            break
        connection.write(b"welcome\n> ")
        async for line in connection.lines():
            connection.write(self.answer(line))

    @override
    def answer(self, message: bytes) -> bytes:
        return f"{self._reply(message.decode().split())}\n> ".encode()

    def _reply(self, words: list[str]) -> str:
        match words:
            case ["serial"]:
                return self.id
            case ["relay", _] if self.state["locked"]:
                return "error: locked"
            case ["relay", to]:
                self.state["on"] = to == "on"
            case ["relay"]:
                pass
            case _:
                return "error: unknown command"
        return "on" if self.state["on"] else "off"


class Dimmer(TcpDevice):
    """Frames with lengths of variable size; after `hello` of two bytes, with a cipher."""

    id = "DIM3"
    first: ClassVar[dict[str, Any]] = {"level": 10, "stuck": False}
    key = 0x5A

    @override
    async def _attend(self, connection: Connection) -> None:
        assert await connection.reader.readexactly(6) == b"\x05hello"
        # what follows at once is of the new kind
        connection.write(bytes([1, self.key]) + self.framed(b"!level %d" % self.state["level"]))
        await super()._attend(connection)

    @override
    async def read(self, reader: asyncio.StreamReader) -> bytes:
        length = int.from_bytes(await reader.readexactly(2))
        return self._ciphered(await reader.readexactly(length))

    def _ciphered(self, data: bytes) -> bytes:
        return bytes(byte ^ self.key for byte in data)

    @override
    def answer(self, message: bytes) -> bytes:
        match message.split():
            case [b"serial"]:
                return self.framed(self.id.encode())
            case [b"level", level]:
                self.state["level"] = int(level)
            case _:
                pass
        return self.framed(b"level %d" % self.state["level"])

    def framed(self, message: bytes) -> bytes:
        return len(message).to_bytes(2) + self._ciphered(message)

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        self.say(self.framed(b"!level %d" % self.state["level"]))


class Intercom(TcpDevice):
    """Messages as RTSP has them."""

    id = "ICOM1"
    first: ClassVar[dict[str, Any]] = {"on": False, "locked": False}
    in_chunks: ClassVar[bool] = False
    """Whether it sends bodies in chunks."""

    @override
    async def read(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        return head + await reader.readexactly(int(length[1]) if length else 0)

    @override
    def answer(self, message: bytes) -> bytes:
        head, _, body = message.partition(b"\r\n\r\n")
        number = re.findall(rb"CSeq: (\d+)", head)[0]
        start, answer = b"ICOM/1.0 200 OK", b"on" if self.state["on"] else b"off"
        match head.split()[0]:
            case b"DESCRIBE":
                answer = self.id.encode()
            case b"SET" if self.state["locked"]:
                start, answer = b"ICOM/1.0 423 Locked", b""
            case b"SET":
                self.state["on"] = body == b"on"
            case _:
                pass
        return self.message(start, b"cseq: " + number, answer)

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        body = b"on" if self.state["on"] else b"off"
        self.say(self.message(b"NOTIFY / ICOM/1.0", b"Server: Intercom", body))

    def message(self, start: bytes, header: bytes, body: bytes) -> bytes:
        if self.in_chunks:
            return b"%b\r\n%b\r\nTransfer-Encoding: chunked\r\n\r\n%b" % (
                start,
                header,
                chunks(body),
            )
        return b"%b\r\n%b\r\nContent-Length: %d\r\n\r\n%b" % (start, header, len(body), body)


def chunks(body: bytes) -> bytes:
    """Return a body in chunks of a byte, with extensions and a trailer."""
    sent = b"".join(b"1;part=%d\r\n%c\r\n" % each for each in enumerate(body))
    return sent + b"0\r\nChecked: yes\r\n\r\n"
