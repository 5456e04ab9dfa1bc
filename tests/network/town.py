"""Hosts with a device of each family, and Home Assistant that has them all."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
import os
from pathlib import Path
import signal
import sys
import time
from typing import Any

import pytest

from lan_edge import one_id
from tests.real.client import RefusedError, until
from tests.real.process import Process

from .crowd import IDS, unique_id
from .home import Home
from .lab import Host

PATIENCE = 60.0
"""Seconds until all is well again: what announces nothing is searched for after 5 and 30 s."""
FLOW = "/api/config/config_entries/flow"
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "light": ("light.turn_on", {}),
    "switch": ("switch.turn_on", {}),
    "climate": ("climate.set_hvac_mode", {"hvac_mode": "heat"}),
    "media_player": ("media_player.volume_set", {"volume_level": 0.3}),
}
"""What is told to devices of each kind."""

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
        wanted = one_id(unique_id(family, crowd.number))
        client = self.home.client
        card = await client.wait_for_card(lambda c: c["context"].get("unique_id") == wanted, 60)
        step = await client.confirm_card(card["flow_id"])
        while step["type"] == "progress":  # a thermostat pairs first
            await asyncio.sleep(0.2)
            step = await client.request("GET", f"{FLOW}/{card['flow_id']}")
        entry_id = crowd.entries[family] = step["result"]["entry_id"]

        async def entity() -> str | None:
            found = [e["entity_id"] for e in await client.entities(entry_id)]
            return next((e for k in CALLS for e in found if e.startswith(f"{k}.")), None)

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
        service, data = CALLS[entity_id.partition(".")[0]]
        with pytest.raises(RefusedError):
            await self.home.client.call(service, entity_id, **data)
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
            assert healthy not in str(failed.value).replace(frozen, "")  # it may begin with it
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
