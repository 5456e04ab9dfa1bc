"""Xiaomi devices for tests: with their emulators, found by hello and with the right token."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from lan_edge import Address, Device, Identity, Record
from lan_edge.drivers.miot import Miot
from tests.emulators.miot import TOKEN, MiotEmulator

from .house import until

OTHER_TOKEN = "ffeeddccbbaa99887766554433221100"


def new_device(emulator: MiotEmulator, *, token: str = TOKEN) -> Device:
    """Return a device that was found by hello, and paired."""
    record = Record(Identity(emulator.id), (Address(emulator.host, emulator.port),))
    return Device(Miot, record, secrets={"token": token})


@asynccontextmanager
async def driven(emulator: MiotEmulator, **how: Any) -> AsyncGenerator[Device]:
    """Yield such a device, once it is online."""
    device = new_device(emulator, **how)
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        yield device
    finally:
        await device.stop()
