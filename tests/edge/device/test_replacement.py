"""Another class takes the place of a running device's driver."""

from typing import override

from lan_edge import Switch, SwitchLevel, handles

from ..bench import Bench, BenchDevice, hooks_of, new_device, online, send, state_of
from ..peers import until


class Next(Bench):
    """The same, but what is turned on also gets brighter."""

    __test__ = False

    @handles(Switch.on)
    @override
    async def turn_on(self) -> None:
        await self.io.call("set", on=True, level=90)


async def test_what_it_does_is_replaced_and_nothing_else() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        await send(device, SwitchLevel.set_level, level=20)
        await device.replace_driver(Next)
        assert type(device.driver) is Next
        assert state_of(device) == {"on": False, "level": 20, "speed": 0}
        assert hooks_of(device).count("connected") == 1
        await send(device, Switch.on)
        await until(lambda: device.state.get(SwitchLevel.level) == 90)
        assert len(peer.connections) == 1
