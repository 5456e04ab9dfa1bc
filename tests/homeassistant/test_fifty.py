"""Fifty devices of a family at once, and a group call of which one device is dead.

Each at an address of its own: what is sent to one host is paced.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple
from unittest.mock import AsyncMock

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import pytest_socket

from lan_edge import Driver
from lan_edge.connection import connection
from lan_edge.drivers.govee import Govee
from lan_edge.drivers.meross import Meross
from lan_edge.drivers.miot import Miot
from lan_edge.drivers.sonoff import Sonoff
from lan_edge.drivers.tuya import Tuya
from tests.emulators.govee import GoveeEmulator
from tests.emulators.meross import KEY as MEROSS_KEY, MerossEmulator
from tests.emulators.miot import TOKEN, MiotEmulator
from tests.emulators.sonoff import SonoffEmulator
from tests.emulators.tuya import KEY, TuyaEmulator
from tests.ports import free_port

from .entries import device_of, new_entry
from .waiting import eventually

COUNT, DEAD = 50, 7
PATIENCE = 60.0
"""Seconds: a busy machine has fifty devices to answer for, and fifty to ask."""


class Member(NamedTuple):
    """One of the devices, and how its entry is made."""

    emulator: Any
    unique_id: str
    data: dict[str, Any]


def sonoff(n: int) -> Member:
    own_id = f"1000{n:06x}"
    return Member(SonoffEmulator(f"127.0.4.{n + 1}", id=own_id), own_id, {})


def tuya(n: int) -> Member:
    own_id, version = f"bf0123456789abcdef{n:04}", ("3.3", "3.4", "3.5")[n % 3]
    record = {"fields": {"device_id": own_id, "version": version}}
    data = {"secrets": {"local_key": KEY}, "record": record}
    return Member(TuyaEmulator(host=f"127.0.6.{n + 1}", id=own_id, version=version), own_id, data)


def govee(n: int) -> Member:
    options: Any = Govee.options
    own_id = f"1f:80:c5:32:32:36:72:{n:02x}"
    emulator = GoveeEmulator(
        f"127.0.5.{n + 1}",
        scan_port=Govee.scan_port,
        answer_port=options.local_port,
        port=options.port,
        id=own_id,
        by_group=False,
    )
    return Member(emulator, own_id, {})


def miot(n: int) -> Member:
    emulator = MiotEmulator(host=f"127.0.7.{n + 1}", did=1000 + n)
    return Member(emulator, emulator.id, {"secrets": {"token": TOKEN}})


def meross(n: int) -> Member:
    own_id = f"48e1e9{n:06x}"
    emulator = MerossEmulator(f"127.0.8.{n + 1}", id=own_id)
    emulator.hides_indicator = True  # it would be a second switch
    return Member(emulator, own_id, {"secrets": {"key": MEROSS_KEY}})


FAMILIES: dict[str, Callable[[int], Member]] = {
    "govee": govee,
    "meross": meross,
    "miot": miot,
    "sonoff": sonoff,
    "tuya": tuya,
}


def patient(options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda driver: replace(options(driver), timeout=PATIENCE / 2)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch, start_discovery: AsyncMock) -> None:
    """Use ports that no other program has, and wait for as long as a busy machine takes."""
    del start_discovery
    pytest_socket.socket_allow_hosts(
        [f"127.0.{n}.{m + 1}" for n in (4, 6, 8) for m in range(COUNT)]
    )
    ports: Any = {"local_port": free_port(), "port": free_port()}
    monkeypatch.setattr(Govee, "options", replace(Govee.options, **ports))
    monkeypatch.setattr(Govee, "scan_port", free_port())
    monkeypatch.setattr(Driver, "confirm_within", PATIENCE / 2)
    monkeypatch.setattr(connection, "DOUBT_TIMEOUT", PATIENCE / 2)
    for driver in (Govee, Meross, Miot, Sonoff, Tuya):
        monkeypatch.setattr(driver, "transport_options", patient(driver.transport_options))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("family", FAMILIES)
async def test_fifty_at_once(hass: HomeAssistant, family: str) -> None:
    members = [FAMILIES[family](n) for n in range(COUNT)]
    entries: list[MockConfigEntry] = []
    try:
        for emulator, unique_id, data in members:
            await emulator.up()
            entries.append(new_entry(hass, family, unique_id, emulator, **data))
        assert await hass.config_entries.async_setup(entries[0].entry_id)  # and of the others
        await eventually(lambda: all(map(is_loaded, entries)), PATIENCE)
        await eventually(lambda: all(device_of(entry).available for entry in entries), PATIENCE)
        domain = "light" if family == "govee" else "switch"
        await eventually(lambda: len(switches(hass, domain)) == COUNT, PATIENCE)
        emulators = [member.emulator for member in members]
        await emulators[DEAD].down()
        try:
            await turn_on(hass, domain)
        except HomeAssistantError as err:  # unless it is known to be unavailable
            assert entries[DEAD].title in str(err)  # noqa: PT017  # there need be none
        on = [emulator.state["on"] for emulator in emulators]
        assert [n for n, is_on in enumerate(on) if not is_on] == [DEAD]
        assert len(switches(hass, domain, "on")) == COUNT - 1
    finally:
        for entry in entries:
            await hass.config_entries.async_unload(entry.entry_id)
        for member in members:
            await member.emulator.down()


def is_loaded(entry: MockConfigEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED


def switches(hass: HomeAssistant, domain: str, *states: str) -> list[str]:
    """Return the entities that switch the devices, in one of these states."""
    wanted = states or ("off", "on")
    return [each.entity_id for each in hass.states.async_all(domain) if each.state in wanted]


async def turn_on(hass: HomeAssistant, domain: str) -> None:
    target = {"entity_id": [each.entity_id for each in hass.states.async_all(domain)]}
    await hass.services.async_call(domain, "turn_on", target, blocking=True)
