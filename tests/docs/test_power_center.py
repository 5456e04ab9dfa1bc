"""The page's power center consists of parts: each reads, and is commanded, by itself."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Address,
    Device,
    Identity,
    Record,
    RefusedError,
    Switch,
    TemperatureMeasurement,
)
from tests.drivers.house import until

from . import pages
from .devices import HOST, TcpDevice

PATH = "docs/examples/power_center.py"
EXAMPLE = pages.run(PATH, (pages.ROOT / PATH).read_text())
TEMPERATURE = TemperatureMeasurement.temperature
pytestmark = pytest.mark.usefixtures("nothing_left_running")


class Center(TcpDevice):
    id = "CENTER1"
    first: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.modules: dict[str, dict[str, Any]] = {
            "a1": {"kind": "relay", "name": "Pump", "on": False},
            "b2": {"kind": "thermometer", "name": "Pond", "celsius": 12.5},
            "c3": {"kind": "camera"},
        }

    @override
    def answer(self, message: bytes) -> bytes:
        request = json.loads(message)
        result: Any = {"serial": self.id}
        if request["method"] == "modules":
            result = [{"id": id_, **told} for id_, told in self.modules.items()]
        elif request["method"] == "set":
            self.modules[request["params"]["module"]]["on"] = request["params"]["on"]
        return json.dumps({"id": request["id"], "result": result}).encode() + b"\n"


@asynccontextmanager
async def online(center: Center) -> AsyncGenerator[Device]:
    address = Address(HOST, center.port)
    device = Device(EXAMPLE.PowerCenter, Record(Identity(center.id), (address,)))
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        yield device
    finally:
        await device.stop()


async def test_each_module_reads_and_is_commanded_by_itself() -> None:
    async with Center() as center, online(center) as device:
        shown = device.profile.components
        assert [*shown] == ["a1", "b2"]
        assert (shown["a1"].name, shown["a1"].capabilities) == ("Pump", (Switch,))
        assert device.state.get(TEMPERATURE, "b2") == 12.5
        await device.commands.execute(Switch.on, {}, "a1")
        assert center.modules["a1"]["on"] is True
        await device.commands.execute(Switch.off, {}, "a1")
        assert device.state.get(Switch.switch, "a1") is False


async def test_a_component_is_available_while_all_of_its_parts_are() -> None:
    async with Center() as center, online(center) as device:
        meter = EXAMPLE.Thermometer("a1", "", {"celsius": 3, "broken": True})
        driver: Any = device.driver
        parts = [meter, *driver.consists_of()]
        driver.show_parts(parts)
        assert not device.component_available("a1")
        assert device.profile.components["a1"].capabilities == (TemperatureMeasurement, Switch)
        driver.show_parts(parts[1:])
        assert device.component_available("a1")


async def test_a_module_that_is_broken_is_unavailable_and_one_that_is_pulled_out_refuses() -> None:
    async with Center() as center, online(center) as device:
        center.modules["b2"] |= {"broken": True, "celsius": "hot"}
        await device.commands.refresh()
        assert not device.component_available("b2")
        assert device.state.get(TEMPERATURE, "b2") is None
        center.modules["b2"]["broken"] = False
        await device.commands.refresh()
        assert device.component_available("b2")
        device.driver.memory.modules = []
        with pytest.raises(RefusedError, match="does not report that now"):
            await device.commands.execute(Switch.on, {}, "a1")
