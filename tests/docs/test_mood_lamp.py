"""The page's lamp: all that is wanted in one message, settings, and a capability of its own."""

import json
from typing import Any, ClassVar, override

import pytest

from lan_edge import Address, Device, Identity, LightIntent, Record, Switch, SwitchLevel
from tests.drivers.house import until

from . import pages
from .devices import HOST, TcpDevice

PATH = "docs/examples/mood_lamp.py"
EXAMPLE = pages.run(PATH, (pages.ROOT / PATH).read_text())
pytestmark = pytest.mark.usefixtures("nothing_left_running")


class Lamp(TcpDevice):
    id = "MOOD1"
    first: ClassVar[dict[str, Any]] = {
        "on": False,
        "level": 50,
        "hue": 0.0,
        "saturation": 0.0,
        "flicker": 0,
    }

    def __init__(self) -> None:
        super().__init__()
        self.sets = list[dict[str, Any]]()

    @override
    def answer(self, message: bytes) -> bytes:
        request = json.loads(message)
        match request["method"]:
            case "info":
                result: dict[str, Any] = {"serial": self.id}
            case "set":
                self.sets.append(request["params"])
                self.state |= {k: v for k, v in request["params"].items() if k in self.first}
                result = self.state
            case _:
                result = self.state
        return json.dumps({"id": request["id"], "result": result}).encode() + b"\n"


async def test_all_that_is_wanted_goes_in_one_message() -> None:
    async with Lamp() as lamp:
        record = Record(Identity(lamp.id), (Address(HOST, lamp.port),))
        device = Device(EXAMPLE.MoodLamp, record, settings={"fade": 2})
        device.start()
        await until(lambda: device.available, lambda: device.connection.reason)
        await device.commands.perform(LightIntent(on=True, level=30, hue=40, saturation=90))
        await device.commands.perform(LightIntent(on=False, transition=5))
        await device.commands.execute(SwitchLevel.set_level, {"level": 70})
        assert lamp.sets == [
            {"fade": 2.0, "on": True, "level": 30, "hue": 40, "saturation": 90},
            {"fade": 5, "on": False},
            {"fade": 2.0, "level": 70},
        ]
        assert device.state.get(Switch.switch) is False
        await device.change_settings({"after_power_cut": "off"})
        assert device._core.settings == EXAMPLE.MoodSettings(
            after_power_cut=EXAMPLE.AfterPowerCut.OFF
        )
        assert lamp.sets[-1] == {"power_cut": "off"}
        await device.commands.execute(EXAMPLE.Candle.set_flicker, {"flicker": 7})
        assert lamp.state["flicker"] == device.state.get(EXAMPLE.Candle.flicker) == 7
        await device.stop()
