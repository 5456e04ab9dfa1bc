"""What strangers can make us do to others while a device is off: few attempts to connect."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from lan_edge import Address, Status, UnreachableError
from lan_edge.connection.connection import Connection
from lan_edge.connection.hints import HINT_INTERVAL
from tests.clock import now

from ..peers import until
from .test_connection import HOME, Script, known

MINUTE = 60.0


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
async def connection(script: Script) -> AsyncGenerator[Connection]:
    """Yield the connection of a device that has been off for long."""
    connection = Connection(script, known(HOME))
    connection.start()
    await until(lambda: connection.available)
    script.errors[HOME] = UnreachableError("off")
    connection.lost(UnreachableError("off"))
    await asyncio.sleep(10 * MINUTE)
    script.tried.clear()
    yield connection
    await connection.stop()


async def storm(script: Script, connection: Connection, hosts: int) -> list[int]:
    """Announce it elsewhere each second for five minutes; return the attempts in each minute."""
    forged = [Address(f"10.9.9.{n}", 1) for n in range(hosts)]
    for address in forged:
        script.errors[address] = UnreachableError("not here")
    counts = list[int]()
    for second in range(5 * 60):
        if second % 60 == 0:
            script.tried.clear()
        connection.sighted(forged[second % hosts])
        await asyncio.sleep(1)
        if second % 60 == 59:
            counts.append(sum(address in forged for address in script.tried))
    return counts


@pytest.mark.parametrize("hosts", [1, 3, 200])
async def test_a_storm_of_false_sightings(
    script: Script, connection: Connection, hosts: int
) -> None:
    assert max(await storm(script, connection, hosts)) <= MINUTE + 3


async def test_after_a_storm_it_is_found_soon(script: Script, connection: Connection) -> None:
    await storm(script, connection, 1)
    script.errors.pop(HOME)
    began = now()
    connection.sighted(HOME)
    await until(lambda: connection.status is Status.ONLINE, 60)
    assert now() - began < HINT_INTERVAL + 1


async def test_it_may_say_that_it_is_there_a_moment_too_early(
    script: Script, connection: Connection
) -> None:
    connection.sighted(HOME)
    await asyncio.sleep(8)
    script.errors.pop(HOME)
    began = now()
    await until(lambda: connection.status is Status.ONLINE, 60)
    assert now() - began < 2


async def test_a_storm_does_not_make_the_first_minute_shorter(script: Script) -> None:
    connection = Connection(script, known(HOME))
    connection.start()
    await until(lambda: connection.available)
    script.errors[HOME] = UnreachableError("off")
    connection.lost(UnreachableError("off"))
    for _ in range(int(MINUTE) - 10):
        connection.sighted(HOME)
        await asyncio.sleep(1)
    script.errors.clear()
    began = now()
    await until(lambda: connection.status is Status.ONLINE, 10)
    assert now() - began < 2
    await connection.stop()


async def flap(script: Script, connection: Connection, seconds: float) -> int:
    """Drop each connection at once, announce the device all the time; return the connections."""
    script.tried.clear()
    end = now() + seconds
    while now() < end:
        if connection.status is Status.ONLINE:
            connection.lost(UnreachableError("dropped"))
        connection.sighted(HOME)
        await asyncio.sleep(0.1)
    return len(script.tried)


async def test_a_device_that_drops_its_connections_is_left_alone(script: Script) -> None:
    connection = Connection(script, known(HOME))
    connection.start()
    await until(lambda: connection.available)
    # one a second; each wait varies by 30 %, so that even the shortest ones are within this
    assert await flap(script, connection, MINUTE) <= MINUTE / 0.7
    await until(lambda: connection.status is Status.ONLINE, 10)
    await connection.stop()


async def test_a_device_that_was_there_for_a_while_is_connected_at_once(script: Script) -> None:
    connection = Connection(script, known(HOME))
    connection.start()
    await until(lambda: connection.available)
    await flap(script, connection, MINUTE)
    await until(lambda: connection.status is Status.ONLINE, 10)
    await asyncio.sleep(HINT_INTERVAL)
    script.errors[HOME] = UnreachableError("off")
    connection.lost(UnreachableError("off"))
    await asyncio.sleep(1)
    script.errors.clear()
    began = now()
    connection.sighted(HOME)
    await until(lambda: connection.status is Status.ONLINE, 10)
    assert now() - began < 0.5
    await connection.stop()
