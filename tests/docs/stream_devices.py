"""The devices of the examples for bytes: a console, and what frames in ways of its own."""

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
