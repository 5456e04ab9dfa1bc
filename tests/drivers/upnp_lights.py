"""Lights of async-upnp-client's server, and the one answer to a search that finds them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast, override
from xml.etree.ElementTree import Element

from async_upnp_client.client import UpnpRequester
from async_upnp_client.const import DeviceInfo, HttpRequest, HttpResponse, ServiceInfo
from async_upnp_client.exceptions import UpnpCommunicationError
from async_upnp_client.server import (
    UpnpServer,
    UpnpServerDevice,
    UpnpServerService,
    callable_action,
    create_event_var,
    create_state_var,
)

from tests.ports import free_port

UDN = "77777777-0000-0000-0000-000000000001"
SSDP = 1900


def service(name: str) -> ServiceInfo:
    """Return a service's definition."""
    return ServiceInfo(
        service_id=f"urn:upnp-org:serviceId:{name}",
        service_type=f"urn:schemas-upnp-org:service:{name}:1",
        control_url=f"/{name}/ctl",
        event_sub_url=f"/{name}/evt",
        scpd_url=f"/{name}.xml",
        xml=Element("server_service"),
    )


def definition(kind: str) -> DeviceInfo:
    """Return a device's definition."""
    return DeviceInfo(
        device_type=f"urn:schemas-upnp-org:device:{kind}:1",
        friendly_name="Hall light",
        manufacturer="Maker",
        manufacturer_url=None,
        model_name="L1",
        model_url=None,
        udn=f"uuid:{UDN}",
        upc=None,
        model_description="d",
        model_number="1",
        serial_number="4711",
        presentation_url=None,
        url="/somewhere/light.xml",
        icons=[],
        xml=Element("server_device"),
    )


class SwitchPower(UpnpServerService):
    SERVICE_DEFINITION = service("SwitchPower")
    STATE_VARIABLE_DEFINITIONS = {  # noqa: RUF012  # as its base declares it
        "Status": create_event_var("boolean", default="0"),
        "Target": create_state_var("boolean", default="0"),
    }

    @callable_action("SetTarget", {"newTargetValue": "Target"}, {})
    async def set_target(self, newTargetValue: bool) -> dict[str, Any]:  # noqa: N803
        self.state_variable("Target").value = newTargetValue
        self.state_variable("Status").value = newTargetValue
        return {}

    @callable_action("GetStatus", {}, {"ResultStatus": "Status"})
    async def get_status(self) -> dict[str, Any]:
        return {"ResultStatus": self.state_variable("Status")}


class Dimming(UpnpServerService):
    SERVICE_DEFINITION = service("Dimming")
    STATE_VARIABLE_DEFINITIONS = {  # noqa: RUF012  # as its base declares it
        "LoadLevelStatus": create_event_var("ui1", default="100"),
        "LoadLevelTarget": create_state_var("ui1", default="100"),
    }

    @callable_action("SetLoadLevelTarget", {"newLoadlevelTarget": "LoadLevelTarget"}, {})
    async def set_target(self, newLoadlevelTarget: int) -> dict[str, Any]:  # noqa: N803
        self.state_variable("LoadLevelTarget").value = newLoadlevelTarget
        self.state_variable("LoadLevelStatus").value = newLoadlevelTarget
        return {}

    @callable_action("GetLoadLevelStatus", {}, {"retLoadlevelStatus": "LoadLevelStatus"})
    async def get_status(self) -> dict[str, Any]:
        return {"retLoadlevelStatus": self.state_variable("LoadLevelStatus")}


class BinaryLight(UpnpServerDevice):
    DEVICE_DEFINITION = definition("BinaryLight")
    EMBEDDED_DEVICES = ()
    SERVICES = (SwitchPower,)


class DimmableLight(UpnpServerDevice):
    DEVICE_DEFINITION = definition("DimmableLight")
    EMBEDDED_DEVICES = ()
    SERVICES = (SwitchPower, Dimming)


class Events(UpnpRequester):
    """Sends the events of a service; one to a subscriber that has gone is lost."""

    def __init__(self, requester: UpnpRequester) -> None:
        self._requester = requester

    @override
    async def async_http_request(self, http_request: HttpRequest) -> HttpResponse:
        try:
            return await self._requester.async_http_request(http_request)
        except UpnpCommunicationError as err:
            return HttpResponse(503, {}, str(err))


class Light:
    """A light that runs; without its own SSDP, which would be on this machine's network."""

    def __init__(self, kind: type[UpnpServerDevice], host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._server = UpnpServer(kind, (host, 0), http_port=port)

    def get(self, service: type[UpnpServerService], variable: str) -> Any:
        """Return a state variable."""
        return self._service(service).state_variable(variable).value

    def set(self, service: type[UpnpServerService], variable: str, value: object) -> None:
        """Change a state variable at the light."""
        self._service(service).state_variable(variable).value = value

    def subscribers(self, service: type[UpnpServerService]) -> int:
        """Return how many subscribed to a service."""
        return len(self.callbacks(service))

    def callbacks(self, service: type[UpnpServerService]) -> list[str]:
        """Return where those who subscribed to a service are told of events."""
        return [each.url for each in self._service(service)._subscribers]

    def forget(self, service: type[UpnpServerService]) -> None:
        """Forget every subscription."""
        cast("Any", self._service(service))._subscribers.clear()

    async def start(self) -> None:
        """Serve."""
        self._server._create_device()
        assert self._server._device is not None
        for each in self._server._device.services.values():
            each.requester = Events(each.requester)
        await self._server._async_start_http_server()

    async def announce(self) -> None:
        """Be found by its own SSDP, on a network where that is wanted."""
        await self._server._async_start_ssdp()

    async def stop(self) -> None:
        """Serve no more."""
        await self._server._async_stop_ssdp()
        site = self._server._site
        if site is not None:
            await site._runner.cleanup()

    def _service(self, service: type[UpnpServerService]) -> Any:
        device = self._server._device
        assert device is not None
        return device.services[service.SERVICE_DEFINITION.service_type]


@asynccontextmanager
async def light(kind: type[UpnpServerDevice], host: str) -> AsyncGenerator[Light]:
    """Run a light, and answer searches sent to its address."""
    port = free_port(host)
    made = Light(kind, host, port)
    await made.start()
    loop = asyncio.get_running_loop()
    answering, _ = await loop.create_datagram_endpoint(
        lambda: _Answering(f"http://{host}:{port}/somewhere/light.xml"), local_addr=(host, SSDP)
    )
    try:
        yield made
    finally:
        answering.close()
        await made.stop()


class _Answering(asyncio.DatagramProtocol):
    def __init__(self, location: str) -> None:
        self._answer = (
            "HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nEXT:\r\n"
            f"LOCATION: {location}\r\nUSN: uuid:{UDN}::upnp:rootdevice\r\n\r\n"
        ).encode()

    @override
    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: Any) -> None:
        if b'MAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n' in data:
            self._transport.sendto(self._answer, addr)
