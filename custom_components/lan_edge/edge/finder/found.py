"""The devices that a program has found: connected, and searched for when they are lost."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import override

from ..connection.status import Status
from ..device import Device, Record, Runtime
from ..discovery.hosts import OWN_ADDRESS
from ..discovery.matchers import UdpBeacon
from ..discovery.sighting import Sighting
from ..discovery.udp_beacon import Beacons
from ..driver.driver import AnyDriver
from ..driver.identity import Identity
from ..driver.registry import Candidate, Registry
from ..errors import EdgeError, NotFoundError, UnreachableError
from ..network.address import Address
from ..network.ids import one_id
from .announced import AnnouncedStates
from .connecting import start
from .schedule import SearchSchedule
from .search import Closing, listen_to_mdns, search
from .surroundings import surroundings

ANSWERED = ("ssdp", "probe")
"""The sources of sightings that were sent from the address which they name."""
MAX_DEVICES = 256
"""Devices that are connected at most, unless a program asks for more."""
MAX_CONNECTING = 16
"""New devices that are asked and connected at a time."""
MAX_ASKED = 256
"""New devices that wait for that; any more are left for the next search."""


class FoundDevices(Mapping[str, Device]):
    """The devices that have been found, by id, in whatever spelling; more may be found later."""

    def __init__(
        self,
        registry: Registry,
        ids: Iterable[str] | None,
        hosts: tuple[str, ...],
        *,
        beside_hub: bool = False,
    ) -> None:
        """Find nothing yet; `find` makes one."""
        self._registry = registry
        self._wanted = None if ids is None else {one_id(each): each for each in ids}
        self._surroundings = partial(surroundings, hosts, beside_hub=beside_hub)
        self._runtime = Runtime()
        self._devices: dict[str, Device] = {}
        self._failures: dict[str, EdgeError] = {}
        self._asking: dict[tuple[str, Address], asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(MAX_CONNECTING)
        self._found = asyncio.Event()
        self._beacons = Beacons(self._sighted, self._device_hosts)
        self._mdns: Closing | None = None
        self._announced = AnnouncedStates(self._own_hosts)
        self._lost = set[str]()
        self._schedule = SearchSchedule(self._search, self._needed)

    @override
    def __getitem__(self, unique_id: str) -> Device:
        """Return a device; raise NotFoundError, a KeyError that says why it is not here."""
        known = one_id(unique_id)
        if (device := self._devices.get(known)) is None:
            failure = self._failures.get(known)
            reason = failure or self._why_unknown(known)
            raise NotFoundError(f"{unique_id} has not been found: {reason}") from failure
        return device

    def _why_unknown(self, unique_id: str) -> str:
        if self._wanted is not None and unique_id not in self._wanted:
            return "it was not asked for"
        return "no device with this id was seen"

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._devices)

    @override
    def __len__(self) -> int:
        return len(self._devices)

    @property
    def missing(self) -> tuple[str, ...]:
        """The ids that have not been found yet, as they were given."""
        wanted = (self._wanted or {}).items()
        return tuple(given for unique_id, given in wanted if unique_id not in self._devices)

    @property
    def failures(self) -> Mapping[str, EdgeError]:
        """Why devices that were sighted are not connected, by id or, without one, by address."""
        return MappingProxyType(self._failures)

    async def add(self, device: Device) -> None:
        """Keep a device of the program's own, such as a paired one; it is searched for, too.

        Its record has its id, and where it was proven last. Raises UnreachableError if it cannot be
        connected within 20 s; it is kept nevertheless, and stopped when the block ends.
        """
        await self._keep(one_id(device.identity.unique_id), device)

    async def begin(self, timeout: float) -> None:
        """Search until everything is found, but not longer than `timeout` seconds.

        Without ids, that is one search, and the connection of what it finds.
        """
        around = await asyncio.to_thread(self._surroundings)
        await self._beacons.listen(self._registry.matchers(UdpBeacon), around.hosts)
        around.describe_to(self._registry.hosts)
        self._mdns = listen_to_mdns(self._registry, around, self._announces)
        self._schedule.start()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self.missing:
                    self._found.clear()
                    await self._found.wait()
                if self._wanted is None:
                    await self._schedule.searched.wait()
                    await asyncio.gather(*self._asking.values())

    async def end(self) -> None:
        """Stop searching, and disconnect everything."""
        await self._beacons.close()
        if self._mdns is not None:
            await self._mdns.close()
        await self._announced.close()
        await self._schedule.stop()
        asking = tuple(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await asyncio.gather(*(device.stop() for device in self._devices.values()))
        await self._runtime.close()

    def _announces(self, sighting: Sighting) -> None:
        self._announced.heard(sighting)
        self._sighted(sighting)

    async def _own_hosts(self) -> tuple[str, ...]:
        return tuple((await asyncio.to_thread(self._surroundings)).hosts)

    def _device_hosts(self) -> set[str]:
        addresses = (device.connection.address for device in self._devices.values())
        return {address.host for address in addresses if address is not None}

    # searches

    def _needed(self) -> frozenset[str]:
        """Return what is missing or lost; a device that is only just being connected is neither."""
        for unique_id, device in self._devices.items():
            if device.available:
                self._lost.discard(unique_id)
            elif device.connection.status is Status.WAITING:
                self._lost.add(unique_id)
        return frozenset(self.missing) | self._lost

    async def _search(self) -> None:
        around = await asyncio.to_thread(self._surroundings)
        await search(self._registry, around, self._sighted)

    def _sighted(self, sighting: Sighting) -> None:
        """Pass a sighting on to the device that it is of, or ask and connect a new one."""
        if not (candidates := self._registry.match(sighting)):
            self._note_refused(sighting)
        for candidate in candidates:
            match = candidate.match
            device = self._devices.get(match.unique_id)
            own = device.driver if device is not None else None
            if device and own and candidate.driver.id in {own.id, own.family_id}:
                if sighting.source in ANSWERED:
                    device.connection.sightings.found(match.address)
                device.sighted(sighting, match)
            elif self._may_be_new(candidate):
                self._ask_later(candidate, sighting)

    def _note_refused(self, sighting: Sighting) -> None:
        """Note why a device that would be connected cannot be where it was sighted."""
        for candidate, reason in self._registry.refused(sighting):
            match = candidate.match
            if self._may_be_new(candidate):
                hint = "; beside_hub=True finds devices there" if OWN_ADDRESS in reason else ""
                error = UnreachableError(f"{reason}{hint}")
                self._note_failure(match.unique_id or str(match.address), error)

    def _may_be_new(self, candidate: Candidate) -> bool:
        """Return whether a candidate can be a device that is wanted, and that is not there yet."""
        match = candidate.match
        if match.unique_id:
            return match.unique_id not in self._devices and self._wants(match.unique_id)
        places = {match.address, *match.others}
        return not any(
            device.available and device.connection.address in places
            for device in self._devices.values()
        )

    def _wants(self, unique_id: str) -> bool:
        if self._wanted is not None:
            return unique_id in self._wanted
        return len(self._devices) < MAX_DEVICES

    # new devices

    def _ask_later(self, candidate: Candidate, sighting: Sighting) -> None:
        key = candidate.driver.id, candidate.match.address
        if key not in self._asking and len(self._asking) < MAX_ASKED:
            task = self._asking[key] = asyncio.create_task(self._ask(candidate, sighting))
            task.add_done_callback(lambda _: self._asking.pop(key, None))

    async def _ask(self, candidate: Candidate, sighting: Sighting) -> None:
        """Connect a candidate at the first of its addresses where it answers."""
        match = candidate.match
        name = match.unique_id or str(match.address)
        async with self._slots:
            for address in (match.address, *match.others):
                try:
                    await self._ask_at(candidate, address, sighting)
                except EdgeError as err:
                    self._note_failure(name, err)
                else:
                    self._failures.pop(name, None)
                    return

    def _note_failure(self, name: str, error: EdgeError) -> None:
        if name in self._failures or len(self._failures) < MAX_DEVICES:
            self._failures[name] = error

    async def _ask_at(self, candidate: Candidate, address: Address, sighting: Sighting) -> None:
        """Connect the device that answers at an address, if it is wanted; raise EdgeError."""
        driver, match = candidate.driver, candidate.match
        unique_id = match.unique_id or await _id_at(driver, address)
        if (known := self._devices.get(unique_id)) is not None:
            known.connection.sighted(address)  # it did not say so in what was sighted
        elif unique_id and self._wants(unique_id):
            details = (match.name, match.manufacturer, match.model)
            identity = Identity(unique_id, *details, room=match.room)
            record = Record(identity, fields=dict(match.fields))
            device = Device(driver, record, runtime=self._runtime)
            await device.check(address)
            device.connection.moved(address)
            await self._keep(unique_id, device)
            device.sighted(sighting, match)  # its state may be in there

    async def _keep(self, unique_id: str, device: Device) -> None:
        """Keep a device connected from now on, and search for it when it is lost."""
        device.connection.sightings.on_search_needed = self._schedule.begin_series
        self._devices[unique_id] = device
        self._announced.watch(device, self._sighted)
        await start(device)
        self._found.set()


async def _id_at(driver: AnyDriver, address: Address) -> str:
    """Return the id that the device at an address reports; empty if it has none."""
    return one_id((await Device(driver, Record()).identify(address)).unique_id)
