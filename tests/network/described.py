"""Devices of owners who described them: one for each way to talk, on hosts of their own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
import json
from pathlib import Path
import time
from typing import Any, override

from tests.docs.devices import Chime
from tests.emulators.dialing_relay import FindingRelay
from tests.emulators.http_messages import Answer, Request
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.real.client import Json
from tests.real.process import REPOSITORY

from .chaos.lamps import WsLamp
from .dialog import Dialog
from .home import Change
from .lab import Host, Lan
from .resident import Resident

TOKEN = "sesame-7"
NOBODY = ("127.0.0.1", 9)
"""Where a chime reports to until somebody has read it."""
LOUD, QUIET = 60, 20
"""The volumes that stand for on and off."""
EXAMPLES = REPOSITORY / "docs/examples"
TEXTS = Path(__file__).parent / "chaos/texts"
DONE_BY = ("POST", "PUT", "set", "write", "ON")
"""How commands are called that are refused."""
LOCKED = """\
description: 1
id: locked_switch
name: Locked switch
requirements: Switch on the local API in its app.
parameters:
  token: {kind: secret, label: Access token}
talks: http
options: {port: 8080}
login: {bearer: "{token}"}
requests:
  switch: {get: /switch}
components:
  main:
    switch:
      switch: {map: {"on": true, "off": false}}
      "on": {post: /switch, text: "on", again: true}
      "off": {post: /switch, text: "off", again: true}
"""


class LockedSwitch(RestSwitchEmulator):
    """A REST switch that wants a token."""

    @override
    def _answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(401, b"no token", {"WWW-Authenticate": "Bearer"})
        return super()._answer(request)


class SocketLamp(WsLamp):
    """A lamp by a WebSocket, which may announce itself."""

    def __init__(self, host: str, own_id: str = "ws-1", *, announce: bool = True) -> None:
        super().__init__(host, 8081, id=own_id, name="Socket lamp")
        self._announcing = announce


class NetworkChime(Chime):
    """The chime of docs/examples, at the port of its protocol; it reports to who has read it."""

    def __init__(self, port: int = 38100, own_id: str = Chime.id) -> None:
        super().__init__()
        self.port, self.own_id = port, own_id
        self.id = own_id  # type: ignore[misc]  # of the class otherwise
        self.lies = False
        self._client = NOBODY

    @override
    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("0.0.0.0", self.port)
        )

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        before = self._client
        if self.lies:
            data = data.replace(b'"set"', b'"status"')
        super().datagram_received(data, addr)
        if self.heard[-1] == "hello":  # whoever searches asks that
            self._client = before


class CallingRelay(FindingRelay):
    """A relay that may refuse what it is told, or lie."""

    does = ""
    """Either of that, "refuse" or "lie"; empty: as it is told."""

    @override
    async def _answer(self, text: str) -> None:
        request = json.loads(text)
        if self.does and request["do"] == "write":
            if self.does == "refuse":
                await self._send(json.dumps({"id": request["id"], "error": "refused"}))
                return
            text = json.dumps({**request, "do": "read"})
        await super()._answer(text)


def calling(host: str) -> CallingRelay:
    """Return a relay that pings: otherwise it would not notice that its call has ended."""
    made = CallingRelay(host)
    made.heartbeat = 4.0
    return made


async def go(device: Any, address: str) -> None:
    """Have an emulator go on at another address of its host."""
    await device.move(address, old="closed")


async def call_from(device: FindingRelay, address: str) -> None:
    """Have a relay call from another address of its host."""
    await device.stop()
    device._host = address
    await device.__aenter__()


async def stay(_device: Any, _address: str) -> None:
    """Do nothing: it is at all addresses of its host."""


async def again(device: Any) -> None:
    """Restart an emulator."""
    await device.restart(1.0)


async def call_again(device: FindingRelay) -> None:
    """Restart a relay."""
    await call_from(device, device._host)


async def bind_again(device: NetworkChime) -> None:
    """Restart a chime, which then knows nobody."""
    await device.stop()
    device._client = NOBODY
    await asyncio.sleep(1.0)
    await device.start()


type Describe = Callable[[Dialog, Owned], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """What the user enters in the form of a device, by the labels."""

    right: Json
    wrong: Json
    help: str = ""
    """What the form says."""


@dataclass
class Owned:
    """A device, its description, and what Home Assistant has of it."""

    kind: str
    """The id of its description."""
    unique_id: str
    """As discovery tells it; empty: it is not found, and its address is entered."""
    text: str
    make: Callable[[str], Any]
    move: Callable[[Any, str], Awaitable[None]] = go
    restart: Callable[[Any], Awaitable[None]] = again
    platform: str = "switch"
    asked: Asked | None = None
    describe: Describe | None = None
    """Describes it in the dialog, as it has no text before."""
    says_why: bool = True
    """Whether it is understood why it refuses."""
    says_who: bool = True
    """Whether it is asked who it is."""
    is_polled: bool = False
    """Whether what happens at the device is known only when it is asked."""
    entry_id: str = ""
    entity_id: str = ""
    resident: Resident[Any] = field(init=False)

    async def join(self, lan: Lan, stack: AsyncExitStack) -> None:
        """Start it on a host of its own."""
        host = lan.join()
        self.resident = Resident[Any](host, lambda: self.make(host.address))
        await stack.enter_async_context(self.resident)

    @property
    def host(self) -> Host:
        """Its host."""
        return self.resident.host

    def order(self, *, on: bool) -> tuple[str, Json]:
        """Return the action that turns it on or off, with its data."""
        return f"{self.platform}.turn_{'on' if on else 'off'}", {}

    def shows(self, change: Change, *, on: bool) -> bool:
        """Tell whether it is shown as on or off."""
        return change.state == ("on" if on else "off")

    def wanted(self, *, on: bool) -> Json:
        """Return what the device's state then is."""
        return {"on": on}

    async def is_on(self) -> bool:
        """Tell whether it really is on."""

        async def state(device: Any) -> Json:
            return dict(device.state)

        return self.wanted(on=True).items() <= (await self.resident.do(state)).items()

    async def turned(self, *, on: bool) -> float:
        """Turn it on or off at the device; return when."""
        at = time.monotonic()
        await self.resident.do(lambda device: device.change(**self.wanted(on=on)))
        return at

    async def refuse(self) -> None:
        """Have it refuse what it is told to do."""
        self.resident.device.faults.refuse = DONE_BY

    async def lie(self) -> None:
        """Have it say that it has done as it was told, and do nothing."""
        faults = self.resident.device.faults
        faults.lie = faults.ignore = True

    async def pretend(self, own_id: str) -> None:
        """Have it be another device; empty: the one that it is."""
        self.resident.device.faults.impostor = own_id or None

    async def behave(self) -> None:
        """Have it do none of that any more."""
        self.resident.device.faults.clear()

    async def moved(self, address: str) -> float:
        """Move it to another address; return when it was there."""
        self.host.move(address)
        await self.resident.do(lambda device: self.move(device, address))
        return time.monotonic()


