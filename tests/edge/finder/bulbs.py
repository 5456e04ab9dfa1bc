"""A driver of bulbs that are found by SSDP, whose devices are emulated on loopback."""

import os
from typing import ClassVar, override

from lan_edge import Driver, JsonRpc, Matcher, Profile, Ssdp, Switch, handles, id_at

LOOPBACK = "127.0.0.1"
TARGET = f"urn:acme-org:device:Bulb{os.getpid()}:1"
"""Of this process alone: what is sent by multicast on loopback reaches all tests."""


class Bulb(Driver[JsonRpc]):
    id = "bulb"
    discovery: ClassVar[tuple[Matcher, ...]] = (
        Ssdp(TARGET, unique_id="{usn.uuid}", port="{headers[x-port]}"),
    )
    profile = Profile(Switch)

    @override
    async def identify(self) -> str:
        return id_at(await self.io.call("info"), "id")

    @override
    async def refresh(self) -> None:
        await self.io.call("get")

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if message.method in {"get", "state"}:
            self.emit_field(Switch.switch, message.data, "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)
