"""The stereo amplifier of docs/examples, whose lines end differently in each direction."""

import asyncio
from typing import Any, ClassVar, override

import pytest

from lan_edge import AudioMute, AudioVolume, Device, Identity, Record, Switch
from tests.drivers.described import described
from tests.drivers.house import until

from .devices import TcpDevice
from .test_examples import address

pytestmark = pytest.mark.usefixtures("nothing_left_running")


class Stereo(TcpDevice):
    """Takes `volume?` and `volume=10!`; reports changes after `updates=on!`."""

    id = "00A0DE123456"
    first: ClassVar[dict[str, Any]] = {"power": "standby", "volume": "10", "mute": "off"}

    def __init__(self) -> None:
        super().__init__()
        self.heard = list[str]()

    @override
    async def read(self, reader: asyncio.StreamReader) -> bytes:
        message = b""
        while message[-1:] not in {b"!", b"?"}:
            message += await reader.readexactly(1)
        return message

    @override
    def answer(self, message: bytes) -> bytes:
        self.heard.append(message.decode("ascii"))
        name, _, value = self.heard[-1][:-1].partition("=")
        if name == "updates":
            return b""
        known = {"serial": self.id, **self.state}
        if value:
            self.state[name] = known[name] = value
        return f"{name}={known[name]}$".encode("ascii")

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        if "updates=on!" in self.heard:
            self.say("".join(f"{name}={value}$" for name, value in values.items()).encode("ascii"))


async def test_each_line_ends_as_it_is_written() -> None:
    async with Stereo() as stereo:
        driver = described("stereo")
        driver.poll = None
        device = Device(driver, Record(Identity(stereo.id), (address(stereo),)))
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            assert device.state.get(AudioVolume.volume) == 20
            assert (device.identity.manufacturer, device.identity.model) == ("Example", "ST-2")
            await device.commands.execute(Switch.on, {})
            await device.commands.execute(AudioVolume.set_volume, {"volume": 8})
            await device.commands.execute(AudioMute.set_mute, {"state": True})
            assert stereo.state == {"power": "on", "volume": "04", "mute": "on"}
            await stereo.change(volume="25", mute="off")
            await until(lambda: device.state.get(AudioVolume.volume) == 50)
            assert device.state.get(AudioMute.muted) is False
        finally:
            await device.stop()
        assert not [text for text in stereo.heard if "$" in text or "\n" in text]
        assert device.counts["ignored_messages"] == {}
