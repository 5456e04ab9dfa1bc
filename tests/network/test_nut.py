"""Network UPS Tools with a UPS that is a file, by the example of the documentation."""

from collections.abc import AsyncGenerator
from pathlib import Path
import warnings

import pytest

from lan_edge import (
    Address,
    Attribute,
    Battery,
    Device,
    PowerSource,
    PowerSourceValue,
    Record,
    Status,
    TimedOutError,
)
from tests.docs.pages import driver_of
from tests.drivers.house import until
from tests.real.nut import NutServer

HOST = "127.0.0.1"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[NutServer]:
    if lacks := NutServer.missing():
        warnings.warn(f"NUT skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    async with NutServer(tmp_path / "nut", HOST) as made:
        yield made


async def test_a_ups_is_read_and_followed(server: NutServer) -> None:
    driver = driver_of("nut.py")
    driver.poll = 0.5
    device = Device(driver, Record(addresses=(Address(HOST, server.port),)))
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        assert device.identity.unique_id == "NUT-4711"
        assert device.identity.manufacturer == "Dummy & Sons"
        assert device.identity.model == "DP-700"
        assert shown(device) == {"status": "OL CHRG", "load": 23.5}
        assert device.state.get(Battery.battery) == 88
        assert device.state.get(PowerSource.power_source) is PowerSourceValue.MAINS
        server.change(ups_status="OB DISCHRG", ups_load="40", battery_charge="61.6")
        await until(lambda: shown(device) == {"status": "OB DISCHRG", "load": 40.0})
        assert device.state.get(Battery.battery) == 62
        assert device.state.get(PowerSource.power_source) is PowerSourceValue.BATTERY
        await server.stop()
        await until(lambda: device.connection.status is not Status.ONLINE)
        await server.start()
        await until(lambda: device.connection.status is Status.ONLINE)
        assert device.counts["driver_errors"] == {}
        assert device.state.rejected == {}
    finally:
        await device.stop()


async def test_the_music_player_s_driver_does_not_take_it_for_one(server: NutServer) -> None:
    device = Device(driver_of("mpd.py"), Record())
    with pytest.raises(TimedOutError, match="no greeting"):
        await device.check(Address(HOST, server.port))


def shown(device: Device) -> dict[str, object]:
    """Return the values of the driver's own capability."""
    (own,) = (c for c in device.profile.components["main"].capabilities if c.id == "nut.ups")
    attributes: list[Attribute[object]] = list(own.attributes)
    return {a.name: device.state.get(a) for a in attributes}
