"""One family for each kind of discovery, as devices of this process on hosts of their own."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
import time
from typing import Any
from urllib.parse import urlsplit
import warnings

import pytest

from tests.drivers.upnp_lights import DimmableLight, Light, SwitchPower
from tests.emulators.govee import GoveeEmulator
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.kasa import PACKAGE, KasaSimulator, Simulators, missing as kasa_lacks
from tests.emulators.meross import KEY as MEROSS_KEY, MerossEmulator
from tests.emulators.miot import PORT as MIOT_PORT, TOKEN, MiotEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.sonoff import SonoffEmulator
from tests.emulators.tuya import KEY as TUYA_KEY, TuyaEmulator
from tests.emulators.venstar import VenstarEmulator
from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator
from tests.real.client import RefusedError, until

from .home import SEARCHED, Home
from .lab import Host, Lan
from .resident import Resident

PATIENCE = 5.0
POLLED = 20.0
LEASE = 6
"""Seconds, of a WeMo's subscriptions."""
HOUR = 3600.0
WIZ_PORT = 38899
KASA_PORT = 9999
LIGHT_PORT = 8200
TUYA_PORT = 6668
EVERYBODY = "10.77.0.255"
SONOFF_KEY = "7e1b3a52-4c64-4f4c-9d35-9a0f2b1c8d77"
WRONG, WRONG_TOKEN = "fedcba9876543210", "ffeeddccbbaa99887766554433221100"
OTHER, OTHER_TOKEN = "89abcdef01234567", "cafe0000cafe1111cafe2222cafe3333"
"""Keys that devices have once they are paired anew."""

type Work = Callable[[Any], Awaitable[Any]]


@dataclass
class Family:
    """A device, what it is to Home Assistant, and how it is read and changed by itself."""

    title: str
    """On its card."""
    sources: set[str]
    """How its card may come."""
    make: Callable[[str], Any]
    """Makes its async context manager, at an address."""
    read: Callable[[Any], bool] = lambda device: bool(device.state["on"])
    turn: Callable[[Any, bool], Awaitable[Any]] = lambda device, on: device.change(on=on)
    pushes: bool = True
    callbacks: Callable[[Any], list[str | None]] | None = None
    """The hosts where it sends its events, of one that is subscribed to."""
    keys: tuple[str, ...] = ()
    """What is entered when it is added: wrong keys, and then its own."""
    move: Callable[[Any, str], Awaitable[Any]] = lambda device, to: device.move(to, old="closed")
    """Has it go on at another address of its host."""
    card: dict[str, Any] = field(default_factory=dict)
    entry_id: str = ""
    entity_id: str = ""

    async def join(self, lan: Lan, stack: AsyncExitStack) -> None:
        """Start it on a host of its own."""
        host = lan.join()
        self.resident = Resident[Any](host, lambda: self.make(host.address))
        await stack.enter_async_context(self.resident)

    @property
    def host(self) -> Host:
        """Its host."""
        return self.resident.host

    @property
    def device(self) -> Any:
        """What runs there; to be changed by `do` alone."""
        return self.resident.device

    async def is_on(self) -> bool:
        """Tell whether it really is on."""

        async def read(device: Any) -> bool:
            return self.read(device)

        return await self.resident.do(read)

    async def turned(self, *, on: bool) -> float:
        """Turn it on or off at the device; return when."""
        at = time.monotonic()
        await self.resident.do(lambda device: self.turn(device, on))
        return at

    def told_hosts(self) -> list[str | None]:
        """Return where it sends its events."""
        assert self.callbacks
        return self.callbacks(self.device)


@asynccontextmanager
async def light(host: str) -> AsyncGenerator[Light]:
    made = Light(DimmableLight, host, LIGHT_PORT)
    await made.start()
    await made.announce()
    try:
        yield made
    finally:
        await made.stop()


async def turn_light(device: Light, on: bool) -> None:
    device.set(SwitchPower, "Status", on)


def light_callbacks(device: Light) -> list[str | None]:
    return [urlsplit(url).hostname for url in device.callbacks(SwitchPower)]


