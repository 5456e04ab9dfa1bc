"""A projector by lines that end with CR: it greets on each connection, then answers."""

from typing import Self

from tests.tcp import Connection, Server


class Projector:
    """It knows `POWR ?`, `POWR 0` and `POWR 1`; all else it does not answer."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.power = "0"
        self.greeting = "LINK 0"
        self._server = Server(Connection, self._serve, self.host)

    @property
    def port(self) -> int:
        return self._server.port

    async def __aenter__(self) -> Self:
        await self._server.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    async def _serve(self, connection: Connection) -> None:
        with connection.until_gone():
            connection.write(f"{self.greeting}\r".encode())
            async for line in connection.lines(b"\r"):
                if (answer := self._answer(line.decode().strip())) is not None:
                    connection.write(f"{answer}\r".encode())

    def _answer(self, line: str) -> str | None:
        match line.split(" "):
            case ["POWR", "?"]:
                return f"POWR={self.power}"
            case ["POWR", "0" | "1" as power]:
                self.power = power
                return "POWR=OK"
            case _:
                return None
