"""The page's hub keeps no list of its sensors: the driver knows them, also after a restart."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from typing import Any, ClassVar, override

import pytest

from lan_edge import Address, Battery, Device, Identity, Record, TemperatureMeasurement
from tests.drivers.house import until

from . import pages
from .devices import HOST, TcpDevice

PATH = "docs/examples/radio_hub.py"
EXAMPLE = pages.run(PATH, (pages.ROOT / PATH).read_text())
TEMPERATURE = TemperatureMeasurement.temperature
pytestmark = pytest.mark.usefixtures("nothing_left_running")


class Hub(TcpDevice):
    id = "HUB1"
    first: ClassVar[dict[str, Any]] = {}

    @override
    def answer(self, message: bytes) -> bytes:
        reply = {"id": json.loads(message)["id"], "result": {"serial": self.id}}
        return json.dumps(reply).encode() + b"\n"

    def hear(self, sensor: str, **values: float) -> None:
        """Pass on what a sensor has said."""
        heard = {"method": "heard", "params": {"sensor": sensor, **values}}
        self.say(json.dumps(heard).encode() + b"\n")


@asynccontextmanager
async def online(hub: Hub, record: Record) -> AsyncGenerator[Device]:
    record.addresses = (Address(HOST, hub.port),)
    device = Device(EXAMPLE.RadioHub, record)
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        yield device
    finally:
        await device.stop()


async def test_sensors_of_before_a_restart_are_known() -> None:
    async with Hub() as hub:
        record = Record(Identity(hub.id))
        async with online(hub, record) as device:
            hub.hear("a", celsius=19.5, battery=80)
            hub.hear("b", celsius=7)
            await until(lambda: device.state.get(TEMPERATURE, "b") == 7)
            assert list(device.profile.components) == ["a", "b"]
        stored = json.loads(json.dumps(record.as_dict()))
        async with online(hub, Record.from_dict(stored)) as device:
            hub.hear("c", celsius=3)
            await until(lambda: device.state.get(TEMPERATURE, "c") == 3)
            assert list(device.profile.components) == ["a", "b", "c"]
            hub.hear("a", celsius=20)
            await until(lambda: device.state.get(TEMPERATURE, "a") == 20)
            assert device.state.get(Battery.battery, "a") is None
            assert all(map(device.component_available, "abc"))
