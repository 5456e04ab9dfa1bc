"""Finds devices on the local network, and keeps them connected wherever they are."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager

from ..driver.driver import AnyDriver
from ..driver.registry import Registry
from .bundled import bundled_registry
from .found import FoundDevices

FIND_TIMEOUT = 10.0
"""Seconds to find the devices that a program asks for."""


@asynccontextmanager
async def find(
    ids: Iterable[str] | None = None,
    drivers: Iterable[AnyDriver] | None = None,
    *,
    timeout: float = FIND_TIMEOUT,
    hosts: Iterable[str] = (),
    beside_hub: bool = False,
) -> AsyncGenerator[FoundDevices]:
    """Find devices by their ids, and keep them connected until the block ends.

    Without `ids`, it is every device of the drivers that can be connected; without `drivers`, those
    that are bundled, with those of described devices. `hosts` are this machine's own addresses in
    the networks to search, if not all are to be searched. `beside_hub` finds devices on this
    machine itself, too, such as an emulator; otherwise what is announced at its own addresses is
    refused.

    The block begins once all are found, or after `timeout` seconds with those that are; the others
    join them when they are found. While a device is missing or lost it is searched for, at first
    often, then every ten minutes; otherwise nothing is sent, and only beacons and mDNS are heard. A
    device that has moved is connected where it is, once it has proven to be the same.

        async with find(["a8bb50010203"]) as devices:
            await devices["a8bb50010203"][Switch].on()
    """
    registry = await bundled_registry() if drivers is None else Registry()
    for driver in drivers or ():
        registry.add(driver)
    devices = FoundDevices(registry, ids, tuple(hosts), beside_hub=beside_hub)
    try:
        await devices.begin(timeout)
        yield devices
    finally:
        await devices.end()
