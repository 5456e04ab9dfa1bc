"""A gate that says nothing without a login, announced without an id, and its driver."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from custom_components.lan_edge.const import DOMAIN
from lan_edge import Address, Ask, Driver, Http, Mdns, Profile, Sse, SseOptions, Switch, handles
from tests.edge.locked import Locked, locked

from .own_drivers import add_driver

TYPE = "_gate._tcp.local."


class OpenedGate[T: Http](Driver[T]):
    """What all drivers of the gate do once it lets them in."""

    name = "Gate"
    discovery = (Mdns(TYPE),)
    profile = Profile(Switch)

    @override
    async def identify(self) -> str:
        return await self.io.get_text("/id")

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/state") == "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        """Do nothing: the gate cannot be commanded."""
        await self.refresh()

    @handles(Switch.off)
    async def turn_off(self) -> None:
        """Do nothing."""
        await self.refresh()


def add_gate() -> None:
    """Register the driver."""

    @add_driver
    class Gate(OpenedGate[Sse]):
        id = "gate"

        @override
        def transport_options(self) -> SseOptions:
            headers = {"X-Token": self.secrets.get("token", "")}
            return SseOptions(headers=headers, login_statuses={401, 403})

        @override
        async def pair(self, ask: Ask) -> None:
            async def accept(pin: str) -> None:
                self.set_secret("token", (await self.io.post("/pair", pin)).text())

            await ask.text("pin", "The PIN of the gate", accept)


def announced(address: Address) -> ZeroconfServiceInfo:
    ip = ip_address(address.host)
    name = f"Gate.{TYPE}"
    return ZeroconfServiceInfo(ip, [ip], address.port, "gate.local.", TYPE, name, {})


@asynccontextmanager
async def gate_at(
    hass: HomeAssistant, device: Locked, host: str, port: int = 0
) -> AsyncGenerator[Locked]:
    """Run a gate; nothing is connected to it any more when it ends."""
    async with locked(device, host, port) as gate:
        yield gate
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            await hass.config_entries.async_unload(entry.entry_id)
