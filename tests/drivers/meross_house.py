"""Meross devices that are driven."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from lan_edge import Address, Device, Identity, Record
from lan_edge.drivers.meross import Meross
from tests.emulators.meross import MerossEmulator

from .house import until


def new_device(emulator: MerossEmulator, key: str | None = None) -> Device:
    """Return a device that is known, with its key or another one."""
    record = Record(Identity(emulator.id), (Address(emulator.host, emulator.port),))
    key = emulator.key if key is None else key
    return Device(Meross, record, secrets={"key": key} if key else {})


@asynccontextmanager
async def driven(device: Device) -> AsyncGenerator[Device]:
    """Drive a device, connected at the start of the block."""
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        yield device
    finally:
        await device.stop()


@asynccontextmanager
async def driven_meross(model: str, **more: Any) -> AsyncGenerator[tuple[MerossEmulator, Device]]:
    """Yield a device of a model, and what drives it."""
    async with (
        MerossEmulator(model=model, **more) as emulator,
        driven(new_device(emulator)) as device,
    ):
        yield emulator, device


def asked(emulator: MerossEmulator, what: str) -> int:
    """Return how often a device was asked for something."""
    return sum(each.command == what for each in emulator.log)
