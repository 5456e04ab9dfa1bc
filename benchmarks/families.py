"""Simulated lights for which core has an integration too, and all families by name."""

import asyncio
from collections.abc import Callable
import time
from typing import Any, override

import orjson

from .devices import JsonBulb, LineDevice, Simulated
from .shelly import Shelly


class Yeelight(LineDevice):
    """A Yeelight without colours; also responds to the search on port 1982."""

    _search: asyncio.DatagramTransport | None = None

    @override
    async def start(self) -> None:
        await super().start()
        loop = asyncio.get_running_loop()
        self._search, _ = await loop.create_datagram_endpoint(
            lambda: _Responder(self.searched), local_addr=(self.address, 1982)
        )

    @override
    def stop(self) -> None:
        super().stop()
        if self._search is not None:
            self._search.close()

    def searched(self, _: bytes) -> bytes:
        """Return the response to a search."""
        headers = {
            "Location": f"yeelight://{self.address}:{self.port}",
            "id": self.id,
            "model": "mono",
            "fw_ver": "18",
            "support": "get_prop set_default set_power toggle set_bright",
            "name": "",
            **self._props(),
        }
        lines = ["HTTP/1.1 200 OK", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
        return "\r\n".join(lines).encode()

    @override
    def reply(self, at: float, request: Any) -> bytes:
        push, result = b"", ["ok"]
        if request["method"] == "set_power":
            self.commanded(at, on=request["params"][0] == "on")
            push = self.report(0)
        elif request["method"] == "get_prop":
            props = self._props()
            result = [props.get(name, "") for name in request["params"]]
        return orjson.dumps({"id": request["id"], "result": result}) + b"\r\n" + push

    @override
    def report(self, component: int) -> bytes:
        self.reporting()
        power = {"power": "on" if self.on else "off"}
        return orjson.dumps({"method": "props", "params": power}) + b"\r\n"

    def _props(self) -> dict[str, str]:
        return {"power": "on" if self.on else "off", "bright": "80", "color_mode": "2"}


class _Responder(asyncio.DatagramProtocol):
    """Responds to datagrams by a function of the device; no response if that is empty."""

    def __init__(self, respond: Callable[[bytes], bytes]) -> None:
        self._respond = respond

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)  # noqa: S101
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if response := self._respond(data):
            self._transport.sendto(response, addr)


class Wiz(Simulated):
    """A WiZ light without colours."""

    _transport: asyncio.DatagramTransport | None = None
    _hub = ""
    _last: int | None = None
    """The number of the last command."""

    @override
    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: _Responder(self._reply), local_addr=(self.address, self.port)
        )

    @override
    def stop(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    @override
    def push(self, on: bool, component: int = 0) -> None:
        self.on = on
        if self._hub and self._transport is not None:
            self.reporting()
            push = {"method": "syncPilot", "env": "pro", "params": self._pilot() | {"src": "udp"}}
            self._transport.sendto(orjson.dumps(push), (self._hub, self.push_port))

    def _reply(self, data: bytes) -> bytes:
        at, request = time.monotonic(), orjson.loads(data)
        method, params = request["method"], request.get("params", {})
        result: dict[str, Any] = {"mac": self.id, "success": True}
        if method == "setPilot":
            self.commanded(at, on=params.get("state", True))
            self.repeated += request.get("id") == self._last
            self._last = request.get("id")
            if not self.frozen:
                asyncio.get_running_loop().call_soon(self.push, self.on)
        elif method == "registration":
            self._hub = params["phoneIp"] if params["register"] else ""
        elif method == "getPilot":
            result = self._pilot()
        elif method == "getSystemConfig":
            result |= {"moduleName": "ESP01_SHDW_01", "fwVersion": "1.25.0"}
        elif method == "getPower":
            return b'{"method":"getPower","error":{"code":-32601,"message":"Method not found"}}'
        reply = {"method": method, "id": request.get("id", 1), "env": "pro", "result": result}
        return b"" if self.frozen else orjson.dumps(reply)

    def _pilot(self) -> dict[str, Any]:
        return {"mac": self.id, "rssi": -60, "state": self.on, "sceneId": 0, "dimming": 80}


FAMILIES: dict[str, type[Simulated]] = {
    "json": JsonBulb,
    "wide": JsonBulb,
    "yeelight": Yeelight,
    "wiz": Wiz,
    "shelly": Shelly,
}
