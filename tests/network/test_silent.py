"""Devices that fall silent, on every transport: noticed in time, named, and found where they went.

Three hosts have one device of each family, in a program each: one host goes silent untouched, one
while its devices are told something, and the third's program hangs, all at the same moment.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
import os
from pathlib import Path
import signal
import sys
import time
import warnings

import pytest
import pytest_asyncio

from tests.emulators.kasa import PACKAGE, missing as kasa_lacks
from tests.real.client import RefusedError, until
from tests.real.process import Process

from .crowd import IDS, unique_id
from .home import Home, figures
from .lab import Host, lan as make_lan

SILENT, COMMANDED, HANGING = 1, 2, 3
NOTICED = 10.0
"""Seconds in which a silent death is noticed without traffic of ours."""
AFTER_COMMAND = 3.5
HANGS = 30.0
FROZEN = 3.5
"""Seconds that one call for several devices may take."""
BY_HTTP = 16.0
"""The same where a device is asked by HTTP: three tries of 5 s."""
LASTING = ("json_bulb", "yeelight", "wiz")
ONE_BY_ONE = ("kasa",)
LIGHTS, PLUGS = ("upnp_light",), ("rest_switch", "wemo")
HTTP = (*LIGHTS, *PLUGS)
PATIENCE = 60.0
"""Seconds until all is well again: what announces nothing is searched for after 5 and 30 s."""
FLOW = "/api/config/config_entries/flow"
KINDS = ("light", "switch", "climate")
CALLS = {"light": "light.turn_on", "switch": "switch.turn_on", "climate": "climate.set_hvac_mode"}

type Times = dict[str, float]


@dataclass
class Crowd:
    """The devices of one host, and what Home Assistant has of them."""

    host: Host
    number: int
    folder: Path
    kasa: Path | None
    entries: dict[str, str] = field(default_factory=dict[str, str])
    entities: dict[str, str] = field(default_factory=dict[str, str])
    names: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def families(self) -> list[str]:
        """What there is of it."""
        return [family for family in IDS if family != "kasa" or self.kasa]

    async def start(self) -> None:
        """Start its program where its host is now."""
        words = (str(self.number), self.host.address, *([str(self.kasa)] if self.kasa else []))
        command = (sys.executable, "-m", "tests.network.crowd", *words)
        log = self.folder / f"crowd-{self.number}.log"
        self.process = Process(*self.host.via, *command, log=log)
        await self.process.printed("ready")

    def signal(self, number: signal.Signals) -> None:
        """Stop or continue its program, and what that started."""
        os.killpg(self.process.pid, number)

    async def stop(self) -> None:
        """End its program, hanging or not."""
        self.process.kill()


class Town:
    """Home Assistant and the crowds, and when what was noticed."""

    def __init__(self, home: Home, crowds: list[Crowd]) -> None:
        self.home = home
        self.silent, self.commanded, self.hanging = self.crowds = crowds
        self.took: dict[int, Times] = {}
        self.answered: Times = {}

    async def add(self, crowd: Crowd, family: str) -> None:
        """Confirm a device's card, and wait until it is there."""
        wanted = unique_id(family, crowd.number)
        client = self.home.client
        card = await client.wait_for_card(lambda c: c["context"].get("unique_id") == wanted, 60)
        step = await client.continue_flow(card["flow_id"])
        while step["type"] == "progress":  # a thermostat pairs first
            await asyncio.sleep(0.2)
            step = await client.request("GET", f"{FLOW}/{card['flow_id']}")
        entry_id = crowd.entries[family] = step["result"]["entry_id"]

        async def entity() -> str | None:
            found = [e["entity_id"] for e in await client.entities(entry_id)]
            return next((e for k in KINDS for e in found if e.startswith(f"{k}.")), None)

        crowd.entities[family] = await until(entity, f"{wanted} has an entity")
        await self.available(crowd, [family])
        state = await client.state(crowd.entities[family])
        crowd.names[family] = state["attributes"]["friendly_name"]

    async def available(self, crowd: Crowd, families: Iterable[str]) -> None:
        """Wait until devices are there."""
        for family in families:
            entity_id = crowd.entities[family]

            async def there(entity_id: str = entity_id) -> bool:
                state = await self.home.client.state(entity_id)
                return bool(state["state"] != "unavailable")

            await until(there, f"{entity_id} is available", PATIENCE)

    async def command(self, crowd: Crowd, family: str) -> float:
        """Tell a device something; return the seconds until the call returned."""
        entity_id, at = crowd.entities[family], time.monotonic()
        kind = entity_id.partition(".")[0]
        mode = {"hvac_mode": "heat"} if kind == "climate" else {}
        with pytest.raises(RefusedError):
            await self.home.client.call(CALLS[kind], entity_id, **mode)
        return time.monotonic() - at

    async def noticed(self, crowd: Crowd, since: float) -> None:
        """Wait until all devices of a crowd are unavailable; note the seconds."""

        async def one(family: str) -> None:
            seen = await self.home.seen_of(
                crowd.entities[family], lambda c: c.state == "unavailable", since, PATIENCE
            )
            self.took.setdefault(crowd.number, {})[family] = seen - since

        await asyncio.gather(*(one(family) for family in crowd.families))

    async def turn(self, families: Iterable[str], *, on: bool) -> None:
        """Tell devices that hang and healthy ones something, in one call."""
        every = [c.entities[f] for f in families for c in (self.hanging, self.commanded)]
        word = "on" if on else "off"
        await self.home.client.call(f"{every[0].partition('.')[0]}.turn_{word}", every)

    async def fails(self, families: Iterable[str]) -> float:
        """See that a call names who failed, and does the rest; return the seconds it took."""
        at = time.monotonic()
        with pytest.raises(RefusedError) as failed:
            await self.turn(families, on=True)
        took, wait = time.monotonic() - at, self.home.client.wait_for_state
        for family in families:
            frozen, healthy = self.hanging.names[family], self.commanded.names[family]
            assert frozen in str(failed.value)
            assert frozen == healthy or healthy not in str(failed.value)
            await wait(self.commanded.entities[family], "on", 1)
            await wait(self.hanging.entities[family], "unavailable", 15)
        return took

    async def die(self) -> None:
        """Have all of it happen at once; note when each was noticed."""
        self.silent.host.silence()
        self.commanded.host.silence()
        self.hanging.signal(signal.SIGSTOP)
        at = time.monotonic()
        families = self.commanded.families
        calls = asyncio.gather(*(self.command(self.commanded, f) for f in families))
        await asyncio.gather(self.noticed(self.silent, at), self.noticed(self.commanded, at))
        self.answered = dict(zip(families, await calls, strict=True))
        hangs = asyncio.create_task(self.noticed(self.hanging, at))
        await self.move()
        await hangs

    async def move(self) -> None:
        """Give the silent ones another address, and the commanded ones their network."""
        self.commanded.host.heal()
        self.silent.process.kill()
        self.silent.host.heal()
        self.silent.host.move(self.home.free_address())
        self.home.entry_states.clear()
        self.moved_at = time.monotonic()
        await self.silent.start()

    @property
    def returned(self) -> Times:
        """The seconds until each of those that moved was available."""
        families = {entity_id: family for family, entity_id in self.silent.entities.items()}
        there = [c for c in self.home.changes if c.state != "unavailable"]
        found: Times = {}
        for change in there:
            if change.at > self.moved_at and change.entity_id in families:
                found.setdefault(families[change.entity_id], change.at - self.moved_at)
        return found


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
    assert {f: s for f, s in times.items() if s > NOTICED} == {}


async def test_silent_death_is_noticed_after_a_command(town: Town) -> None:
    times = town.took[COMMANDED]
    shown("silent and told something, unavailable after", times)
    shown("the call failed after", town.answered)
    assert {f: s for f, s in times.items() if s > AFTER_COMMAND} == {}
    assert {f: s for f, s in town.answered.items() if s > AFTER_COMMAND} == {}


async def test_a_program_that_hangs_is_noticed(town: Town) -> None:
    times = town.took[HANGING]
    shown("its program hangs, unavailable after", times)
    assert {f: s for f, s in times.items() if s > HANGS} == {}


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
    """Those by HTTP have their three tries of 5 s; all others are told of within 3.5 s."""
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
        assert seconds < (BY_HTTP if set(group) <= {*HTTP} else FROZEN)
