"""Nothing secret is sent to whoever claims to be a device: every kind of login, in every state."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from lan_edge import Address, Device, IdentityError, Record, Status
from lan_edge.connection.addresses import LOGIN_PATIENCE
from tests.clock import now

from ..bench import online
from ..peers import closed_port, until
from .secretive import KINDS, Kind, Place

HOME, ELSEWHERE, NEW_HOME = (Address(f"127.0.0.{n}") for n in (1, 2, 3))
STRANGER = "another-1"
AGES = 2 * LOGIN_PATIENCE
"""Seconds in which everything that can happen has happened."""

pytestmark = pytest.mark.parametrize("name", KINDS)


@pytest.fixture
def kind(name: str) -> Kind:
    return KINDS[name]


async def sighted_for(device: Device, seconds: float, *addresses: Address) -> None:
    """Have a device sighted at each of the addresses, every five seconds."""
    end = now() + seconds
    while now() < end:
        for address in addresses:
            device.connection.sighted(address)
        await asyncio.sleep(5)


@pytest.fixture
async def forger(kind: Kind) -> AsyncGenerator[Place]:
    """Somebody elsewhere who says everything that the device says without a login."""
    async with kind.place(ELSEWHERE) as place:
        yield place


async def test_a_healthy_device_is_left_for_no_announcement(kind: Kind, forger: Place) -> None:
    async with kind.place(HOME) as home, online(kind.device(home.address)) as device:
        await sighted_for(device, 30, forger.address)
        assert device.connection.status is Status.ONLINE
        assert device.connection.address == home.address
        assert kind.is_told(home)
        assert not forger.heard


async def test_a_device_that_was_just_lost_is_not_asked_for_elsewhere(
    kind: Kind, forger: Place
) -> None:
    device = kind.device(closed_port())
    device.start()
    await sighted_for(device, LOGIN_PATIENCE - 5, forger.address)
    assert not kind.is_told(forger)
    assert not forger.heard
    assert not device.available
    await device.stop()


async def test_back_at_its_address_it_is_found_before_a_forger(kind: Kind, forger: Place) -> None:
    async with kind.place(HOME) as home:
        pass
    device = kind.device(home.address)
    device.start()
    await asyncio.sleep(AGES)
    async with kind.place(home.address) as home:
        device.connection.sighted(forger.address)
        await until(lambda: device.available)
        assert device.connection.address == home.address
        await device.stop()
    assert not forger.heard


async def test_after_a_move_it_comes_back_by_itself(kind: Kind) -> None:
    async with kind.place(NEW_HOME) as place:
        device = kind.device(closed_port())
        began, back = now(), asyncio.Event()
        device.observer.on_online = back.set
        device.start()
        await asyncio.sleep(5)
        device.connection.sighted(place.address)  # once is enough
        async with asyncio.timeout(2 * LOGIN_PATIENCE):
            await back.wait()
        assert now() - began >= LOGIN_PATIENCE
        assert kind.is_told(place)
        assert device.record.addresses[0] == place.address
        await device.stop()


async def test_with_a_key_that_only_encrypts_it_comes_back_at_once(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with kind.place(NEW_HOME) as place:
        device = kind.device(closed_port())
        monkeypatch.setattr(type(device.driver), "key_only_encrypts", True)
        assert not device.is_login_at_stake
        device.start()
        await asyncio.sleep(5)
        device.connection.sighted(place.address)
        async with asyncio.timeout(LOGIN_PATIENCE / 2):
            await until(lambda: device.available, LOGIN_PATIENCE)
        await device.stop()


async def test_another_device_that_is_sighted_instead_gets_nothing(kind: Kind) -> None:
    if not kind.identifies:
        pytest.skip("it does not report its id without a login")
    async with kind.place(ELSEWHERE, STRANGER) as place:
        device = kind.device(closed_port())
        device.start()
        await sighted_for(device, AGES, place.address)
        assert place.heard
        assert not kind.is_told(place)
        assert not device.available
        with pytest.raises(IdentityError, match=STRANGER):
            await kind.device(closed_port()).check(place.address)
        assert not kind.is_told(place)
        await device.stop()


async def test_who_forgets_to_answer_gets_nothing_at_once(kind: Kind) -> None:
    """Somebody who accepts everything and never answers is no device."""
    heard = list[bytes]()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            heard.append(data)
        writer.close()

    server = await asyncio.start_server(listen, ELSEWHERE.host, 0)
    port = server.sockets[0].getsockname()[1]
    device = kind.device(closed_port())
    device.start()
    await sighted_for(device, LOGIN_PATIENCE - 5, Address(ELSEWHERE.host, port))
    assert not heard
    await device.stop()
    server.close()
    server.abort_clients()


async def test_the_stored_address_is_the_proven_one(kind: Kind) -> None:
    async with kind.place(HOME) as home:
        async with online(kind.device(home.address)) as device:
            stored = device.record.as_dict()
        home.heard.clear()
        again = Device(
            kind.driver, Record.from_dict(stored), settings=kind.settings, secrets=kind.secrets
        )
        began = now()
        async with online(again):
            assert now() - began < 1
            assert kind.is_told(home)


async def test_where_it_was_before_is_not_where_it_is(kind: Kind) -> None:
    async with kind.place(HOME) as home, kind.place(ELSEWHERE) as earlier:
        async with online(kind.device(home.address, earlier.address)):
            assert not earlier.heard
        device = kind.device(closed_port(), earlier.address)
        device.start()
        await asyncio.sleep(LOGIN_PATIENCE - 5)
        assert not earlier.heard
        await asyncio.sleep(AGES)
        assert device.available is kind.is_told(earlier) is kind.identifies
        await device.stop()


async def test_a_person_can_say_where_it_is(kind: Kind) -> None:
    async with kind.place(NEW_HOME) as place:
        device = kind.device(closed_port())
        await kind.device(closed_port()).check(place.address)
        device.start()
        await until(lambda: device.connection.status is Status.WAITING)
        began = now()
        device.connection.follow(place.address)
        await until(lambda: device.available)
        assert now() - began < 1
        await device.stop()


@pytest.mark.parametrize("late", [0.5, 30.0])
async def test_at_a_new_address_it_is_back_after_a_minute_though_its_old_one_has_a_new_owner(
    kind: Kind, late: float
) -> None:
    async with kind.place(HOME, STRANGER) as other, kind.place(NEW_HOME) as place:
        device = kind.device(other.address)
        reported, back = list[object](), asyncio.Event()
        device.observer.on_impostor = reported.append
        device.observer.on_credentials = lambda: reported.append("login")
        device.observer.on_online = back.set
        began = now()
        device.start()
        await asyncio.sleep(late)
        reported.clear()  # before it was sighted, the new owner of its address is all there is
        device.connection.sighted(place.address)
        async with asyncio.timeout(2 * LOGIN_PATIENCE):
            await back.wait()
        assert now() - began < LOGIN_PATIENCE + 15
        assert not reported
        await device.stop()


async def test_where_its_owner_says_that_it_is_another_device_gets_no_login(kind: Kind) -> None:
    if not kind.identifies:
        pytest.skip("it does not report its id without a login")
    async with kind.place(ELSEWHERE, STRANGER) as place, kind.place(NEW_HOME) as new_home:
        device = kind.device(closed_port())
        device.start()
        device.connection.follow(place.address)
        await until(lambda: place.heard)
        await asyncio.sleep(5)
        assert not kind.is_told(place)
        device.connection.follow(new_home.address)  # the right one is there at once
        await until(lambda: device.available, 30)
        assert device.connection.address == new_home.address
        await device.stop()
