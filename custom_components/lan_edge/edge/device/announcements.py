"""What a connected device announces, as events for its driver.

A sighting may be forged, also in its sender's address. So it is passed on only if it is from where
the device is connected, not more often than RATE, and proves nothing: it is no sign of life.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from json import dumps

from ..discovery.matcher import Match
from ..discovery.sighting import Sighting
from ..driver.driver import AnyDriver, Driver
from ..errors import EdgeError
from ..network.address import Address
from ..network.hosts import addresses_of, canonical_host
from ..timing.token_bucket import TokenBucket
from .core import DeviceCore

RATE = 10.0
"""Sightings a second that are passed on, and as many at once."""
MAX_WAITING_SIGHTINGS = 4
"""Sightings that wait, the latest of each kind and host."""
MAX_SIGHTING_SIZE = 16 * 1024
"""The most characters of a sighting that is passed on; an mDNS packet has at most 9000 bytes."""
MAX_TRACED = 600
"""Characters of a sighting that are kept for the trace."""

type _Hosts = frozenset[str]


class Announcements:
    """The sightings of one device, passed on to its driver while the device is connected."""

    __slots__ = ("_bucket", "_core", "_count_oddity", "_hosts", "_timer", "_traced", "_waiting")

    def __init__(self, core: DeviceCore, count_oddity: Callable[[str], None]) -> None:
        """Pass on nothing until `begin`."""
        self._core = core
        self._count_oddity = count_oddity
        self._hosts: tuple[str, ...] = ()
        """The IP addresses at which the device is connected."""
        self._waiting: dict[tuple[str, str, _Hosts], Sighting] = {}
        """Those that could not be passed on yet, by source, kind and hosts."""
        self._traced = ""
        """What the trace shows of the last one."""
        self._bucket: TokenBucket | None = None
        self._timer: asyncio.TimerHandle | None = None

    def add(self, sighting: Sighting, match: Match) -> None:
        """Pass on a sighting in its turn, if the driver wants any."""
        if not hears(type(self._core.driver)):
            return
        if _size(sighting) > MAX_SIGHTING_SIZE:
            self._count_oddity("announced too much")
            return
        hosts = frozenset(canonical_host(a.host) for a in (match.address, *match.others))
        key = (sighting.source, sighting.kind, hosts)
        is_elsewhere = hosts.isdisjoint(self._hosts)
        if self._hosts and is_elsewhere:
            self._count_oddity("announced from another address")
        if self._waiting.pop(key, None) and not is_elsewhere:
            self._count_oddity("announced too often")
        self._waiting[key] = sighting
        self._pass_on()
        while len(self._waiting) > MAX_WAITING_SIGHTINGS:
            elsewhere = (k for k in self._waiting if k[-1].isdisjoint(self._hosts))
            del self._waiting[next(elsewhere, next(iter(self._waiting)))]

    async def begin(self, address: Address) -> None:
        """Pass on what is announced from an address, where the device has just been identified.

        What it announced while it was not connected comes first.
        """
        if hears(type(self._core.driver)):
            with suppress(EdgeError):  # a name that is no longer known: nothing is passed on
                self._hosts = await addresses_of(address.host)
            self._pass_on()
            for host in self._hosts[:1]:
                self._core.guard.call(self._core.observer.on_listening, host)

    def read(self) -> None:
        """Have the device asked again for what it announces: the last change may have been lost."""
        for host in self._hosts[:1]:
            self._core.guard.call(self._core.observer.on_reading, host)

    def end(self) -> None:
        """Pass on nothing more: what comes now has to wait for the next connection."""
        self._hosts = ()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _pass_on(self) -> None:
        """Pass on what waits, as far as that is allowed now; the rest a little later."""
        if not self._hosts or self._timer is not None:
            return
        bucket = self._bucket = self._bucket or TokenBucket(RATE)
        for key, sighting in list(self._waiting.items()):
            if key[-1].isdisjoint(self._hosts):
                continue  # it may have moved there
            if bucket.take():
                del self._waiting[key]
                self._deliver(sighting)
            else:
                self._timer = asyncio.get_running_loop().call_later(1 / RATE, self._resume)
                return

    def _resume(self) -> None:
        self._timer = None
        self._pass_on()

    def _deliver(self, sighting: Sighting) -> None:
        core, shown = self._core, _shown(sighting)
        if shown != self._traced:  # else its repetitions would fill the trace
            self._traced = shown
            core.trace.add("sighted", shown)
        core.guard.call(core.driver.on_sighting, sighting)


def _size(sighting: Sighting) -> int:
    groups = sighting.values.values()
    return sum(len(name) + len(text) for fields in groups for name, text in fields.items())


def _shown(sighting: Sighting) -> str:
    values = {name: dict(fields) for name, fields in sighting.values.items()}
    return f"{sighting.source} {sighting.name} {dumps(values, ensure_ascii=False)}"[:MAX_TRACED]


def hears(driver: AnyDriver) -> bool:
    """Return whether a driver is told what its devices announce."""
    return driver.on_sighting is not Driver.on_sighting
