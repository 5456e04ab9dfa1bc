"""Tuya: tinytuya, which we did not write, at our emulator; and its mock, driven by our driver."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import tinytuya
from tuyamock import MockDevice

from lan_edge import (
    Address,
    ColorControl,
    CredentialsError,
    Device,
    Identity,
    LightIntent,
    Record,
    Switch,
    SwitchLevel,
    TimedOutError,
    UnreachableError,
)
from lan_edge.drivers.tuya import Tuya
from lan_edge.drivers.tuya.protocol.codec import read_beacon
from tests.emulators.tuya import ID, KEY, TuyaEmulator

from .house import shows, until

pytestmark = pytest.mark.real_time

VERSIONS = ("3.1", "3.3", "3.4", "3.5")
BULB = {"20": False, "21": "white", "22": 946, "23": 3, "24": "014a03e803a9", "25": "04"}


def client(emulator: TuyaEmulator, key: str = KEY) -> Any:
    """Return tinytuya's client of the emulator."""
    return tinytuya.Device(
        ID,
        emulator.host,
        key,
        version=float(emulator.version),
        port=emulator.port,
        persist=True,
        connection_timeout=4,
        connection_retry_limit=1,
        connection_retry_delay=0,
    )


@pytest.fixture(params=VERSIONS)
async def emulator(request: pytest.FixtureRequest) -> AsyncGenerator[TuyaEmulator]:
    async with TuyaEmulator(version=request.param) as made:
        yield made


# its client, at our emulator


async def test_its_client_reads_sets_and_is_told(emulator: TuyaEmulator) -> None:
    own = client(emulator)
    status = await asyncio.to_thread(own.status)
    assert status["dps"] == {"1": False, "9": 0}
    await asyncio.to_thread(own.turn_on)
    await until(lambda: emulator.points["1"] is True)
    assert (await asyncio.to_thread(own.status))["dps"]["1"] is True
    await emulator.change(on=False)
    told = await asyncio.to_thread(own.receive)
    while told is None or "dps" not in told or told["dps"].get("1") is not False:
        told = await asyncio.to_thread(own.receive)
    await asyncio.to_thread(own.heartbeat, nowait=False)
    own.close()


async def test_its_client_finds_a_wrong_key(emulator: TuyaEmulator) -> None:
    if emulator.version == "3.1":
        return  # where the state is read without a key
    own = client(emulator, "fedcba9876543210")
    status = await asyncio.to_thread(own.status)
    assert status["Err"] in {"904", "914"}
    own.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_it_reads_our_beacons_as_the_driver_does(version: str) -> None:
    beacon = TuyaEmulator(version=version).beacon()
    theirs = tinytuya.decrypt_udp(beacon)
    assert tinytuya.json.loads(theirs) == read_beacon(beacon)
    assert read_beacon(beacon)["gwId"] == ID


async def test_its_client_asks_for_points_by_number() -> None:
    async with TuyaEmulator({"1": True, "3": 7}, version="3.3") as emulator:
        emulator.by_number = True
        own = client(emulator)
        await asyncio.to_thread(own.status)  # and learns that it has to
        own.set_dpsUsed({"1": None, "3": None})
        status = await asyncio.to_thread(own.status)
        assert status["dps"] == {"1": True, "3": 7}
        own.close()


@pytest.mark.parametrize("version", ["3.3", "3.4", "3.5"])
async def test_its_client_lists_and_sets_what_is_behind_a_gateway(version: str) -> None:
    behind = {"a4c13801": {"1": False}}
    async with TuyaEmulator({}, version=version, behind=behind) as emulator:
        gateway = client(emulator)
        child = tinytuya.Device("bfchild", cid="a4c13801", parent=gateway)
        listed = await asyncio.to_thread(gateway.subdev_query)
        assert listed["data"]["online"] == ["a4c13801"]
        status = await asyncio.to_thread(child.status)
        assert (status.get("dps") or status["data"]["dps"]) == {"1": False}
        await asyncio.to_thread(child.turn_on)
        await until(lambda: emulator.behind["a4c13801"]["1"] is True)
        gateway.close()


# its mock, driven by our driver


async def driven(mock: MockDevice, version: str, key: str = KEY) -> Device:
    fields = {"device_id": mock.config.gw_id, "version": version}
    address = Address("127.0.0.1", mock.port)
    record = Record(Identity(mock.config.gw_id), (address,), fields=fields)
    return Device(Tuya, record, secrets={"local_key": key})


@pytest.mark.parametrize("version", VERSIONS)
async def test_its_mock_is_driven(version: str) -> None:
    with MockDevice(local_key=KEY, version=version, dps={"1": False}) as mock:
        device = await driven(mock, version)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await device.commands.execute(Switch.on, {})
            assert mock.dps["1"] is True
            mock.push({"1": False})
            await shows(device, Switch.switch, False)
        finally:
            await device.stop()


async def test_its_mock_refuses_a_wrong_key() -> None:
    """Up to 3.4, it does not answer one at all, unlike real devices."""
    with MockDevice(local_key=KEY, version="3.5", dps={"1": False}) as mock:
        device = await driven(mock, "3.5", "fedcba9876543210")
        with pytest.raises(CredentialsError, match="another local key"):
            await device.check(Address("127.0.0.1", mock.port))
        await device.stop()


async def test_its_bulb_is_set_to_a_colour() -> None:
    with MockDevice(local_key=KEY, version="3.5", dps=BULB) as mock:
        device = await driven(mock, "3.5")
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await shows(device, SwitchLevel.level, 95)
            await device.commands.perform(LightIntent(on=True, hue=50, saturation=100, level=40))
            assert (mock.dps["20"], mock.dps["21"]) == (True, "colour")
            assert mock.dps["24"] == "00b403e80190"
            await shows(device, ColorControl.saturation, 100)
        finally:
            await device.stop()


async def test_its_mock_goes_dark_and_is_found_again() -> None:
    mock = MockDevice(KEY, "3.4", {"1": False}, go_dark_after=2, drop_after_dark=1.0, outages=1)
    with mock:
        device = await driven(mock, "3.4")
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            with pytest.raises((TimedOutError, UnreachableError)):
                await device.commands.execute(Switch.on, {})
            await until(lambda: mock.server.connections > 1 and device.available)
            await device.commands.execute(Switch.on, {})
            assert mock.dps["1"] is True
        finally:
            await device.stop()
