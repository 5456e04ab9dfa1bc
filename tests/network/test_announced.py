"""Beacons, a probe by group, state in mDNS records: a real Home Assistant on a real network.

The light and the switch are of bundled families; the driver of the pump is the example of
docs/discovery.md, as a file of the user's.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
import shutil
import time
from typing import Any

import pytest
import pytest_asyncio

from tests.emulators.garden_pump import GardenPumpEmulator
from tests.emulators.govee import GoveeEmulator
from tests.emulators.sonoff import SonoffEmulator
from tests.real.process import REPOSITORY

from .allowance import allowed
from .family import POLLED, Families, Family
from .home import SEARCHED, Home, figures
from .lab import lan as make_lan

LATE = "garden_pump.py"
"""The one that is put there while Home Assistant runs."""
PUMP, LIGHT, SWITCH = "Pump 2233", "Govee H6072", "Sonoff 1000abcdef"
MOVED = 8.0
"""Seconds in which a change of one that has moved is seen: its old address is asked first."""
ANNOUNCED = 1.0
"""Seconds from a change to its being seen."""


async def turn_pump(device: GardenPumpEmulator, on: bool) -> None:
    device.change(running=on)


async def turn_light(device: GoveeEmulator, on: bool) -> None:
    device.light["onOff"] = int(on)


def all_announced() -> list[Family]:
    """Return one of each kind."""
    return [
        Family(
            PUMP,
            {SEARCHED},
            lambda host: GardenPumpEmulator(host, 38200, to="255.255.255.255"),
            lambda device: bool(device.running),
            turn_pump,
        ),
        Family(
            LIGHT,
            {SEARCHED},
            GoveeEmulator,
            lambda device: bool(device.state["onOff"]),
            turn_light,
            pushes=False,
        ),
        Family(SWITCH, {SEARCHED}, lambda host: SonoffEmulator(host, 8081, announce=True)),
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def families(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Families]:
    folder = tmp_path_factory.mktemp("announced")
    drivers = folder / "config/lan_edge/drivers"
    drivers.mkdir(parents=True)
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            for family in (wanted := all_announced()):
                await family.join(lan, stack)
            made = Families(await stack.enter_async_context(Home(lan, folder)))
            at = time.monotonic()
            shutil.copy(REPOSITORY / "docs/examples" / LATE, drivers)
            await asyncio.gather(*(made.find(family) for family in wanted))
            figures("all cards after", [time.monotonic() - at], "s")
            await asyncio.gather(*(made.add(family) for family in wanted))
            yield made


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def no_complaints(families: Families) -> AsyncGenerator[None]:
    yield
    assert not families.home.complaints()


async def test_each_does_as_told(families: Families) -> None:
    for title, family in families.all.items():
        times = [await families.obeys(family, on=on) for on in (True, False, True, False)]
        figures(f"{title}: told and done", times)


@pytest.mark.parametrize("title", [PUMP, SWITCH])
async def test_what_it_announces_is_followed(families: Families, title: str) -> None:
    family = families.all[title]
    times = [await families.follows(family, on=on) for on in (True, False) * 5]
    median, _ = figures(f"{title}: changed at the device, seen after", times)
    assert median < allowed(ANNOUNCED)


async def test_a_device_that_appears_has_a_card_by_its_beacon(families: Families) -> None:
    late = Family(
        "Pump 4567",
        {SEARCHED},
        lambda host: GardenPumpEmulator(host, 38200, serial="GP-01234567", to="255.255.255.255"),
    )
    async with AsyncExitStack() as stack:
        at = time.monotonic()
        await late.join(families.home.lan, stack)
        await families.find(late)
        after = families.found_at["Pump 4567"] - at
        figures("Pump: started, card by its beacon after", [after])
        assert after < allowed(2)


async def test_a_change_that_nobody_heard_is_known_at_the_next_connection(
    families: Families,
) -> None:
    switch = families.all[SWITCH]

    async def change_unheard(device: SonoffEmulator) -> None:
        device.mute = True
        await device.change(on=True)
        device.mute = False

    await switch.turned(on=False)
    await families.home.client.wait_for_state(switch.entity_id, "off")
    await switch.resident.do(change_unheard)
    reload = f"/api/config/config_entries/entry/{switch.entry_id}/reload"
    await families.home.client.request("POST", reload)
    await families.home.client.wait_for_state(switch.entity_id, "on", patience=10)


async def test_a_switch_that_moves_is_followed(families: Families) -> None:
    switch, address = families.all[SWITCH], families.home.free_address()
    switch.host.move(address)

    async def moved(device: SonoffEmulator) -> None:
        await device.move(address)

    await switch.resident.do(moved)
    seen = await families.follows(switch, on=not await switch.is_on(), patience=POLLED)
    figures("Switch: moved, and changed there, seen after", [seen])
    assert seen < allowed(MOVED)


async def test_what_a_stranger_announces_of_it_changes_nothing(families: Families) -> None:
    pump = families.all[PUMP]
    await pump.turned(on=False)
    await families.home.client.wait_for_state(pump.entity_id, "off")
    forger = Family(
        "Forger",
        set(),
        lambda host: GardenPumpEmulator(host, 38200, to="255.255.255.255"),
        turn=turn_pump,
    )
    async with AsyncExitStack() as stack:
        await forger.join(families.home.lan, stack)
        before = time.monotonic()
        for _ in range(20):
            await forger.turned(on=True)
        await pump.turned(on=True)
        await families.home.client.wait_for_state(pump.entity_id, "on")
        await pump.turned(on=False)
        await families.home.client.wait_for_state(pump.entity_id, "off")
        for _ in range(20):
            await forger.turned(on=True)
        await asyncio.sleep(1)
        state: Any = await families.home.client.state(pump.entity_id)
        assert state["state"] == "off"
        assert not any(
            c.state == "unavailable" and c.entity_id == pump.entity_id and c.at > before
            for c in families.home.changes
        )