def dimmer(host: str) -> WemoEmulator:
    """Return a WeMo with short leases, whose first event is there before it is subscribed to."""
    made = WemoEmulator(host, 49153, kind="dimmer", id="D1", name="Stairs", announce=True)
    made.publisher.lease, made.publisher.early = LEASE, True
    return made


def forgetful(host: str) -> WemoEmulator:
    """Return a WeMo that posts to the hub's port, and knows no path there."""
    made = WemoEmulator(host, 49153, id="S1", name="Forgetful", announce=True)
    made.publisher.lease, made.publisher.plain = LEASE, True
    return made


def wemo_callbacks(device: WemoEmulator) -> list[str | None]:
    return [s.callback.hostname for s in device.publisher.subscribers.values()]


def yeelight(host: str) -> YeelightEmulator:
    """Return one that announces itself when it starts, and never again."""
    made = YeelightEmulator(host, 55443, id="0x0000000000000001", name="Lamp", announce=True)
    made.notify_every = HOUR
    return made


def late_yeelight(host: str) -> YeelightEmulator:
    return YeelightEmulator(host, 55443, id="0x0000000000000002", name="Late", announce=True)


@asynccontextmanager
async def kasa(folder: Path, host: str) -> AsyncGenerator[KasaSimulator]:
    simulators = Simulators(folder)
    try:
        with simulators.broadcasts():
            async with KasaSimulator(simulators, host=host, port=KASA_PORT) as made:
                yield made
    finally:
        simulators.close()


class Families:
    """The home, and the families by title."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.all: dict[str, Family] = {}
        self.found_at: dict[str, float] = {}

    async def find(self, family: Family) -> None:
        """Wait for a family's card."""
        family.card = await self.home.card(family.title)
        self.found_at[family.title] = time.monotonic()

    async def add(self, family: Family) -> None:
        """Confirm its card, and wait until it is there."""
        family.entry_id = await self.home.confirm(family.card, *family.keys)

        async def entity() -> str | None:
            entities = await self.home.client.entities(family.entry_id)
            found = [e["entity_id"] for e in entities if e["entity_category"] is None]
            return next((e for e in found if e.startswith(("light.", "switch."))), None)

        family.entity_id = await until(entity, f"{family.title} has an entity")

        async def available() -> bool:
            with suppress(RefusedError):  # it is registered, and has no state for a moment
                state = await self.home.client.state(family.entity_id)
                return state["state"] in ("on", "off")
            return False

        await until(available, f"{family.title} is available", 30)
        self.all[family.title] = family

    async def follows(self, family: Family, *, on: bool, patience: float = 0) -> float:
        """Change it at the device; return the seconds until Home Assistant's client sees it."""
        at = await family.turned(on=on)
        patience = patience or (PATIENCE if family.pushes else POLLED)
        word = "on" if on else "off"
        seen = await self.home.seen_of(
            family.entity_id, lambda change: change.state == word, at, patience
        )
        return seen - at

    async def obeys(self, family: Family, *, on: bool) -> float:
        """Turn it on or off by Home Assistant; return the seconds until that is done."""
        at = time.monotonic()
        await self.turn(family, on=on)
        done = time.monotonic() - at
        assert await family.is_on() is on, await self.home.client.state(family.entity_id)
        await self.home.client.wait_for_state(family.entity_id, "on" if on else "off")
        return done

    async def turn(self, family: Family, *, on: bool) -> None:
        """Turn it on or off by Home Assistant."""
        kind = family.entity_id.partition(".")[0]
        await self.home.client.call(f"{kind}.turn_{'on' if on else 'off'}", family.entity_id)


