"""Belkin WeMo devices: setup.xml, SOAP and events over HTTP, found by SSDP.

Written from the words of real ones: Socket, LightSwitch, Dimmer, Insight; a Motion's setup.xml
only. As they do, it closes each connection after one answer, and answers "Error" where it is told
to be as it is already.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
import re
from typing import Any, override
from uuid import uuid4
from xml.sax.saxutils import escape

from .command_line import parser, run
from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .gena import Publisher
from .http_messages import Answer, Request, requests
from .listener import Peer
from .soap import XML, arguments_of, envelope, fault, soap_action
from .ssdp import ROOT, Advertisement, SsdpAnnouncer, parse_search
from .wemo_descriptions import SERVICE, SETUP, described

BASIC = "urn:Belkin:service:basicevent:1"
INSIGHT = "urn:Belkin:service:insight:1"
RULES = "urn:Belkin:service:rules:1"
WILD = "urn:Belkin:device:**"
FULL = 100
STANDBY_MILLIWATTS = 8000


@dataclass(frozen=True, slots=True)
class Kind:
    """A model: how its UDN begins, its device type, and what it is like when new."""

    udn: str
    type: str
    model: str
    state: Mapping[str, Any]
    tells_level: bool = True
    """Whether its events have its brightness."""

    @property
    def device_type(self) -> str:
        """The device type in full."""
        return f"urn:Belkin:device:{self.type}:1"


KINDS = {
    "socket": Kind("Socket-1_0", "controllee", "Socket", {"on": False}),
    "lightswitch": Kind("Lightswitch-2_0", "lightswitch", "LightSwitch", {"on": False}),
    "dimmer": Kind("Dimmer-1_0", "dimmer", "Dimmer", {"on": False, "level": FULL}),
    "dimmer_v2": Kind(
        "Dimmer-2_0", "dimmer", "Dimmer", {"on": False, "level": FULL}, tells_level=False
    ),
    "insight": Kind(
        "Insight-1_0",
        "insight",
        "Insight",
        {"on": False, "milliwatts": 0, "today": 1164707, "total": 99830512},
    ),
    "outdoor": Kind("OutdoorPlug-1_0", "outdoor", "OutdoorPlug", {"on": False}),
    # that is its model name: only type and UDN tell it from a Socket
    "sensor": Kind("Sensor-1_0", "sensor", "Socket", {"motion": False}),
}


class WemoEmulator(EmulatedDevice[Request]):
    """A WeMo; its state is `{"on": bool}`, a Dimmer's also `level`, an Insight's its meters.

    A Motion's is `{"motion": bool}`.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        kind: str = "socket",
        id: str | None = None,  # noqa: A002 - its serial number
        name: str = "Demo WeMo",
        announce: bool = False,
    ) -> None:
        serial = id or uuid4().hex[:14].upper()
        super().__init__(host, port, serial, name, announce=announce)
        self.kind = KINDS[kind]
        self.told: dict[str, str] = {}
        """Words that are told instead of the true ones, such as BinaryState."""
        self.fields: dict[str, str | None] = {}
        """XML in fields of its description instead of the true texts; None: without the field."""
        self.odd_meters: tuple[str, ...] = ()
        """What an Insight tells instead of its watts, milliwatts, and energy today and in all."""
        self.publisher = Publisher()
        self._state = dict(self.kind.state)

    @property
    def udn(self) -> str:
        """The unique device name, without `uuid:`."""
        return f"{self.kind.udn}-{self.identity}"

    @override
    def new_announcer(self) -> Announcer:
        location = f"http://{self.host}:{self.port}/setup.xml"
        extra = {"X-User-Agent": "redsonic"}
        server = "Unspecified, UPnP/1.0, Unspecified"
        target = self.kind.device_type
        told = WemoAdvertisement(self.host, self.udn, target, location, extra, server)
        return SsdpAnnouncer(told)

    @override
    def check(self, state: State) -> None:
        if set(state) - set(self.kind.state):
            msg = f"not a state of {self.kind.model}: {state}"
            raise ValueError(msg)

    @override
    def apply(self, state: State) -> None:
        before = self._events()
        super().apply(state)
        for service, variables in self._events().items():
            if changed := dict(variables.items() - before[service].items()):
                self.in_background(self.publisher.notify(self.host, service, changed))

    @override
    def read(self, peer: Peer) -> AsyncIterator[Request]:
        return requests(peer.reader)

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        _, _, action = soap_action(message).partition("#")
        return action or f"{message.method} {message.path}", arguments_of(message)

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        service = EVENTS.get(message.path, "")
        if message.method not in {"SUBSCRIBE", "UNSUBSCRIBE"} or service not in self._events():
            self.deliver(peer, self._answer(message).encode(keep_alive=False, odd=self.faults.odd))
            peer.finish()
            return
        variables = self._events()[service]
        granted = await self.publisher.answer(self.host, service, message, variables)
        self.deliver(peer, granted.encode(keep_alive=False))
        peer.finish()
        self.in_background(self.publisher.greet(self.host, granted, variables))

    def _answer(self, request: Request) -> Answer:
        if instead := self.faults.override:
            return Answer(instead.status, instead.body, instead.headers)
        if request.error:
            return Answer(request.error)
        if (request.method, request.path) == ("GET", "/setup.xml"):
            return Answer(body=self._setup().encode(errors="surrogateescape"), headers=XML)
        if request.method == "GET" and request.path in self._descriptions():
            return Answer(body=self._descriptions()[request.path].encode(), headers=XML)
        if request.method != "POST" or request.path not in CONTROL:
            return Answer(404)
        return self._control(request)

    def _control(self, request: Request) -> Answer:
        service, _, action = soap_action(request).partition("#")
        if service != CONTROL[request.path] or action not in ACTIONS[service]:
            return fault(401, "Invalid Action")
        if self.faults.refuses(action) or service == RULES:
            return fault(501, "Action Failed")
        if action == "SetBinaryState":
            if "on" not in self._state:
                return fault(401, "Invalid Action")
            return self._set(arguments_of(request))
        if action == "GetInsightParams":
            return self._reply(action, INSIGHT, {"InsightParams": f"{self._meters()}.000000|8000"})
        return self._reply(action, BASIC, self._basics())

    def _set(self, arguments: Mapping[str, str]) -> Answer:
        binary = arguments.get("BinaryState", "")
        if binary not in {"0", "1"}:
            return fault(600, "Argument Value Invalid")
        wanted: State = {"on": binary == "1"}
        level = arguments.get("brightness", "0")
        if "level" in self._state and level.isdecimal() and 0 < int(level) <= FULL:
            wanted["level"] = int(level)
        if self._state == {**self._state, **wanted}:
            return self._reply("SetBinaryState", BASIC, {"BinaryState": "Error"})
        if not (self.faults.lie or self.faults.ignore):
            self.apply(wanted)
        told = self._meters() if "today" in self._state else binary
        return self._reply("SetBinaryState", BASIC, {"BinaryState": told, "CountdownEndTime": "0"})

    def _events(self) -> dict[str, dict[str, str]]:
        """What each service tells on its own; the Insight's meters only while it is on."""
        told = {BASIC: {"BinaryState": self._binary()}}
        if "level" in self._state and self.kind.tells_level:
            told[BASIC]["Brightness"] = str(self._state["level"])
        if "today" in self._state:
            told[INSIGHT] = {"InsightParams": self._meters()} if self._state["on"] else {}
        return told

    def _basics(self) -> dict[str, str]:
        told = {"BinaryState": self._binary()}
        if "level" in self._state:
            told |= {"brightness": str(self._state["level"]), "fader": "300:-1:1:0:100"}
        return told

    def _binary(self) -> str:
        if not self._state.get("on", self._state.get("motion")):
            return "0"
        return "8" if self._state.get("milliwatts", FULL * 1000) < STANDBY_MILLIWATTS else "1"

    def _meters(self) -> str:
        """State, last change, seconds on (now, today, two weeks), period, W, mW, mW minutes."""
        meters = (8, self._state["milliwatts"], self._state["today"], self._state["total"])
        values = self.odd_meters or meters
        return "|".join(map(str, (self._binary(), 1611530424, 231, 300, 183183, 1209600, *values)))

    def _reply(self, action: str, service: str, told: Mapping[str, str]) -> Answer:
        # as the real one, which names another service there
        namespace = "urn:Belkin:service:metainfo:1" if service == INSIGHT else service
        words = {name: self.told.get(name, word) for name, word in told.items()}
        content = "\r\n".join(f"<{name}>{escape(word)}</{name}>" for name, word in words.items())
        body = f'<u:{action}Response xmlns:u="{namespace}">\r\n{content}</u:{action}Response>'
        return Answer(body=envelope(body), headers=XML)

    @property
    def _services(self) -> list[tuple[str, str]]:
        """The services it has, each with its type."""
        services = [("basicevent", BASIC)]
        if self.kind.type == "insight":
            services.append(("insight", INSIGHT))
        if self.kind.type in {"dimmer", "lightswitch"}:
            services.append(("rules", RULES))
        return services

    def _descriptions(self) -> dict[str, str]:
        """Return the description of each service, by path; pywemo reads them all."""
        services = self._services
        return {f"/{n}service.xml": described(n, ACTIONS[t]) for n, t in services}

    def _setup(self) -> str:
        kind = self.kind
        setup = SETUP.format(
            type=kind.device_type,
            name=escape(self.name),
            model=kind.model,
            serial=escape(self.identity),
            udn=escape(self.udn),
            services="".join(SERVICE.format(name=n, type=t) for n, t in self._services),
        )
        for name, content in self.fields.items():
            told = "" if content is None else f"<{name}>{content}</{name}>"
            field = re.search(rf"<{name}>[^<]*</{name}>", setup)
            assert field is not None
            setup = setup.replace(field[0], told, 1)
        return setup


