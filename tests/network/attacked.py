"""A real Home Assistant with devices and an attacker, and what is seen of it under attack."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
import json
from pathlib import Path
import sys
import time
from typing import Any

from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator
from tests.real.client import until
from tests.real.process import Process

from .family import WIZ_PORT
from .home import Change, Home
from .lab import HERE, Host, lan as make_lan
from .resident import Resident
from .witness import MB, Witnessed, account

LISTENER = 39500
LATE = 0.05
"""Seconds that the event loop may be late, but for one time in a hundred."""
ROOM = 32 * MB
"""Bytes that an attack may take of the memory, with what Home Assistant takes meanwhile."""
RATE, SECONDS = 5000, 4
UNDER_ATTACK = 3.0
"""Seconds in which half of a device's pushes are seen whatever happens."""
PATIENCE = 10.0
"""Seconds until one counts as lost: what it told is shown with the next one."""
CARDS = 100
BULB = "urn:lan-edge-org:device:JsonBulb:1"
BULB_ID = "2f402f80-da50-11e1-9b23-001788102201"


def shows(state: str, change: Change) -> bool:
    return change.state == state


@dataclass
class Pushing[Device: (WemoEmulator, WizEmulator, YeelightEmulator)]:
    """A device that tells what happens to it, and its entity."""

    resident: Resident[Device]
    kind: str
    entity_id: str = ""

    @property
    def device(self) -> Device:
        """The device itself."""
        return self.resident.device

    async def change(self, *, on: bool) -> None:
        """Turn it on or off at itself."""
        await self.resident.do(lambda device: device.change(on=on))


class Attacked:
    """A home with a relay, a bulb, a WeMo that posts its events, a WiZ, and an attacker."""

    def __init__(
        self, home: Home, wemo: Resident[WemoEmulator], light: Resident[WizEmulator]
    ) -> None:
        self.home = home
        self.wemo = Pushing(wemo, "switch")
        self.light = Pushing(light, "light")
        self.attacker = home.lan.join()
        self.victim = home.lan.join()

    async def added(self) -> None:
        """Add all that there is, and wait until events come."""
        self.relay = await self.home.emulator("rest_switch", "relay-1", "Relay")
        self.bulb = await self.home.emulator("json_bulb", BULB_ID, "Bulb")
        for thing in (self.relay, self.bulb):
            await self.home.add(thing)
        await self.add("Lamp", self.wemo)
        await self.add("WiZ", self.light)

        async def subscribed() -> bool:
            return bool(self.wemo.device.publisher.subscribers) and bool(self.light.device.clients)

        await until(subscribed, "they push", patience=30)

    async def add(self, name: str, pushing: Pushing[Any]) -> None:
        """Confirm a device's discovery card, and wait until its entity shows what it is."""
        home = self.home
        entry = await home.confirm(await home.card(name, 60))

        async def entity() -> str | None:
            found = [e["entity_id"] for e in await home.client.entities(entry)]
            return next((e for e in found if e.startswith(f"{pushing.kind}.")), None)

        pushing.entity_id = await until(entity, f"{name} has an entity")
        word = "on" if pushing.device.state["on"] else "off"
        await home.client.wait_for_state(pushing.entity_id, word)

    async def pushed(self, seconds: float, pushing: Pushing[Any] | None = None) -> list[float]:
        """Change a device at itself, the WeMo, for a while; return how long each was not seen.

        The system may lose an event in such a flood, which a WeMo does not send again.
        """
        pushing = pushing or self.wemo
        times: list[float] = []
        end, on = time.monotonic() + seconds, bool(pushing.device.state["on"])
        while time.monotonic() < end:
            on = not on
            at = time.monotonic()
            await pushing.change(on=on)
            shown = partial(shows, "on" if on else "off")
            try:
                seen = await self.home.seen_of(pushing.entity_id, shown, at, PATIENCE)
            except TimeoutError:
                seen = at + PATIENCE
            times.append(seen - at)
            await asyncio.sleep(0.1)
        return times

    async def attack(
        self, way: str, *how: object, host: str = HERE, by: Host | None = None
    ) -> dict[str, Any]:
        """Have the attacker, or another host, attack the listener; return what it says of it."""
        return await self.run("attacker", way, host, LISTENER, *how, by=by)

    async def run(
        self, program: str, way: str, *how: object, by: Host | None = None
    ) -> dict[str, Any]:
        """Run a program of tests/network at the attacker's; return what it says in the end."""
        words = (sys.executable, "-m", f"tests.network.{program}", way, *map(str, how))
        log = self.home.folder / f"{way}.log"
        process = Process(*(by or self.attacker).via, *words, log=log)
        await process.printed('"ends"', patience=60)
        told: dict[str, Any] = json.loads(process.tail(1))
        print(f"\nattacker, {way}: {told}")  # noqa: T201
        return told


@asynccontextmanager
async def attacked_home(folder: Path) -> AsyncGenerator[Attacked]:
    """Have it all, and no complaint of Home Assistant in the end."""
    with make_lan() as lan:
        home = Home(lan, folder)
        home.home_assistant = Witnessed(home.folder / "config")
        async with home:
            host = lan.join()
            wemo = Resident(
                host,
                lambda: WemoEmulator(host.address, 49153, id="S1", name="Lamp", announce=True),
            )
            # a broadcast has to reach it
            light = Resident(lan.join(), lambda: WizEmulator(host="0.0.0.0", port=WIZ_PORT))
            async with wemo, light:  # they are searched for once there is an entry
                made = Attacked(home, wemo, light)
                await made.added()
                yield made
                assert not home.complaints()


async def released(attacked: Attacked, files: int, tasks: int) -> None:
    """See that Home Assistant has no more open than before."""

    async def same() -> bool:
        now = await account(attacked.home.client)
        return now.files <= files + 2 and now.tasks <= tasks + 5

    await until(same, "all is released", patience=30, pause=0.5)
