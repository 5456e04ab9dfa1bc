"""The page's valve sleeps; what it is told then is done when it wakes, wherever it is by then."""

import json
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Address,
    Device,
    Identity,
    Record,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint as Setpoint,
)
from tests.drivers.house import until

from . import pages
from .devices import HOST, TcpDevice

PATH = "docs/examples/radiator_valve.py"
EXAMPLE = pages.run(PATH, (pages.ROOT / PATH).read_text())
pytestmark = pytest.mark.usefixtures("nothing_left_running")


class Valve(TcpDevice):
    id = "VALVE1"
    first: ClassVar[dict[str, Any]] = {"celsius": 19.5, "target": 20.0}

    def __init__(self) -> None:
        super().__init__()
        self.sets = list[float]()

    @override
    def answer(self, message: bytes) -> bytes:
        request = json.loads(message)
        result: dict[str, Any] = self.state
        if request["method"] == "info":
            result = {"serial": self.id}
        elif request["method"] == "set":
            self.sets.append(request["params"]["target"])
            self.state.update(request["params"])
        return json.dumps({"id": request["id"], "result": result}).encode() + b"\n"


async def test_it_is_told_when_it_wakes() -> None:
    valve = Valve()
    await valve.start()
    record = Record(Identity(valve.id), (Address(HOST, valve.port),))
    device = Device(EXAMPLE.RadiatorValve, record)
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        await valve.stop()
        await until(lambda: device.connection.reason)
        for setpoint in (21, 22.5):
            await device.commands.execute(Setpoint.set_heating_setpoint, {"setpoint": setpoint})
        assert device.available
        assert device.state.get(TemperatureMeasurement.temperature) == 19.5
        assert device.state.get(Setpoint.heating_setpoint) == 20
        assert len(device.waiting_commands) == 1
        await valve.start()
        device.connection.sighted(Address(HOST, valve.port))
        await until(lambda: device.state.get(Setpoint.heating_setpoint) == 22.5)
        assert valve.sets == [22.5]
    finally:
        await device.stop()
        await valve.stop()