@dataclass(frozen=True, slots=True)
class WemoAdvertisement(Advertisement):
    """What a WeMo tells: it answers also to its service, and to Belkin's own wildcard."""

    @override
    def answers(self, datagram: bytes) -> list[bytes]:
        headers = parse_search(datagram)
        wanted = headers.get("st", "")
        if headers.get("man") != '"ssdp:discover"':
            return []
        own = (self.target, BASIC, ROOT)
        if wanted == "ssdp:all":
            return [self.response(target) for target in own]
        return [self.response(wanted)] if wanted in (*own, WILD) else []


CONTROL = {
    "/upnp/control/basicevent1": BASIC,
    "/upnp/control/insight1": INSIGHT,
    "/upnp/control/rules1": RULES,
}
EVENTS = {"/upnp/event/basicevent1": BASIC, "/upnp/event/insight1": INSIGHT}
ACTIONS = {
    BASIC: {"GetBinaryState", "SetBinaryState"},
    INSIGHT: {"GetInsightParams"},
    RULES: {"FetchRules", "StoreRules"},  # described, as pywemo demands them, but refused
}


def from_options(options: argparse.Namespace) -> WemoEmulator:
    """Make the WeMo that the command line asks for."""
    return WemoEmulator(
        options.host,
        options.port,
        kind=options.kind,
        id=options.id,
        name=options.name,
        announce=options.announce,
    )


if __name__ == "__main__":
    words = parser(__doc__, port=49153, name="Demo WeMo")
    words.add_argument("--kind", choices=KINDS, default="socket")
    given = words.parse_args()
    asyncio.run(run(from_options(given), given))
