"""A UPnP DimmableLight:1: description, SOAP and events over HTTP, found by SSDP.

Written from the UPnP Forum's Lighting Controls V 1.0. It keeps its connections, has its
description where nobody would guess, and answers a search that is sent to it alone, as those on
GUPnP do: only if it says how long the answer may take (MX).
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, override
from uuid import uuid4

from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .gena import Publisher
from .http_messages import Answer, Request, requests
from .listener import Peer
from .soap import XML, arguments_of, envelope, fault, soap_action
from .ssdp import PORT, Advertisement, SsdpAnnouncer, parse_search

KIND = "urn:schemas-upnp-org:device:DimmableLight:1"
SERVICE = "urn:schemas-upnp-org:service:{}:1"
POWER, DIMMING = SERVICE.format("SwitchPower"), SERVICE.format("Dimming")
PATH = "/of/the/maker/light.xml"
FULL = 100


class UpnpLightEmulator(EmulatedDevice[Request]):
    """A light; its state is `on` and `level`."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str | None = None,  # noqa: A002 - the protocol's word
        name: str = "Demo light",
        announce: bool = False,
    ) -> None:
        super().__init__(host, port, id or str(uuid4()), name, announce=announce)
        self.publisher = Publisher()
        self._state = {"on": False, "level": FULL}
        self._answering: asyncio.BaseTransport | None = None

    @override
    async def up(self) -> None:
        self._silence()  # it may have moved
        await super().up()
        loop, told = asyncio.get_running_loop(), self.advertisement
        self._answering, _ = await loop.create_datagram_endpoint(
            lambda: _Answering(self, told), local_addr=(self.host, PORT)
        )

    @override
    async def down(self) -> None:
        self._silence()
        await super().down()

    @override
    async def stop(self) -> None:
        self._silence()
        await super().stop()

    def _silence(self) -> None:
        if self._answering is not None:
            self._answering.close()

    @property
    def advertisement(self) -> Advertisement:
        """What SSDP tells of it now."""
        return Advertisement(
            self.host, self.identity, KIND, f"http://{self.host}:{self.port}{PATH}"
        )

    @override
    def new_announcer(self) -> Announcer:
        return SsdpAnnouncer(self.advertisement)

    @override
    def check(self, state: State) -> None:
        if unknown := set(state) - {"on", "level"}:
            raise ValueError(f"not a light's state: {unknown}")

    @override
    def apply(self, state: State) -> None:
        before = self.variables()
        super().apply(state)
        for service, told in self.variables().items():
            if told != before[service]:
                self.in_background(self.publisher.notify(self.host, service, told))

    def variables(self) -> dict[str, dict[str, str]]:
        """Return what each service tells on its own."""
        return {
            POWER: {"Status": str(int(self._state["on"]))},
            DIMMING: {"LoadLevelStatus": str(self._state["level"])},
        }

    @override
    def read(self, peer: Peer) -> AsyncIterator[Request]:
        return requests(peer.reader)

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        action = soap_action(message).partition("#")[2]
        return action or f"{message.method} {message.path}", arguments_of(message)

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        service = message.path.removeprefix("/events/")
        if message.method not in {"SUBSCRIBE", "UNSUBSCRIBE"} or service not in self.variables():
            self.deliver(
                peer,
                self._answer(message).encode(keep_alive=message.keep_alive, odd=self.faults.odd),
            )
            return
        told = self.variables()[service]
        granted = await self.publisher.answer(self.host, service, message, told)
        self.deliver(peer, granted.encode(keep_alive=message.keep_alive))
        self.in_background(self.publisher.greet(self.host, granted, told))

    def _answer(self, request: Request) -> Answer:
        if request.error:
            return Answer(request.error)
        if (request.method, request.path) == ("GET", PATH):
            return Answer(body=self._description().encode(), headers=XML)
        service, _, action = soap_action(request).partition("#")
        if request.method != "POST" or request.path != f"/control/{service}":
            return Answer(404)
        if self.faults.refuses(action):
            return fault(501, "Action Failed")
        return self._do(service, action, arguments_of(request))

    def _do(self, service: str, action: str, told: dict[str, str]) -> Answer:
        match action, told:
            case "GetStatus", _ if service == POWER:
                return _reply(service, action, ResultStatus=self.variables()[service]["Status"])
            case "GetLoadLevelStatus", _ if service == DIMMING:
                level = self.variables()[service]["LoadLevelStatus"]
                return _reply(service, action, retLoadlevelStatus=level)
            case "SetTarget", {"newTargetValue": "0" | "1" as wanted} if service == POWER:
                self._take({"on": wanted == "1"})
            case "SetLoadLevelTarget", {"newLoadlevelTarget": level} if service == DIMMING:
                if not level.isdecimal() or int(level) > FULL:
                    return fault(600, "Argument Value Invalid")
                self._take({"level": int(level)})
            case _:
                return fault(401, "Invalid Action")
        return _reply(service, action)

    def _take(self, state: State) -> None:
        if not (self.faults.lie or self.faults.ignore):
            self.apply(state)

    def _description(self) -> str:
        services = "".join(
            f"<service><serviceType>{service}</serviceType><serviceId>{service}</serviceId>"
            f"<controlURL>/control/{service}</controlURL>"
            f"<eventSubURL>/events/{service}</eventSubURL><SCPDURL>/scpd.xml</SCPDURL></service>"
            for service in self.variables()
        )
        return (
            '<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>'
            f"<deviceType>{KIND}</deviceType><friendlyName>{self.name}</friendlyName>"
            "<manufacturer>Maker</manufacturer><modelName>L1</modelName>"
            f"<UDN>uuid:{self.identity}</UDN><serviceList>{services}</serviceList></device></root>"
        )


class _Answering(asyncio.DatagramProtocol):
    """Answers searches that are sent to the light alone."""

    def __init__(self, light: UpnpLightEmulator, told: Advertisement) -> None:
        self._light = light
        self._told = told

    @override
    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: Any) -> None:
        if self._light.faults.silent or "mx" not in parse_search(data):
            return
        for answer in self._told.answers(data):
            self._transport.sendto(answer, addr)


def _reply(service: str, action: str, **told: str) -> Answer:
    content = "".join(f"<{name}>{value}</{name}>" for name, value in told.items())
    name = f"{action}Response"
    body = f'<u:{name} xmlns:u="{service}">{content}</u:{name}>'
    return Answer(body=envelope(body), headers=XML)
