"""A home on the LAN of namespaces: a real Home Assistant, and devices each on a host of its own."""

import asyncio
from collections.abc import Callable, Collection
import contextlib
from dataclasses import dataclass, field
import itertools
import json
from pathlib import Path
import socket
import time
from typing import Any, Self

import aiohttp

from tests.real.client import FLOW, Client, Json, RefusedError, Subscription, until
from tests.real.devices import Emulator, Identity, Plug
from tests.real.home_assistant import HomeAssistant

from .complaints import complaints
from .lab import Host, Lan

CONTROL = ("127.0.0.1", 18080)
SEARCHED = "integration_discovery"
ANY_SOCKET = (socket.AF_INET, socket.SOCK_DGRAM, 0)


@dataclass(frozen=True)
class Change:
    """A state that Home Assistant told its clients."""

    at: float
    entity_id: str
    state: str
    attributes: Json

    @classmethod
    def of(cls, at: float, state: Json) -> Self:
        """Read it from a state_changed event."""
        return cls(at, state["entity_id"], state["state"], state["attributes"])

    @property
    def shown(self) -> tuple[str, int | None]:
        """Return what a user sees: the state and, of a light, its level in percent."""
        brightness = self.attributes.get("brightness")
        return self.state, None if brightness is None else round(brightness * 100 / 255)


@dataclass
class Thing:
    """A device on its host, and what Home Assistant has of it."""

    host: Host
    device: Emulator | Plug
    card: Json = field(default_factory=dict)
    entry_id: str = ""
    entity_id: str = ""

    @property
    def emulator(self) -> Emulator:
        """The device, which is one of our emulators."""
        assert isinstance(self.device, Emulator)
        return self.device

    @property
    def title(self) -> str:
        """The device's own name."""
        device = self.device
        return device.identity.name if isinstance(device, Emulator) else device.name

    async def is_on(self) -> bool:
        """Tell whether the device really is on."""
        if isinstance(self.device, Plug):
            return self.device.on
        state = await self.device.state()
        return bool(state["on"])

    async def turn(self, *, on: bool) -> float:
        """Turn it on or off at the device; return when."""
        if isinstance(self.device, Emulator):
            return await self.device.change(on=on)
        self.device.change(on=on)
        return time.monotonic()

    @property
    def running(self) -> bool:
        """Tell whether the device is on."""
        return self.device.process.running

    def kill(self) -> None:
        """End it without a word."""
        self.device.process.kill()

    async def start(self) -> float:
        """Start it where its host is now; return when it was ready."""
        self.device.host = self.host.address
        await self.device.start()
        return time.monotonic()

    async def move(self, address: str) -> float:
        """Move it to another address while it runs; return when it said so."""
        self.host.move(address)
        if isinstance(self.device, Plug):
            self.kill()
            return await self.start()
        self.device.host = address
        started = time.monotonic()
        await self.device.fault(move={"host": address})
        return started

    async def heard(self, after: float, commands: Collection[str]) -> float | None:
        """Return when it got the first of these commands after a moment."""
        log = (await self.emulator.show())["log"]
        return next((r["at"] for r in log if r["at"] > after and r["command"] in commands), None)


