"""Sonoff devices that are driven, and heard to announce themselves."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from lan_edge import Address, Device, Identity, Record, Sighting
from lan_edge.discovery.matcher import Match
from lan_edge.drivers.sonoff import Sonoff
from tests.bundled import match
from tests.emulators.sonoff import SERVICE_TYPE, SonoffEmulator

from .house import until

KEY = "4b0f7d1c-9a52-4d3e-8f61-2c7e0a9b5d38"


def announced(emulator: SonoffEmulator, txt: dict[str, str] | None = None) -> Sighting:
    """Return the sighting of what a device announces, by default now."""
    address = Address(emulator.host, emulator.port)
    values = {"txt": emulator.txt if txt is None else txt}
    return Sighting("mdns", SERVICE_TYPE, address, emulator.name, values)


def matched(sighting: Sighting) -> Match:
    """Return what the driver makes of a sighting."""
    [found] = [each.match for each in match(sighting) if each.driver is Sonoff]
    return found


def known(emulator: SonoffEmulator) -> Record:
    """Return the record of a device that has been discovered."""
    found = matched(announced(emulator))
    return Record(Identity(found.unique_id), (found.address,), fields=dict(found.fields))


def listen(device: Device, emulator: SonoffEmulator, *, now: bool = True) -> None:
    """Have a device get what the emulator announces, `now` what it has announced before, too."""

    def hear(txt: dict[str, str]) -> None:
        sighting = announced(emulator, txt)
        device.sighted(sighting, matched(sighting))

    emulator.on_change = hear
    device.observer.on_listening = lambda _host: hear(emulator.txt)
    device.observer.on_reading = device.observer.on_listening
    if now:
        hear(emulator.txt)


@asynccontextmanager
async def driven_sonoff(
    emulator: SonoffEmulator, *, key: str | None = None, record: Record | None = None, **more: Any
) -> AsyncGenerator[Device]:
    """Drive a device with its key, or another one; it is heard."""
    secrets = {"key": key} if (key := emulator.key if key is None else key) else {}
    device = Device(Sonoff, record or known(emulator), secrets=secrets, **more)
    device.start()
    try:
        listen(device, emulator)
        await until(lambda: device.available, lambda: device.connection.reason)
        yield device
    finally:
        await device.stop()