def all_families(config: pytest.Config) -> list[Family]:
    """Return one of each; Kasa where there is its simulator, else a warning."""
    made = [
        Family(
            "Hall light",
            {"ssdp"},
            light,
            lambda device: bool(device.get(SwitchPower, "Status")),
            turn_light,
            callbacks=light_callbacks,
        ),
        # what Home Assistant's own search finds, or ours: both look for it
        Family("Stairs", {"ssdp", SEARCHED}, dimmer, callbacks=wemo_callbacks),
        Family("Forgetful", {"ssdp", SEARCHED}, forgetful, callbacks=wemo_callbacks),
        Family("Lamp", {SEARCHED}, yeelight),
        Family("WiZ", {SEARCHED}, lambda _: WizEmulator(host="0.0.0.0", port=WIZ_PORT)),
    ]
    folder = config.cache.mkdir("kasa-simulator")
    if kasa_lacks() or not (folder / "node_modules" / PACKAGE.partition("@")[0]).exists():
        message = f"Kasa is NOT tested on the network: no node, or {PACKAGE} not installed yet"
        warnings.warn(message, stacklevel=1)
    else:
        made.append(Family("Demo", {SEARCHED}, lambda host: kasa(folder, host), pushes=False))
    return made


def further() -> list[Family]:
    """Return those that are tried with others in more detail, or have no switch."""
    return [
        Family("Relay", set(), lambda h: RestSwitchEmulator(h, 8080, name="Relay", announce=True)),
        Family("Bulb", set(), lambda h: JsonBulbEmulator(h, 5577, name="Bulb", announce=True)),
        Family("Stat", set(), lambda h: VenstarEmulator(h, 80, name="Stat", announce=True)),
        Family("Sonoff 1000abcdef", set(), lambda h: SonoffEmulator(h, 8081, announce=True)),
        *with_keys(),
    ]


def with_keys() -> list[Family]:
    """Return those that Home Assistant serves by a cloud, if at all; most want a key."""
    return [
        Family("Govee H6072", {SEARCHED}, GoveeEmulator, pushes=False),
        Family("Sonoff 1000fedcba", {"zeroconf"}, sonoff, keys=(WRONG, SONOFF_KEY)),
        Family("Sonoff 1000d1d1d1", {"zeroconf"}, diy_sonoff),
        Family("Tuya abcd33", {SEARCHED}, lambda h: tuya(h, "3.3"), keys=(WRONG, TUYA_KEY)),
        Family("Tuya abcd34", {SEARCHED}, lambda h: tuya(h, "3.4"), keys=(WRONG, TUYA_KEY)),
        Family("Tuya abcd35", {SEARCHED}, lambda h: tuya(h, "3.5"), keys=(WRONG, TUYA_KEY)),
        Family(
            *("Xiaomi 266842018", {SEARCHED}, xiaomi),
            pushes=False,
            keys=(WRONG_TOKEN, TOKEN),
            move=stay,
        ),
        Family("Meross mss310", {SEARCHED}, meross, pushes=False, keys=(WRONG, MEROSS_KEY)),
    ]


def sonoff(host: str) -> SonoffEmulator:
    return SonoffEmulator(host, 8081, id="1000fedcba", kind="plug", key=SONOFF_KEY, announce=True)


def diy_sonoff(host: str) -> SonoffEmulator:
    """Return one in DIY mode, which nothing tells from another one that says its id."""
    return SonoffEmulator(host, 8081, id="1000d1d1d1", announce=True)


def tuya(host: str, version: str) -> TuyaEmulator:
    """Return a plug of a version of the protocol, which everybody hears."""
    own_id = f"bf0123456789abcdabcd{version.replace('.', '')}"
    made = TuyaEmulator(version=version, host=host, port=TUYA_PORT, id=own_id, announce=True)
    made.beacon_to = EVERYBODY
    return made


def xiaomi(_: str) -> MiotEmulator:
    """Return a plug that a broadcast reaches."""
    return MiotEmulator(host="0.0.0.0", port=MIOT_PORT)


async def stay(_device: MiotEmulator, _address: str) -> None:
    """Do nothing: it is at all addresses of its host."""


def meross(host: str) -> MerossEmulator:
    """Return a plug with a meter, which takes encrypted requests only."""
    made = MerossEmulator(host, 80, model="mss310", encrypts=True, announce=True)
    made.search_host = "0.0.0.0"
    return made