class Home:
    """The LAN with Home Assistant and things on it; use it as an async context manager."""

    client: Client

    def __init__(self, lan: Lan, folder: Path) -> None:
        self.lan = lan
        self.folder = folder
        self.home_assistant = HomeAssistant(folder / "config")
        self.things: list[Thing] = []
        self.changes: list[Change] = []
        self.entry_states: list[tuple[str, str]] = []
        """Every change of an entry, as its id and its state: a reload would show here."""
        self._addresses = itertools.count(100)
        self._stack = contextlib.AsyncExitStack()
        self._connection = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.home_assistant)
        await self._connect()
        await self.client.add_lan_edge()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connection.aclose()
        await self._stack.aclose()

    async def restart(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Stop Home Assistant and start it again."""
        await self.stop()
        meanwhile()
        await self.start()

    async def stop(self) -> None:
        """Stop Home Assistant as its owner does."""
        await self._connection.aclose()
        await self.home_assistant.stop()

    async def kill(self) -> None:
        """End Home Assistant at once: it saves nothing more."""
        self.home_assistant.process.kill()
        with contextlib.suppress(OSError, aiohttp.ClientError):
            await self._connection.aclose()

    async def start(self) -> None:
        """Start Home Assistant in the folder it had."""
        await self.home_assistant.start()
        await self._connect()

    async def emulator(self, kind: str, id_: str, name: str, *options: str) -> Thing:
        """Start an emulator on a new host."""
        host = self.lan.join()
        identity = Identity(kind, id_, name, port={"rest_switch": 8080}.get(kind, 5577))
        device = Emulator(
            identity,
            host.address,
            CONTROL,
            self.folder,
            via=host.via,
            make_socket=host.socket,
            options=options,
        )
        return await self._started(host, device)

    async def plug(self, name: str) -> Thing:
        """Start a fauxmo on a new host."""
        host = self.lan.join()
        return await self._started(
            host, Plug(name, host.address, self.folder / "plug", via=host.via)
        )

    def free_address(self) -> str:
        """Return an address that nothing ever had."""
        return f"10.77.0.{next(self._addresses)}"

    async def _started(self, host: Host, device: Emulator | Plug) -> Thing:
        await self._stack.enter_async_context(device)
        return Thing(host, device)

    async def add(self, thing: Thing) -> None:
        """Confirm a thing's discovery card over Home Assistant's API."""
        thing.card = await self.card(thing.title)
        thing.entry_id = await self.confirm(thing.card)
        self.things.append(thing)

        async def entity() -> str | None:
            entities = await self.client.entities(thing.entry_id)
            found = [e["entity_id"] for e in entities]
            return next((e for e in found if e.startswith(("light.", "switch."))), None)

        thing.entity_id = await until(entity, f"{thing.title} has an entity")
        await self.wait_available(thing)

    async def card(self, name: str, patience: float = 60) -> Json:
        """Wait for a device's discovery card."""

        async def card() -> Json | None:
            cards = await self.client.discovered()
            return next((c for c in cards if is_of(c, name)), None)

        return await until(card, f"{name} has a card", patience)

    async def confirm(self, card: Json, *keys: str) -> str:
        """Confirm a discovery card over Home Assistant's API; return the entry's id.

        `keys`: what is entered where it asks for one. All but the last are refused.
        """
        step = await self.enter_keys(card["flow_id"], *keys)
        assert step["type"] == "create_entry", step
        entry_id: str = step["result"]["entry_id"]
        return entry_id

    async def enter_keys(self, flow_id: str, *keys: str) -> Json:
        """Go on in a dialog that may ask for a key, and enter each; return the last step.

        One that was wrong leads to the same question.
        """
        step = await self.client.confirm_card(flow_id)
        for key in keys:
            assert step["step_id"] == "pair_text", step
            [field] = step["data_schema"]
            step = await self.client.wait_out_flow(flow_id, {field["name"]: key})
        return step

    async def enter(self, driver: str, host: str) -> str:
        """Add a device by its address; return the entry's id."""
        menu = await self.client.request("POST", FLOW, {"handler": "lan_edge"})
        form = await self.client.continue_flow(menu["flow_id"], {"next_step_id": "manual"})
        step = await self.client.wait_out_flow(form["flow_id"], {"driver": driver, "host": host})
        assert step["type"] == "create_entry", step
        entry_id: str = step["result"]["entry_id"]
        return entry_id

    async def wait_entity(self, entry_id: str, platform: str) -> str:
        """Wait for an entry's entity of a platform; return its id."""

        async def entity() -> str | None:
            entity_ids = [e["entity_id"] for e in await self.client.entities(entry_id)]
            return next((e for e in entity_ids if e.startswith(f"{platform}.")), None)

        return await until(entity, f"a {platform} of {entry_id}")

    async def wait_available(self, *things: Thing) -> None:
        """Wait until entities are no longer unavailable."""

        async def available() -> bool:
            try:
                states = [await self.client.state(t.entity_id) for t in things]
            except RefusedError:  # Home Assistant has only just started
                return False
            return all(s["state"] in ("on", "off") for s in states)

        await until(available, "all are available", patience=60)

    async def search(self) -> Json:
        """Have the user step search the network, and leave it at that; return where it ends."""
        menu = await self.client.request("POST", FLOW, {"handler": "lan_edge"})
        step = await self.client.wait_out_flow(menu["flow_id"], {"next_step_id": "search"})
        await self.client.request("DELETE", f"{FLOW}/{menu['flow_id']}")
        return step

    async def seen(
        self, thing: Thing, wanted: Callable[[Change], bool], after: float, patience: float = 30
    ) -> float:
        """Return when a change of a thing came, or comes, to the client."""
        return await self.seen_of(thing.entity_id, wanted, after, patience)

    async def seen_of(
        self, entity_id: str, wanted: Callable[[Change], bool], after: float, patience: float = 30
    ) -> float:
        """Return when a change of an entity came, or comes, to the client."""

        async def change() -> float | None:
            return next(
                (
                    c.at
                    for c in self.changes
                    if c.entity_id == entity_id and c.at > after and wanted(c)
                ),
                None,
            )

        return await until(change, f"{entity_id} is seen to change", patience, pause=0.01)

    async def shows(self, thing: Thing, state: str, after: float, patience: float = 30) -> float:
        """Return when a thing's entity was in a state."""
        return await self.seen(thing, lambda c: c.state == state, after, patience)

    async def works(self, thing: Thing, *, polled: bool = False) -> None:
        """See that a thing can be commanded, and that what happens to it is shown.

        One that does not push is asked at once, or left to its poll.
        """
        action = "switch" if thing.entity_id.startswith("switch") else "light"
        for on in (True, False):
            word = "on" if on else "off"
            await self.client.call(f"{action}.turn_{word}", thing.entity_id)
            assert await thing.is_on() is on
            await self.client.wait_for_state(thing.entity_id, word)
            await thing.turn(on=not on)
            if action == "switch" and not polled:
                await self.client.call("homeassistant.update_entity", thing.entity_id)
            opposite = "off" if on else "on"
            await self.client.wait_for_state(thing.entity_id, opposite, patience=15)

    def was_unavailable(self, thing: Thing, after: float) -> bool:
        """Tell whether a thing was shown as unavailable since a moment."""
        return any(
            c.entity_id == thing.entity_id and c.state == "unavailable" and c.at > after
            for c in self.changes
        )

    def stored_entries(self) -> dict[str, Json]:
        """Return the entries of our devices as they are on disk, by id."""
        path = self.home_assistant.config / ".storage/core.config_entries"
        entries = json.loads(path.read_text())["data"]["entries"]
        ours = (e for e in entries if e["domain"] == "lan_edge")
        return {e["entry_id"]: e for e in ours if e["unique_id"] != "lan_edge"}

    def stored_host(self, thing: Thing) -> str:
        """Return the address that is on disk for a thing."""
        try:  # an entry is written a second later, the file at all perhaps as well
            entry = self.stored_entries().get(thing.entry_id)
        except FileNotFoundError:
            return ""
        return str(entry["data"]["host"]) if entry else ""

    def stored_text(self) -> str:
        """Return all that the disk has of our entries."""
        storage = self.home_assistant.config / ".storage"
        records = [p.read_text() for p in storage.glob("lan_edge.*")]
        return json.dumps(self.stored_entries()) + "".join(records)

    async def wait_stored(self, thing: Thing, host: str, patience: float = 20) -> None:
        """Wait until an address is on disk for a thing."""

        async def stored() -> bool:
            return self.stored_host(thing) == host

        await until(stored, f"{thing.title} is stored at {host}", patience)

    def complaints(self) -> list[str]:
        """Return what Home Assistant logged against us since it was started."""
        return complaints(self.home_assistant.process.log.read_text(errors="replace"))

    async def _connect(self) -> None:
        enter = self._connection.enter_async_context
        self.client = await enter(await self.home_assistant.log_in())
        states = await enter(self.client.subscribe(event_type="state_changed"))
        self._follow(states, self._take_state)
        entries = await enter(self.client.subscribe("config_entries/subscribe"))
        self._follow(entries, self._take_entries)

    def _follow(self, subscription: Subscription, take: Callable[[float, Any], None]) -> None:
        async def follow() -> None:
            while True:
                event = await subscription.events.get()
                take(event.at, event.data)

        task = asyncio.create_task(follow())
        self._connection.callback(task.cancel)

    def _take_state(self, at: float, event: Any) -> None:
        if state := event["data"]["new_state"]:
            self.changes.append(Change.of(at, state))

    def _take_entries(self, _at: float, changes: Any) -> None:
        self.entry_states += [(c["entry"]["entry_id"], c["entry"]["state"]) for c in changes]


def announce(host: Host, datagram: bytes) -> None:
    """Multicast an SSDP message from a host."""
    with host.socket(ANY_SOCKET) as sender:
        interface = socket.inet_aton(host.address)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
        sender.sendto(datagram, ("239.255.255.250", 1900))


def figures(what: str, times: Collection[float], unit: str = "ms") -> tuple[float, float]:
    """Print the median and the 95th percentile of times; return them."""
    ordered = sorted(times)
    p50, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    scale = 1000 if unit == "ms" else 1
    if len(ordered) == 1:
        print(f"\n{what}: {p50 * scale:.1f} {unit}")  # noqa: T201
    else:
        spread = f"p50 {p50 * scale:.1f} {unit}, p95 {p95 * scale:.1f} {unit}"
        print(f"\n{what}: {spread}, n={len(ordered)}")  # noqa: T201
    return p50, p95


def is_of(card: Json, name: str) -> bool:
    """Return whether a card is of a device with a name; its title may say more of it."""
    title: str = card["context"].get("title_placeholders", {}).get("name", "")
    return title == name or title.startswith(f"{name} ")


__all__ = ["SEARCHED", "Change", "Home", "RefusedError", "Thing", "announce", "figures"]
