"""WiZ lights and sockets: the handler of pywizlight's fake bulb, which we did not write.

It answers some requests twice, and some after another answer that comes late. Around it is what
it lacks: an address to move from, registrations and pushes, faults, and that a light is in one of
the modes colour, white and scene. Two heads, a fan and the power are as pywizlight and users of
real ones report them: https://github.com/home-assistant/core/pull/177502 has what a light with two
heads says.
"""

import asyncio
from contextlib import redirect_stdout
import copy
from dataclasses import dataclass
import io
import json
from typing import Any, Literal, Self, override

from pywizlight.protocol import WizProtocol
from pywizlight.tests import fake_bulb

from tests.clock import now
from tests.ports import free_port

from .faults import Faults

MAIN_METHODS = {"getSystemConfig", "getPilot", "setPilot"}
MODES = ({"r", "g", "b", "c", "w"}, {"temp"}, {"sceneId"})

type Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, and when."""

    at: float
    method: str
    params: dict[str, Any]


class WizEmulator(fake_bulb.BulbUDPRequestHandler):  # type: ignore[misc]  # untyped
    """One light; an async context manager. Pushes go to `hub_port` of who registered."""

    def __init__(
        self,
        module: str = "ESP01_SHRGB_03",
        firmware: str = "1.25.0",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        hub_port: int = 38900,
    ) -> None:
        self.id = "a8bb50010203"
        self.host = host
        self.port = port
        self.hub_port = hub_port
        self.faults = Faults()
        self.log: list[Request] = []
        self.clients = set[str]()
        self.refusal = ""
        self.unanswered = set[str]()
        """The methods that are left without an answer."""
        self.second: dict[str, Any] | None = None
        """The second head's state, if there are two; then reads and pushes say which one."""
        self.heads_unanswered = self.heads_refused = False
        """Whether a question for one head gets no answer, or an error."""
        self.tags_single_head = False
        """Whether it says "devices": 1 in pushes, though it has one head."""
        self.override: bytes | None = None
        self.pilot_state = copy.deepcopy(fake_bulb.get_initial_pilot())
        self.sys_config = copy.deepcopy(fake_bulb.get_initial_sys_config(module, firmware))
        self.model_config = fake_bulb.get_initial_model_config(module, firmware)
        self.user_config = fake_bulb.get_initial_user_config(module, firmware)
        self.get_power = fake_bulb.get_power(module, firmware)
        self._open: list[asyncio.DatagramTransport] = []
        self.enter({"temp": 2700})

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    async def _listen(self) -> None:
        self.port = self.port or free_port(self.host)
        loop, place = asyncio.get_running_loop(), (self.host, self.port)
        at: list[_Rewriting] = []
        made, _ = await loop.create_datagram_endpoint(
            lambda: WizProtocol(on_response=lambda data, sender: self.asked(data, sender, at[0])),
            local_addr=place,
        )
        sending = _Rewriting(made, self.faults)
        at.append(sending)
        self._open.append(made)
        self.transport = sending

    async def _close(self) -> None:
        for transport in self._open:
            transport.close()
        self._open.clear()
        await asyncio.sleep(0)

    @property
    def pilot(self) -> dict[str, Any]:
        """What the light tells of its state."""
        pilot: dict[str, Any] = self.pilot_state["result"]
        return pilot

    @property
    def state(self) -> dict[str, Any]:
        """The state in the contract's words, and in the light's own."""
        return {"on": self.pilot["state"], **self.pilot}

    def enter(self, wanted: dict[str, Any]) -> None:
        """Take over a state; what belongs to another mode ends."""
        for mode in MODES:
            if mode & wanted.keys():
                for other in MODES:
                    for name in other - mode:
                        self.pilot.pop(name, None)
        self.pilot.update(wanted)
        self.pilot.setdefault("sceneId", 0)

    @override
    def setPilot(self, json_data: dict[str, Any]) -> bytes:
        """Do as told, or not."""
        if not self.faults.lie:
            params = dict(json_data["params"])
            head = params.pop("devices", None)
            if head != 2:
                self.enter(params)
            if self.second is not None and head != 1:
                self.second |= params
            asyncio.get_running_loop().call_soon(self.push)
        return b'{"method":"setPilot","env":"pro","result":{"success":true}}'

    def asked(self, data: bytes, sender: Place, at: _Rewriting) -> None:
        """Note and answer a request."""
        request = json.loads(data)
        method, params = request["method"], request.get("params", {})
        self.log.append(Request(now(), method, params))
        if self.faults.silent or at is not self.transport:
            return
        mac = self.faults.impostor or self.id
        for told in (self.pilot_state, self.sys_config):
            told["result"]["mac"] = mac
        self.registration = {
            "method": method,
            "env": "pro",
            "result": {"mac": mac, "success": True},
        }
        asks_for_head = method == "getPilot" and "devices" in params
        is_bare = self.faults.bare and method not in MAIN_METHODS
        if is_bare and method == "registration":
            self._register(params)
        if is_bare or method in self.unanswered or (asks_for_head and self.heads_unanswered):
            return
        if asks_for_head and self.second is not None:
            pilot = self._heads()[params["devices"]]
            at.sendto(json.dumps({"method": method, "result": pilot}).encode(), sender)
        elif method == self.refusal or (asks_for_head and self.heads_refused):
            error = {"code": -32602, "message": "Invalid params"}
            at.sendto(json.dumps({"method": method, "env": "pro", "error": error}).encode(), sender)
        elif self.override is not None:
            at.sendto(self.override, sender)
        else:
            if method == "registration":
                self._register(params)
            with redirect_stdout(io.StringIO()):
                self.handle(data, sender)

    def _register(self, params: dict[str, Any]) -> None:
        change = self.clients.add if params["register"] else self.clients.discard
        change(params["phoneIp"])

    async def change(self, *, on: bool | None = None, **pilot: Any) -> float:
        """Change the state at the light itself, and push it; return when."""
        at = now()
        self.enter(pilot if on is None else {"state": on, **pilot})
        self.push()
        return at

    def push(self, source: str = "udp", **instead: Any) -> None:
        """Tell its state to everybody who registered, a push for each head."""
        for pilot in self._heads():
            params = {**pilot, "mac": self.id, "src": source, **instead}
            self.say({"method": "syncPilot", "id": 1, "env": "pro", "params": params})

    def _heads(self) -> list[dict[str, Any]]:
        """Return what each head reports."""
        first = {**self.pilot, "mac": self.id}
        if self.second is None:
            return [first | ({"devices": 1} if self.tags_single_head else {})]
        return [{**first, "devices": 1}, {"mac": self.id, **self.second, "devices": 2}]

    def say(self, message: object) -> None:
        """Send anything to everybody who registered."""
        data = message if isinstance(message, bytes) else json.dumps(message).encode()
        for client in self.clients if not self.faults.silent else ():
            self.transport.sendto(data, (client, self.hub_port))

    async def restart(self, down: float = 0.0) -> None:
        """Lose its power, and what it was told of clients with it."""
        await self.down()
        await asyncio.sleep(down)
        await self.up()

    async def down(self) -> None:
        """Be gone, and forget who registered."""
        await self._close()
        self.clients.clear()

    async def up(self) -> None:
        """Be there again, at the same address."""
        await self._listen()

    async def move(self, host: str, *, old: Literal["silent", "closed"] = "silent") -> None:
        """Go on at another address; the old one stays silent or is closed."""
        if old == "closed":
            await self._close()
        self.clients.clear()
        self.host = host
        await self._listen()


class _Rewriting:
    """The light's socket; what it answers passes through `faults.rewrite`."""

    def __init__(self, transport: asyncio.DatagramTransport, faults: Faults) -> None:
        self._transport = transport
        self._faults = faults

    def sendto(self, data: bytes, to: Place) -> None:
        """Send a datagram, perhaps another one than was meant, or none."""
        sent: bytes | None = data
        if self._faults.rewrite is not None:
            sent = self._faults.rewrite(_method_of(data), data)
        if sent is None:
            return
        if late := self._faults.late_answers.get(_method_of(data)):
            asyncio.get_running_loop().call_later(late, self._transport.sendto, sent, to)
        else:
            self._transport.sendto(sent, to)


def _method_of(data: bytes) -> str:
    try:
        return str(json.loads(data)["method"])
    except ValueError, LookupError, TypeError:
        return ""
