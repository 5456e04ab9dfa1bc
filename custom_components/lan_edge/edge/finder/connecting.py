"""Connecting a device whose address is known, for as long as a program uses it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from ..device import Device, Record, Runtime
from ..driver.driver import AnyDriver
from ..driver.identity import Identity
from ..errors import UnreachableError
from ..network.address import Address
from .bundled import bundled_driver
from .calling import calls_by_itself, first_call

ONLINE_TIMEOUT = 20.0
"""Seconds in which a device that has just answered must be connected."""


@asynccontextmanager
async def connect(
    driver: AnyDriver | str,
    address: Address,
    *,
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
    runtime: Runtime | None = None,
    unique_id: str = "",
    record: Record | None = None,
) -> AsyncGenerator[Device]:
    """Connect the device of a driver at an address, until the block ends.

    The driver is a class, or the id of one that is bundled, such as `"go_e_charger"`.

    A connection that is lost is made again. Raises EdgeError if the device is not there now, such
    as CredentialsError if it has to be paired first. `settings`, `secrets` and `runtime` are those
    of `Device`. For a device that connects to the hub by itself, a listener is opened if there is
    no `runtime`, and the device has 30 s to call it from the address; with a `runtime`, it has to
    call by its `unique_id`. A `record` is what is known of the device from before, such as its
    certificate; it is kept up to date.

        async with connect(RestSwitch, Address("192.168.1.40")) as plug:
            await plug[Switch].on()
    """
    if isinstance(driver, str):
        driver = await bundled_driver(driver)
    known = record or Record(Identity(unique_id))
    async with _caller(driver, address, runtime, known) as shared:
        device = Device(driver, known, settings=settings, secrets=secrets, runtime=shared)
        async with connected(device, address):
            yield device


@asynccontextmanager
async def _caller(
    driver: AnyDriver, address: Address, runtime: Runtime | None, known: Record
) -> AsyncGenerator[Runtime | None]:
    """Yield a runtime with a listener if the device calls and there is none."""
    if runtime is not None or not calls_by_itself(driver):
        yield runtime
        return
    runtime = Runtime()
    try:
        known.identity = await first_call(driver, address, runtime.listener)
        yield runtime
    finally:
        await runtime.close()


@asynccontextmanager
async def connected(device: Device, address: Address) -> AsyncGenerator[None]:
    """Connect a device that is to be at an address, until the block ends; raise EdgeError."""
    await device.check(address)
    device.connection.moved(address)
    try:
        await start(device)
        yield
    finally:
        await device.stop()


async def start(device: Device) -> None:
    """Start a device that has just answered, and wait until it is online; raise UnreachableError.

    It stays started then, too.
    """
    online, on_online = asyncio.Event(), device.observer.on_online
    device.observer.on_online = online.set
    device.start()
    try:
        async with asyncio.timeout(ONLINE_TIMEOUT):
            await online.wait()
    except TimeoutError:
        reason = device.connection.reason or f"no connection within {ONLINE_TIMEOUT:g} s"
        raise UnreachableError(str(reason)) from None
    finally:
        device.observer.on_online = on_online
    on_online()
