"""`connect`: a device at an address, until the block ends."""

from typing import override

import pytest

from lan_edge import Address, DriverError, OfflineError, Switch, UnreachableError, connect
from lan_edge.finder import connecting
from tests.drivers.house import until
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.published.go_e import GoECharger

from .bulbs import Bulb


async def test_it_is_connected_again_until_the_block_ends() -> None:
    async with JsonBulbEmulator(id="bulb-1") as bulb:
        async with connect(Bulb, Address(bulb.host, bulb.port)) as lamp:
            assert lamp.identity.unique_id == "bulb-1"
            await bulb.restart(down=10)
            await until(lambda: lamp.available)
            await lamp[Switch].on()
            assert bulb.state["on"] is True
        await until(lambda: not bulb.peers)
        with pytest.raises(OfflineError):
            await lamp[Switch].off()


async def test_nothing_is_there() -> None:
    with pytest.raises(UnreachableError, match="refused"):
        async with connect(Bulb, Address("127.0.0.1", 1)):
            pytest.fail("it is not there")


async def test_a_device_that_answers_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes one connection, and no other."""
    monkeypatch.setattr(connecting, "ONLINE_TIMEOUT", 5.0)
    async with JsonBulbEmulator(id="bulb-1") as bulb:

        class Once(Bulb):
            @override
            async def disconnected(self) -> None:
                await bulb.down()

        with pytest.raises(UnreachableError):
            async with connect(Once, Address(bulb.host, bulb.port)):
                pytest.fail("it is gone")


async def test_a_described_device_by_the_id_of_its_kind() -> None:
    async with (
        GoECharger() as charger,
        connect("go_e_charger", charger.address) as device,
    ):
        assert device.identity.unique_id == "123456"
    with pytest.raises(DriverError, match="there is no driver 'toaster'"):
        async with connect("toaster", charger.address):
            pass
