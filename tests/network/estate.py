"""A home with vaults: what its owner and its devices do, and what is to be true afterwards."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
import itertools
import json
import random
import signal
import time
from typing import Any, Self

import aiohttp

from tests.real.client import Json, RefusedError, until

from .belongings import Belonging, Fact, value
from .home import Home
from .household import BULBS
from .lab import HERE
from .owner import Owner
from .vault import Vault

OUTSET = 6
"""Vaults that are there at first."""
MOST_PARTS = 3
LIVES = (0.6, 1.5, 3.0)
"""Seconds from the first change to the last, at most."""
CALM = (0.0, 0.0, 1.5, 3.0)
"""Seconds from the last change to the kill, at most: entries are stored, registries are not."""
ENDS = 1.5
"""Seconds that Home Assistant has to stop by itself, at most."""
STARTS = 4.0
"""Seconds of a start in which it is killed, at most."""

type Work = Callable[[Belonging], Coroutine[Any, Any, None]]
type Piece = Callable[[], Coroutine[Any, Any, None]]


class Estate:
    """A home with vaults and a bulb."""

    def __init__(self, home: Home, seed: int) -> None:
        self.home = home
        self.random = random.Random(seed)
        self.belongings: list[Belonging] = []
        self.told, self.lost = 0, list[float]()
        """How often something was told as done, and for what was lost, how long before the kill."""
        self._numbers = itertools.count(1)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.bulb = await self.home.emulator("json_bulb", BULBS[0], "Bulb")
        await self.home.add(self.bulb)
        vaults = [await self.new() for _ in range(OUTSET)]
        await asyncio.gather(*(self.pair(one) for one in vaults))
        await self.home.restart()  # all is stored, the registries too
        self.read()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def owner(self) -> Owner:
        return Owner(self.home.client)

    @property
    def kept(self) -> list[Belonging]:
        """Those with an entry."""
        return [b for b in self.belongings if b.entry]

    async def new(self) -> Belonging:
        vault = await self._stack.enter_async_context(Vault(next(self._numbers), HERE))
        self.belongings.append(made := Belonging(vault))
        return made

    # what goes on

    async def pair(self, one: Belonging) -> None:
        told = one.change("there", wanted=True)
        await self.owner.pair(one.vault)
        told()

    async def log_in_again(self, one: Belonging) -> None:
        one.vault.revoke()
        told = one.change("token", None)
        await self.owner.log_in_again(one.entry_id)
        told()

    async def reconfigure(self, one: Belonging) -> None:
        (port,) = set(one.vault.ports) - {value(one.entry, "port")}
        told = one.change("port", port)
        await self.owner.move(one.entry_id, one.vault, port)
        told()

    async def light(self, one: Belonging) -> None:
        told = one.change("lamp", not value(one.entry, "lamp"))
        await self.owner.light(one.entry_id, on=not value(one.entry, "lamp"))
        told()

    async def remove(self, one: Belonging) -> None:
        told = one.change("there", wanted=False)
        await self.owner.remove(one.entry_id)
        told()

    async def regroup(self, one: Belonging, more: int) -> None:
        one.vault.have((one.vault.parts + more) % (MOST_PARTS + 1))

    async def move_bulb(self) -> None:
        await self.bulb.move(self.home.free_address())

    async def storm(self) -> None:
        """Do a bit of everything, and kill Home Assistant somewhere in it."""
        self._ending = False
        life = self.random.uniform(0.05, self.random.choice(LIVES))
        out = [b for b in self.belongings if not b.entry]
        while len(out) < 2:
            out.append(await self.new())
        some = self.random.sample(self.kept, min(6, len(self.kept)))
        works: list[Work] = [self.remove, self.log_in_again, self.light, self.reconfigure]
        works += [partial(self.regroup, more=self.random.randint(1, MOST_PARTS)) for _ in range(2)]
        todo = [*zip(works, some, strict=False), *((self.pair, b) for b in out[:2])]
        pieces: list[Piece] = [partial(work, b) for work, b in todo]
        tasks = [
            asyncio.create_task(self._later(life, piece)) for piece in (*pieces, self.move_bulb)
        ]
        await asyncio.sleep(life + self.random.uniform(0, self.random.choice(CALM)))
        self._ending = True
        if self.random.random() < 1 / 3:
            self.home.home_assistant.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(self.random.uniform(0, ENDS))
        self.killed = time.time()
        await self.home.kill()
        for task in tasks:
            task.cancel()
        for error in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(error, Exception):
                raise error

    async def _later(self, life: float, piece: Piece) -> None:
        await asyncio.sleep(self.random.uniform(0, life))
        try:
            await piece()
        except aiohttp.ClientError, OSError, RefusedError:
            if not self._ending:
                raise

    async def start_killed(self) -> None:
        """Start Home Assistant, and kill it before it is done with it."""
        self.home.home_assistant.launch()
        await asyncio.sleep(self.random.uniform(0, STARTS))
        await self.home.kill()

    # what is to be after it

    def read(self) -> None:
        """Compare what is stored with what was told; what is stored is what counts from now on."""
        storage = self.home.home_assistant.config / ".storage"
        written = (storage / "core.config_entries").stat().st_mtime
        stored = {e["unique_id"]: e for e in self.home.stored_entries().values()}
        for one in self.belongings:
            before, one.entry = one.facts, stored.get(one.vault.id, {})
            one.facts = {}
            for name, fact in before.items():
                if one.entry or name == "there":
                    self.compare(one, name, fact, written)

    def compare(self, one: Belonging, name: str, fact: Fact, written: float) -> None:
        now = value(one.entry, name)
        self.told += bool(fact.told)
        if name == "token":  # we store it at once
            assert not fact.told or self.token(one) in one.vault.tokens
            return
        assert fact.may_be(now, written), f"{one.vault.id}: {name} is {now}: {fact}"
        if fact.lost(now):
            self.lost.append(self.killed - fact.told)

    def token(self, one: Belonging) -> str:
        """Return by what a vault would be opened after a start."""
        record = self.home.home_assistant.config / f".storage/lan_edge.{one.entry_id}"
        kept = json.loads(record.read_text())["data"]["secrets"] if record.exists() else {}
        return str({**one.entry["data"]["secrets"], **kept}["token"])

    async def check(self) -> None:
        """See that every entry works, and that nothing is there without an entry."""
        await asyncio.gather(*(self.works(b) for b in self.kept))
        await self.home.wait_available(self.bulb)
        await self.home.works(self.bulb)
        assert self.records() <= self.entry_ids() | {"listener"}

    async def works(self, one: Belonging) -> None:
        if self.token(one) not in one.vault.tokens:
            await self.owner.log_in_again(one.entry_id)
        client = self.home.client
        entity_id = f"switch.{one.vault.id.replace('-', '_')}"
        for on in (True, False):
            await until(partial(self._available, entity_id), f"{entity_id} is there", 30)
            await client.call(f"switch.turn_{'on' if on else 'off'}", entity_id)
            assert one.vault.on is on
        await until(partial(self._whole, one), f"{one.vault.id} has its parts, and no others", 10)
        assert one.vault.lamp == value(one.entry, "lamp")

    async def _available(self, entity_id: str) -> bool:
        try:
            return (await self.home.client.state(entity_id))["state"] in ("on", "off")
        except RefusedError:
            return False

    async def _whole(self, one: Belonging) -> bool:
        """Tell whether the registries have what the vault has, and nothing else."""
        parts = 1 + one.vault.parts
        entities = await self.home.client.entities(one.entry_id)
        devices = [d for d in await self.devices() if d["config_entry_id"] == one.entry_id]
        return len(entities) == parts and len(devices) == parts

    async def devices(self) -> list[Json]:
        found: list[Json] = await self.home.client.command("config/device_registry/list")
        return found

    def records(self) -> set[str]:
        """Return the ids of the entries that we keep a record of."""
        storage = self.home.home_assistant.config / ".storage"
        return {p.name.split(".")[1] for p in storage.glob("lan_edge.*")}

    def entry_ids(self) -> set[str]:
        return {b.entry_id for b in self.kept} | {self.bulb.entry_id}

    async def tidy(self) -> bool:
        """Tell whether the registries have nothing of what has no entry."""
        ours = self.entry_ids()
        entities = await self.home.client.command("config/entity_registry/list")
        left = [
            e for e in entities if e["platform"] == "lan_edge" and e["config_entry_id"] not in ours
        ]
        devices = [
            d for d in await self.devices() if is_ours(d) and d["config_entry_id"] not in ours
        ]
        return not left and not devices


def is_ours(device: Json) -> bool:
    return any(domain == "lan_edge" for domain, _ in device["identifiers"])
