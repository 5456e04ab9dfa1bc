"""Devices that fall silent, on every transport: noticed in time, named, and found where they went.

Three hosts have one device of each family, in a program each: one host goes silent untouched, one
while its devices are told something, and the third's program hangs, all at the same moment.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
import signal
import warnings

import pytest
import pytest_asyncio

from tests.emulators.kasa import PACKAGE, missing as kasa_lacks
from tests.real.client import until

from .allowance import allowed
from .home import Home, figures
from .lab import lan as make_lan
from .town import Crowd, Times, Town

SILENT, COMMANDED, HANGING = 1, 2, 3
NOTICED = 10.0
"""Seconds in which a silent death is noticed without traffic of ours."""
AFTER_COMMAND = 3.5
HANGS = 30.0
FROZEN = 3.5
"""Seconds that one call for several devices may take."""
LASTING = ("json_bulb", "yeelight", "wiz")
ONE_BY_ONE = ("kasa",)
LIGHTS, PLUGS = ("upnp_light",), ("rest_switch", "wemo")


def kasa_folder(request: pytest.FixtureRequest) -> Path | None:
    folder = Path(request.config.cache.mkdir("kasa-simulator"))
    if kasa_lacks() or not (folder / "node_modules" / PACKAGE.partition("@")[0]).exists():
        message = f"Kasa is NOT tested when silent: no node, or {PACKAGE} not installed yet"
        warnings.warn(message, stacklevel=1)
        return None
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(
    own_network: None, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncGenerator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            kasa = kasa_folder(request)
            numbers = (SILENT, COMMANDED, HANGING)
            crowds = [Crowd(lan.join(), number, folder, kasa) for number in numbers]
            for crowd in crowds:
                await crowd.start()
                stack.push_async_callback(crowd.stop)
            town = Town(await stack.enter_async_context(Home(lan, folder)), crowds)
            await asyncio.gather(*(town.add(c, f) for c in crowds for f in c.families))
            await town.die()
            yield town
            assert not town.home.complaints()


def shown(what: str, times: Times) -> None:
    for family, seconds in times.items():
        figures(f"{family}: {what}", [seconds], "s")


async def test_silent_death_is_noticed_without_traffic_of_ours(town: Town) -> None:
    times = town.took[SILENT]
    shown("silent, unavailable after", times)
    assert {f: s for f, s in times.items() if s > allowed(NOTICED)} == {}


async def test_silent_death_is_noticed_after_a_command(town: Town) -> None:
    times = town.took[COMMANDED]
    shown("silent and told something, unavailable after", times)
    shown("the call failed after", town.answered)
    assert {f: s for f, s in times.items() if s > allowed(AFTER_COMMAND)} == {}
    assert {f: s for f, s in town.answered.items() if s > allowed(AFTER_COMMAND)} == {}


async def test_a_program_that_hangs_is_noticed(town: Town) -> None:
    times = town.took[HANGING]
    shown("its program hangs, unavailable after", times)
    assert {f: s for f, s in times.items() if s > allowed(HANGS)} == {}


async def test_moved_without_a_reload(town: Town) -> None:
    crowd, home = town.silent, town.home
    await town.available(crowd, crowd.families)
    shown("started elsewhere, available after", town.returned)
    for entry_id in crowd.entries.values():

        async def stored(entry_id: str = entry_id) -> bool:
            return bool(home.stored_entries()[entry_id]["data"]["host"] == crowd.host.address)

        await until(stored, f"{entry_id} is stored at its new address", 20)
    mine = set(crowd.entries.values())
    assert {state for entry_id, state in home.entry_states if entry_id in mine} <= {"loaded"}


async def test_one_call_for_devices_of_which_some_hang(town: Town) -> None:
    frozen, healthy = town.hanging, town.commanded
    frozen.signal(signal.SIGCONT)
    for crowd in (frozen, healthy):
        await town.available(crowd, crowd.families)
    groups = [g for g in (LASTING, ONE_BY_ONE, LIGHTS, PLUGS) if set(g) <= {*frozen.families}]
    for group in groups:
        await town.turn(group, on=False)
    frozen.signal(signal.SIGSTOP)
    took = await asyncio.gather(*(town.fails(group) for group in groups))
    for group, seconds in zip(groups, took, strict=True):
        figures(f"{', '.join(group)}: one call, some hang, returned after", [seconds], "s")
    for group, seconds in zip(groups, took, strict=True):
        assert seconds < allowed(FROZEN), group
