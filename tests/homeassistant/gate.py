"""A gate that says nothing without a login, announced without an id, and its driver."""

from ipaddress import ip_address
from typing import override

from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from lan_edge import Address, Ask, Driver, Mdns, Profile, Sse, SseOptions, Switch, handles

from .own_drivers import add_driver

TYPE = "_gate._tcp.local."


def add_gate() -> None:
    """Register the driver."""

    @add_driver
    class Gate(Driver[Sse]):
        id = "gate"
        name = "Gate"
        discovery = (Mdns(TYPE),)
        profile = Profile(Switch)

        @override
        def transport_options(self) -> SseOptions:
            headers = {"X-Token": self.secrets.get("token", "")}
            return SseOptions(headers=headers, login_statuses={401, 403})

        @override
        async def pair(self, ask: Ask) -> None:
            async def accept(pin: str) -> None:
                self.set_secret("token", (await self.io.post("/pair", pin)).text())

            await ask.text("pin", "The PIN of the gate", accept)

        @override
        async def identify(self) -> str:
            return await self.io.get_text("/id")

        @override
        async def refresh(self) -> None:
            self.emit(Switch.switch, await self.io.get_text("/state") == "on")

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.refresh()

        @handles(Switch.off)
        async def turn_off(self) -> None:
            await self.refresh()


def announced(address: Address) -> ZeroconfServiceInfo:
    ip = ip_address(address.host)
    name = f"Gate.{TYPE}"
    return ZeroconfServiceInfo(ip, [ip], address.port, "gate.local.", TYPE, name, {})
