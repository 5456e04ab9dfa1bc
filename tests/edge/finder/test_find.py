"""`find`: devices by their ids, on loopback, found by SSDP."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    CredentialsError,
    Device,
    EdgeError,
    Identity,
    NotFoundError,
    Record,
    Registry,
    Sighting,
    Ssdp,
    Switch,
    UnreachableError,
    find,
)
from lan_edge.finder import FoundDevices, found
from lan_edge.finder.search import search
from lan_edge.finder.surroundings import Surroundings, surroundings
from tests.drivers.house import until
from tests.emulators.json_bulb import JsonBulbEmulator

from .bulbs import LOOPBACK, TARGET, Bulb

HERE: dict[str, Any] = {"hosts": [LOOPBACK]}


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note when searches are sent."""
    at: list[float] = []
    send = search

    async def noted(*arguments: Any) -> None:
        at.append(asyncio.get_running_loop().time())
        await send(*arguments)

    monkeypatch.setattr(found, "search", noted)
    return at


@pytest.fixture
async def bulb() -> AsyncGenerator[JsonBulbEmulator]:
    async with JsonBulbEmulator(id="bulb-1", announce=True) as made:
        yield made


async def test_a_device_by_its_id(bulb: JsonBulbEmulator) -> None:
    async with find(["BULB-1"], [Bulb], **HERE) as devices:
        lamp = devices["bulb-1"]
        await lamp[Switch].on()
        assert lamp[Switch].switch is True
        assert bulb.state["on"] is True
        assert devices.missing == ()
        assert devices.failures == {}
    await until(lambda: not bulb.peers)


async def test_every_device_of_the_drivers(bulb: JsonBulbEmulator) -> None:
    async with (
        JsonBulbEmulator(host="127.0.0.2", id="bulb-2", announce=True),
        find(drivers=[Bulb], **HERE) as devices,
    ):
        assert set(devices) == {"bulb-1", "bulb-2"}
        assert all(device.available for device in devices.values())


async def test_a_device_that_moves_is_followed_by_our_own_searches(bulb: JsonBulbEmulator) -> None:
    async with find(["bulb-1"], [Bulb], **HERE) as devices:
        lamp = devices["bulb-1"]
        bulb.notify_every = 86400.0  # it does not say that it has moved
        await bulb.move("127.0.0.3")
        await until(lambda: lamp.connection.address == Address("127.0.0.3", bulb.port))
        await until(lambda: lamp.available)
        await lamp[Switch].on()
        assert bulb.state["on"] is True


async def test_a_device_that_comes_later(bulb: JsonBulbEmulator) -> None:
    async with find(["bulb-1", "bulb-2"], [Bulb], timeout=5, **HERE) as devices:
        assert set(devices) == {"bulb-1"}
        assert devices.missing == ("bulb-2",)
        with pytest.raises(NotFoundError, match=r"^bulb-2 .*: no device with this id was seen$"):
            devices["bulb-2"]
        async with JsonBulbEmulator(host="127.0.0.2", id="bulb-2", announce=True):
            await until(lambda: "bulb-2" in devices)
            await devices["bulb-2"][Switch].on()


async def test_nothing_is_sent_while_nothing_is_lost(
    bulb: JsonBulbEmulator, searches: list[float]
) -> None:
    async with find(["bulb-1"], [Bulb], **HERE) as devices:
        await asyncio.sleep(60)
        assert devices["bulb-1"].available
        assert len(searches) == 1
        await bulb.restart(down=30)
        await until(lambda: devices["bulb-1"].available)
        assert len(searches) > 1


async def test_the_id_is_asked_for_where_nothing_announces_it(bulb: JsonBulbEmulator) -> None:
    class Nameless(Bulb):
        discovery = (Ssdp(TARGET, port="{headers[x-port]}"),)

    async with find(["bulb-1"], [Nameless], **HERE) as devices:
        assert devices["bulb-1"].available


async def test_an_impostor_is_not_connected(bulb: JsonBulbEmulator) -> None:
    class Claimed(Bulb):
        @override
        async def identify(self) -> str:
            return "somebody-else"

    async with find(["bulb-1"], [Claimed], timeout=5, **HERE) as devices:
        assert not devices
        assert "is somebody-else, not bulb-1" in str(devices.failures["bulb-1"])