class OwnedChime(Owned):
    """One that is loud or quiet in place of on and off."""

    @override
    def order(self, *, on: bool) -> tuple[str, Json]:
        return "media_player.volume_set", {"volume_level": (LOUD if on else QUIET) / 100}

    @override
    def shows(self, change: Change, *, on: bool) -> bool:
        return change.attributes.get("volume_level") == (LOUD if on else QUIET) / 100

    @override
    def wanted(self, *, on: bool) -> Json:
        return {"volume": LOUD if on else QUIET}

    @override
    async def refuse(self) -> None:
        self.resident.device.state["broken"] = True

    @override
    async def lie(self) -> None:
        self.resident.device.lies = True

    @override
    async def pretend(self, own_id: str) -> None:
        self.resident.device.id = own_id or self.resident.device.own_id

    @override
    async def behave(self) -> None:
        self.resident.device.lies = self.resident.device.state["broken"] = False


class OwnedCaller(Owned):
    """A relay that calls."""

    @override
    async def refuse(self) -> None:
        self.resident.device.does = "refuse"

    @override
    async def lie(self) -> None:
        self.resident.device.does = "lie"

    @override
    async def behave(self) -> None:
        self.resident.device.does = ""


def example(name: str) -> str:
    """Return a text of the documentation."""
    return (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")


def all_owned() -> list[Owned]:
    """Return one for each way to talk."""
    return [
        Owned(
            "rest_switch",
            "relay-1",
            example("rest_switch"),
            lambda h: RestSwitchEmulator(h, 8080, id="relay-1", name="Relay", announce=True),
            is_polled=True,
        ),
        Owned(
            "json_bulb",
            "2f402f80-da50-11e1-9b23-001788102201",
            example("json_bulb"),
            lambda h: JsonBulbEmulator(
                h, 5577, id="2f402f80-da50-11e1-9b23-001788102201", name="Bulb", announce=True
            ),
            platform="light",
        ),
        Owned(
            "ws_lamp",
            "ws-1",
            (TEXTS / "ws_lamp.yaml").read_text(encoding="utf-8"),
            SocketLamp,
            platform="light",
        ),
        OwnedChime(
            "chime",
            Chime.id,
            example("chime"),
            lambda _: NetworkChime(),
            stay,
            bind_again,
            platform="media_player",
        ),
        OwnedCaller(
            "dialing_relay",
            "relay1",
            example("dialing_relay"),
            calling,
            call_from,
            call_again,
            says_why=False,
        ),
        Owned(
            "locked_switch",
            "",
            LOCKED,
            lambda h: LockedSwitch(h, 8080, id="locked-1", name="Locked"),
            asked=Asked(
                {"Access token": TOKEN},
                {"Access token": "wrong"},
                "Switch on the local API in its app.",
            ),
            says_who=False,
            is_polled=True,
        ),
    ]
