"""A device that forgets nothing: it lets in who has a token of it, and has parts that come and go.

JSON lines over TCP, at two ports. Before `login`, only `info` and `pair` are answered.
"""

import json
import secrets
from typing import Any, Self

from tests.real.client import Json
from tests.tcp import Connection, Server

PIN = "4711"


class VaultError(Exception):
    """A request that is refused."""


class Vault:
    """The device; an async context manager."""

    def __init__(self, number: int, host: str) -> None:
        self.id = f"vault-{number}"
        self.host = host
        self.ports = (20000 + 2 * number, 20001 + 2 * number)
        self.tokens = set[str]()
        """Those that it takes now; each pairing makes another one."""
        self.on = False
        self.lamp = False
        """What the user set."""
        self.parts = 1
        self._servers = [Server(Connection, self._serve, host, port) for port in self.ports]
        self._within = dict[Connection, str]()
        """Who is connected, by which token."""

    async def __aenter__(self) -> Self:
        for server in self._servers:
            await server.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            await server.close()

    def revoke(self) -> None:
        """Take back every token, as after a reset at the device."""
        self.tokens.clear()
        for server in self._servers:
            for connection in server.connections:
                connection.close()

    def have(self, parts: int) -> None:
        """Have so many parts from now on."""
        self.parts = parts
        self._tell()

    def _tell(self) -> None:
        line = _line({"method": "state", "params": self._state()})
        for connection in self._within:
            connection.write(line)

    def _state(self) -> Json:
        return {"on": self.on, "parts": self.parts}

    async def _serve(self, connection: Connection) -> None:
        try:
            async for line in connection.lines():
                asked = json.loads(line)
                connection.write(_line({"id": asked["id"], **self._reply(connection, asked)}))
        finally:
            self._within.pop(connection, None)

    def _reply(self, connection: Connection, asked: Json) -> Json:
        try:
            return {"result": self._answer(connection, asked["method"], asked.get("params") or {})}
        except VaultError as err:
            return {"error": {"code": -32000, "message": str(err)}}

    def _answer(self, connection: Connection, method: str, told: Json) -> Any:
        if method == "info":
            return {"id": self.id}
        if method == "pair":
            return {"token": self._paired(told)}
        if method == "login":
            if told["token"] not in self.tokens:
                raise VaultError("no such token")
            self._within[connection] = told["token"]
            return {}
        if self._within.get(connection) not in self.tokens:
            raise VaultError("not logged in")
        return self._obey(connection, method, told)

    def _paired(self, told: Json) -> str:
        if told["pin"] != PIN:
            raise VaultError("a wrong PIN")
        token = secrets.token_hex(4)
        self.tokens.add(token)
        return token

    def _obey(self, connection: Connection, method: str, told: Json) -> Json:
        match method:
            case "set":
                self.on = told["on"]
                self._tell()
            case "lamp":
                self.lamp = told["on"]
            case "forget":
                self.tokens.discard(self._within[connection])
        return self._state()


def _line(message: Json) -> bytes:
    return json.dumps(message).encode() + b"\n"