async def test_a_device_that_needs_a_login_is_named(bulb: JsonBulbEmulator) -> None:
    class Locked(Bulb):
        @override
        async def refresh(self) -> None:
            raise CredentialsError("no token")

    async with find(drivers=[Locked], **HERE) as devices:
        assert not devices
        assert isinstance(devices.failures["bulb-1"], CredentialsError)


async def test_a_device_of_the_programs_own_is_followed(bulb: JsonBulbEmulator) -> None:
    own = Device(Bulb, Record(Identity("bulb-1"), (Address(LOOPBACK, 1),)))
    async with find([], [Bulb], **HERE) as devices:
        await devices.add(own)  # a search finds it elsewhere
        assert devices["bulb-1"] is own
        assert own.connection.address == Address(LOOPBACK, bulb.port)


async def test_an_address_that_is_not_ours() -> None:
    with pytest.raises(ArgumentError, match=r"192\.0\.2\.1 is no IPv4 address of this machine"):
        async with find([], [Bulb], hosts=["192.0.2.1"]):
            pass


async def test_without_a_network_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "surroundings", lambda _hosts, **_: Surroundings((), ()))
    async with find(["bulb-1"], [Bulb], timeout=5, **HERE) as devices:
        assert devices.missing == ("bulb-1",)


async def test_a_device_of_the_programs_own_that_is_nowhere(bulb: JsonBulbEmulator) -> None:
    own = Device(Bulb, Record(Identity("bulb-2"), (Address(LOOPBACK, 1),)))
    async with find([], [Bulb], **HERE) as devices:
        with pytest.raises(UnreachableError, match="refused"):
            await devices.add(own)
        async with JsonBulbEmulator(host="127.0.0.2", id="bulb-2", announce=True):
            await until(lambda: devices["bulb-2"].available)


async def test_a_device_that_is_missing_says_why() -> None:
    async with find(["bulb-9"], [Bulb], timeout=1, **HERE) as devices:
        with pytest.raises(NotFoundError) as raised:
            devices["bulb-9"]
        assert str(raised.value) == "bulb-9 has not been found: no device with this id was seen"
        assert isinstance(raised.value, EdgeError)
        assert isinstance(raised.value, KeyError)
        assert devices.get("bulb-9") is None
        assert "bulb-9" not in devices


def sighted_here(found_devices: FoundDevices, host: str, unique_id: str = "bulb-1") -> None:
    """Sight a bulb at an address."""
    headers = {"usn": f"uuid:{unique_id}", "x-port": "7312"}
    found_devices._sighted(Sighting("ssdp", TARGET, Address(host), "", {"headers": headers}))


async def test_a_device_at_our_own_address_says_so() -> None:
    drivers = Registry()
    drivers.add(Bulb)
    drivers.hosts.own = {"10.99.0.1"}
    found_devices = FoundDevices(drivers, ["bulb-1"], ())
    sighted_here(found_devices, "10.99.0.1")
    sighted_here(found_devices, "10.99.0.1", "bulb-2")  # nobody asked for it
    said = "10.99.0.1 is this machine's own address; beside_hub=True finds devices there"
    assert {k: str(v) for k, v in found_devices.failures.items()} == {"bulb-1": said}
    with pytest.raises(NotFoundError) as raised:
        found_devices["bulb-1"]
    assert str(raised.value) == f"bulb-1 has not been found: {said}"
    assert raised.value.__cause__ is found_devices.failures["bulb-1"]
    sighted_here(found_devices, "8.8.8.8")
    await found_devices.end()


async def test_a_device_beside_the_hub(
    bulb: JsonBulbEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = surroundings((LOOPBACK,))

    def around(_only: tuple[str, ...], *, beside_hub: bool) -> Surroundings:
        return replace(usual, beside_hub=beside_hub)

    monkeypatch.setattr(found, "surroundings", around)
    async with find(["bulb-1"], [Bulb], beside_hub=True) as devices:
        assert devices["bulb-1"].available
