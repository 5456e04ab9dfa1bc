"""The batteries: what their maker publishes, with the faults of the other devices."""

import asyncio
from collections.abc import AsyncIterator
import json
from typing import Any, override

from aiohttp import web

from tests.emulators.device import Announcer, EmulatedDevice, State
from tests.emulators.faults import seconds
from tests.emulators.http_messages import Answer, Request, requests
from tests.emulators.listener import Peer
from tests.emulators.mdns import MdnsAnnouncer, Service
from tests.emulators.published.zendure import WRITABLE, ZendureSolarFlow

from .body import Body, Emulated
from .quirks import BATTERY_LEVEL, BATTERY_MODE, BATTERY_STATE
from .values import LIMIT

SERVICE_TYPE = "_zendure._tcp.local."
JSON = {"Content-Type": "application/json"}


class Battery(Emulated[Request]):
    """A battery whose output limit counts."""

    def __init__(self, number: int, host: str, port: int) -> None:
        serial = f"WOB1NHMAM{number:06d}"
        Body.__init__(self, serial.lower())
        name = f"Zendure-SolarFlow800-{serial}"
        EmulatedDevice.__init__(self, host, port, serial, name, announce=False)
        self._published = ZendureSolarFlow()
        self._state = self._published.state
        self.told: State = {}
        """The properties that it tells otherwise than they are."""

    @override
    def new_announcer(self) -> Announcer:
        return MdnsAnnouncer(Service(SERVICE_TYPE, self.name, self.host, self.port, {}, self.id))

    @override
    def check(self, state: State) -> None:
        if unknown := state.keys() - WRITABLE:
            raise ValueError(f"not to be written: {unknown}")

    @override
    def read(self, peer: Peer) -> AsyncIterator[Request]:
        return requests(peer.reader)

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        return f"{message.method} {message.path}", message.body.decode(errors="replace")

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        answer = self._answer(message)
        self.deliver(peer, answer.encode(keep_alive=message.keep_alive, odd=self.faults.odd))

    def _answer(self, request: Request) -> Answer:
        if self.faults.refuses(request.method):
            return Answer(500, b"refused")
        self._published.serial = self.identity
        match request.method, request.path:
            case "GET", "/properties/report":
                told = self._published.report()
                told["properties"] = {**self._state, **self.told}
            case "POST", "/properties/write":
                try:
                    told = self._write(json.loads(request.body))
                except web.HTTPBadRequest as err:
                    return Answer(err.status)
            case _:
                return Answer(request.error or 404)
        return Answer(body=json.dumps(told).encode(), headers=JSON)

    def _write(self, body: Any) -> Any:
        self._published.lies = self.faults.lie or self.faults.ignore
        told = self._published.write(body)
        if not self._published.lies:
            self.carried_out()
        return told

    @property
    @override
    def sides(self) -> dict[str, Any]:
        return {BATTERY_LEVEL: 67, BATTERY_STATE: "Charging", BATTERY_MODE: "Output"}

    @override
    def be_normal(self) -> None:
        super().be_normal()
        self.told = {}

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"outputLimit": round(value * LIMIT)}

    @property
    @override
    def value(self) -> float:
        limit: float = self._state["outputLimit"] / LIMIT
        return limit
