"""A driver for one device with many entities; their number is in its record."""

from functools import partial
from itertools import count, takewhile
from typing import override

from lan_edge import Driver, JsonRpc, Profile, Switch, handles, id_at, register


def part(number: int) -> str:
    """Return a component's id."""
    return f"part_{number}" if number else "main"


@register
class BenchWide(Driver[JsonRpc]):
    """The JSON bulb's protocol; a push may name a component."""

    id = "bench_wide"
    profile = Profile(Switch)

    @override
    async def identify(self) -> str:
        return id_at(await self.io.call("info"), "id")

    @override
    async def refresh(self) -> None:
        await self.io.call("get")

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if "on" not in message.data:
            return
        if message.method == "state":
            self.emit(Switch.switch, message.data["on"], part(message.data.get("component", 0)))
            return
        for component in takewhile(partial(self.has, Switch), map(part, count())):
            self.emit(Switch.switch, message.data["on"], component)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        """Turn on."""
        await self.io.call("set", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        """Turn off."""
        await self.io.call("set", on=False)
